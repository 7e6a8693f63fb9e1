/**
 * The table of sessions.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Session } from "../session.ts";
import type { Database } from "./database.ts";

const SELECT = `
  SELECT hash, opened_by, renewed_at, expires_at
  FROM sessions
  WHERE hash = :hash AND expires_at > :now
`;

const INSERT = `
  INSERT INTO sessions (hash, opened_by, renewed_at, expires_at)
  VALUES (:hash, :openedBy, :renewedAt, :expiresAt)
`;

const DELETE_OVER = `
  DELETE FROM sessions
  WHERE expires_at <= :now
`;

/** The newest stay: a browser that is logged in can ask for more of them, and none may fill the disk. */
const DELETE_BEYOND = `
  DELETE FROM sessions
  WHERE hash IN (SELECT hash FROM sessions ORDER BY expires_at DESC LIMIT -1 OFFSET :limit)
`;

const END = `
  UPDATE sessions
  SET expires_at = :at
  WHERE hash = :hash AND expires_at > :at
`;

/** How many sessions there may be. */
const SESSIONS_LIMIT = 1_000;

/** Reads and writes sessions; each call is part of its caller's transaction. */
export class Sessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** See `Store.session()`. */
  find(hash: string, now: Instant): Session | null {
    const row = this.#db.get(SELECT, { hash, now });
    if (row === null) return null;
    return {
      hash: String(row.hash),
      openedBy: String(row.opened_by),
      renewedAt: Number(row.renewed_at),
      expiresAt: Number(row.expires_at),
    };
  }

  /** See `Store.openSession()`. */
  open({ hash, openedBy, renewedAt, expiresAt }: Session, now: Instant): void {
    this.#db.run(DELETE_OVER, { now });
    this.#db.run(INSERT, { hash, openedBy, renewedAt, expiresAt });
    this.#db.run(DELETE_BEYOND, { limit: SESSIONS_LIMIT });
  }

  /** See `Store.endSession()`. */
  end(hash: string, at: Instant): void {
    this.#db.run(END, { hash, at });
  }
}
