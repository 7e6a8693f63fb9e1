/**
 * The SQLite driver with faults: a full disk, a locked file, and the end of a
 * process between two statements. It is real otherwise, and so is the file.
 */

import { DatabaseSync, StatementSync } from "node:sqlite";
import type { Life } from "./life.ts";

/** SQLite's result codes of the faults (https://sqlite.org/rescode.html). */
const CODES = { full: 13, locked: 5 } as const;

/** What is wrong with the disk. */
export type DiskFault = keyof typeof CODES;

interface Known {
  readonly database: DatabaseSync;
  readonly sql: string;
  readonly life: Life;
}

/** Stands between the service and the driver, in this isolate. */
export class Driver implements Disposable {
  /** Whose statements are prepared now; those prepared while it is null are left alone. */
  life: Life | null = null;
  fault: DiskFault | null = null;
  /** How often a fault has come to pass. */
  faults = 0;
  readonly #known = new WeakMap<StatementSync, Known>();
  readonly #originals = {
    prepare: DatabaseSync.prototype.prepare,
    exec: DatabaseSync.prototype.exec,
    run: StatementSync.prototype.run,
    get: StatementSync.prototype.get,
    all: StatementSync.prototype.all,
  };

  constructor() {
    const { prepare, exec, run, get, all } = this.#originals;
    const stirred = (database: DatabaseSync) => this.#stir(database);
    const meet = (statement: StatementSync) => this.#meet(statement);
    const known = this.#known;

    Object.assign(DatabaseSync.prototype, {
      prepare(this: DatabaseSync, sql: string) {
        const life = stirred(this);
        const statement = prepare.call(this, sql);
        if (life !== null) known.set(statement, { database: this, sql, life });
        return statement;
      },
      exec(this: DatabaseSync, sql: string) {
        stirred(this);
        return exec.call(this, sql);
      },
    });
    Object.assign(StatementSync.prototype, {
      run(this: StatementSync, ...parameters: readonly unknown[]) {
        meet(this);
        const result: unknown = Reflect.apply(run, this, parameters);
        // What is on disk stays there, whether or not anyone learns of it.
        const its = known.get(this);
        if (its?.sql === "COMMIT") its.life.stirOrEnd();
        return result;
      },
      get(this: StatementSync, ...parameters: readonly unknown[]) {
        meet(this);
        return Reflect.apply(get, this, parameters);
      },
      all(this: StatementSync, ...parameters: readonly unknown[]) {
        meet(this);
        return Reflect.apply(all, this, parameters);
      },
    });
  }

  /** Does something to a database that is no part of what is simulated. */
  aside<T>(work: () => T): T {
    const { life } = this;
    this.life = null;
    try {
      return work();
    } finally {
      this.life = life;
    }
  }

  [Symbol.dispose](): void {
    const { prepare, exec, run, get, all } = this.#originals;
    Object.assign(DatabaseSync.prototype, { prepare, exec });
    Object.assign(StatementSync.prototype, { run, get, all });
  }

  #stir(database: DatabaseSync): Life | null {
    this.life?.databases.add(database);
    this.life?.stirOrEnd();
    return this.life;
  }

  #meet(statement: StatementSync): void {
    const known = this.#known.get(statement);
    if (known === undefined) return;
    known.life.stirOrEnd();
    if (this.fault === "locked" && known.sql === "BEGIN IMMEDIATE") throw this.#fail("locked");
    if (this.fault === "full" && known.sql === "COMMIT" && known.database.isTransaction) {
      // As SQLite does by itself where there is no room.
      this.#originals.exec.call(known.database, "ROLLBACK");
      throw this.#fail("full");
    }
  }

  #fail(fault: DiskFault): Error {
    this.faults++;
    const text = fault === "full" ? "database or disk is full" : "database is locked";
    return Object.assign(new Error(text), { code: "ERR_SQLITE_ERROR", errcode: CODES[fault] });
  }
}
