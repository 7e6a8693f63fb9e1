/** Reads what the service writes, as it writes it, by a connection of its own. */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Instant } from "../../lib/clock.ts";
import type { FlipReason, StateKind } from "../../lib/flip.ts";
import { HeartbeatReader, type StoredHeartbeat } from "./heartbeat_reader.ts";
import { OutboxWitness } from "./outbox_witness.ts";

/** A flip that is on disk. */
export interface FlipRow {
  readonly id: number;
  readonly appId: string;
  readonly at: Instant;
  readonly from: StateKind;
  readonly to: StateKind;
  readonly reason: FlipReason;
}

/** A gap in the ledger. */
export interface GapRow {
  readonly id: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly cause: string;
  readonly moved: number;
}

/** When nobody knew how an app was, that is over. */
export interface DoubtRow {
  readonly id: number;
  readonly appId: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** What has been written since the last look. */
export interface News {
  readonly heartbeats: readonly StoredHeartbeat[];
  readonly flips: readonly FlipRow[];
  readonly gaps: readonly GapRow[];
  readonly doubts: readonly DoubtRow[];
}

const SELECT_FLIPS = `
  SELECT flips.id, app_id AS appId, at, from_state AS "from", to_state AS "to", reason
  FROM flips
  JOIN apps ON apps.id = app
  WHERE flips.id > :after
  ORDER BY flips.id
`;

const SELECT_GAPS = `
  SELECT id, began_at AS "from", ended_at AS "to", cause, moved
  FROM gaps
  WHERE id > :after
  ORDER BY id
`;

const SELECT_DOUBTS = `
  SELECT doubts.id, app_id AS appId, from_at AS "from", to_at AS "to"
  FROM doubts
  JOIN apps ON apps.id = app
  WHERE doubts.id > :after
  ORDER BY doubts.id
`;

const SELECT_MARK = `
  SELECT marked_at AS at
  FROM listening
`;

/** Looks at a database, from its first row on. */
export class Witness implements Disposable {
  readonly #db: DatabaseSync;
  readonly #heartbeats: HeartbeatReader;
  readonly #flips: Tail<FlipRow>;
  readonly #gaps: Tail<GapRow>;
  readonly #doubts: Tail<DoubtRow>;
  readonly #mark: StatementSync;
  /** What is to be mailed. */
  readonly outbox: OutboxWitness;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true });
    this.#heartbeats = new HeartbeatReader(this.#db);
    this.#flips = new Tail(this.#db.prepare(SELECT_FLIPS));
    this.#gaps = new Tail(this.#db.prepare(SELECT_GAPS));
    this.#doubts = new Tail(this.#db.prepare(SELECT_DOUBTS));
    this.#mark = this.#db.prepare(SELECT_MARK);
    this.outbox = new OutboxWitness(this.#db);
  }

  /** What has been written since the last call. */
  look(): News {
    return {
      heartbeats: this.#heartbeats.next(),
      flips: this.#flips.next(),
      gaps: this.#gaps.next(),
      doubts: this.#doubts.next(),
    };
  }

  /** Until when the service has written down that it listened, or null. */
  mark(): Instant | null {
    const at = this.#mark.get()?.at;
    return typeof at === "number" ? at : null;
  }

  /** All rows of a query, for the end of a run. */
  all(sql: string): readonly unknown[] {
    return this.#db.prepare(sql).all();
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/** Rows that are only ever added. */
class Tail<Row extends { readonly id: number }> {
  readonly #select: StatementSync;
  #after = 0;

  constructor(select: StatementSync) {
    this.#select = select;
  }

  next(): readonly Row[] {
    const rows = this.#select.all({ after: this.#after }) as unknown as readonly Row[];
    this.#after = rows.at(-1)?.id ?? this.#after;
    return rows;
  }
}
