/**
 * What the program remembers of its settings and itself, and its tokens.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { StoredToken } from "../store.ts";
import type { Database } from "./database.ts";

/** What can be remembered. */
export type MemoryKey =
  /** Period and grace as they were at the last start, JSON. */
  | "defaults"
  /** Whether mail was set up at the last start. */
  | "mail"
  /** The last flip that there was when an app was forgotten: its id is not given again. */
  | "last flip"
  /** What the links in letters are signed with. */
  | "acknowledge key"
  /** Where the owner listens, for the commands that talk to it. */
  | "owner"
  /** How near the apps are to as many as there may be, as it was last told. */
  | "capacity"
  /** Whether the file is in use, JSON: see use.ts. */
  | "use";

const READ = `
  SELECT value
  FROM memory
  WHERE key = :key
`;

const WRITE = `
  INSERT INTO memory (key, value)
  VALUES (:key, :value)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value
`;

const FORGET_ADMIN_TOKENS = `
  DELETE FROM tokens
  WHERE purpose = 'admin'
`;

const ADD_TOKEN = `
  INSERT INTO tokens (hash, purpose, expires_at)
  VALUES (:hash, :purpose, :expiresAt)
`;

const FIND_ADMIN_TOKEN = `
  SELECT hash
  FROM tokens
  WHERE purpose = 'admin'
`;

const FORGET_EXPIRED = `
  DELETE FROM tokens
  WHERE expires_at <= :now
`;

const FIND_TOKEN = `
  SELECT purpose
  FROM tokens
  WHERE hash = :hash
`;

const USE_UP = `
  DELETE FROM tokens
  WHERE hash = :hash AND purpose = 'pass'
`;

/** Reads and writes what is remembered; each call is part of its caller's transaction. */
export class Memory {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What is remembered, or null. */
  read(key: MemoryKey): string | null {
    const value = this.#db.get(READ, { key })?.value;
    return typeof value === "string" ? value : null;
  }

  /** Remembers something in place of what was. */
  write(key: MemoryKey, value: string): void {
    this.#db.run(WRITE, { key, value });
  }

  /** Keeps a token's hash; see `Store.addToken()`. */
  addToken({ hash, purpose, expiresAt }: StoredToken): void {
    if (purpose === "admin") this.#db.run(FORGET_ADMIN_TOKENS);
    this.#db.run(ADD_TOKEN, { hash, purpose, expiresAt });
  }

  /** Period and grace as they were at the last start, or null if there was none. */
  defaults(): Defaults | null {
    const text = this.read("defaults");
    return text === null ? null : JSON.parse(text);
  }

  /** The hash of the admin token that was made, or null. */
  adminHash(): string | null {
    const hash = this.#db.get(FIND_ADMIN_TOKEN)?.hash;
    return typeof hash === "string" ? hash : null;
  }

  /** What a token was made for, or null if it is unknown. */
  purpose(hash: string): StoredToken["purpose"] | null {
    const known = this.#db.get(FIND_TOKEN, { hash })?.purpose;
    return known === "admin" || known === "pass" ? known : null;
  }

  /** Uses a pass up, and returns whether it was good for something at `now`. */
  usePass(hash: string, now: Instant): boolean {
    this.#db.run(FORGET_EXPIRED, { now });
    return this.#db.run(USE_UP, { hash }).changes === 1;
  }
}
