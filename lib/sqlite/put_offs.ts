/**
 * The news that nobody knows how an app is, and what it owes.
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import { PUT_OFF_BEYOND } from "../gap.ts";
import { precedenceOf, type StoredApp } from "./app_row.ts";
import { closeEmpty } from "./closing.ts";
import type { Database } from "./database.ts";

/** With the first gap that moved the deadline; of those after it all that moved any count. */
const INSERT = `
  INSERT INTO put_offs
    (app, at, due_at, deadline_at, gap_from, gap_to, gap_cause, other_gaps, owed_to)
  SELECT
    apps.id, old_deadline_at, old_deadline_at - :grace, deadline_at, began_at, ended_at, cause,
    (SELECT COUNT(*) FROM gaps AS others WHERE others.id > apps.moved_by AND others.moved > 0),
    :owedTo
  FROM apps
  LEFT JOIN gaps ON gaps.id = apps.moved_by
  WHERE apps.id = :app
`;

const INSERT_DEBT = `
  INSERT INTO debts (put_off, address, state, is_down, owed_from, precedence)
  VALUES (:putOff, :address, 'waiting', 0, :now, :precedence)
`;

/** What is promised from now on is the new deadline, and how it is nobody knows since the old one. */
const BEGIN = `
  UPDATE apps
  SET put_off = :putOff, unknown_from = COALESCE(unknown_from, old_deadline_at),
      old_deadline_at = deadline_at, moved_by = NULL, held_until = NULL
  WHERE id = :app
`;

/**
 * Nobody is told while it is kept quiet, and nobody knows how it is all the same. If it is down
 * soon after that, only of that.
 */
const HOLD = `
  UPDATE apps
  SET unknown_from = COALESCE(unknown_from, old_deadline_at),
      held_until = CASE WHEN deadline_at - :until > :soon THEN :until ELSE deadline_at END
  WHERE id = :app
`;

/**
 * Of what is still open. That is not told any more, where it can be kept back
 * once its message is tried again: see owed.ts. Indexes: put_offs_by_app,
 * debts_by_put_off.
 */
const NOTE_OVER = `
  UPDATE debts
  SET over = :over
  WHERE put_off IN (SELECT id FROM put_offs WHERE app = :app AND ended_at IS NULL) AND state <> 'suppressed'
`;

/** What may have reached its address by now stays owed. Indexes: put_offs_by_app, debts_by_put_off. */
const SUPPRESS = `
  UPDATE debts
  SET state = 'suppressed', reason = over
  WHERE put_off IN (SELECT id FROM put_offs WHERE app = :app AND ended_at IS NULL) AND state = 'waiting'
    AND NOT EXISTS (
      SELECT 1
      FROM messages
      WHERE messages.id = debts.message AND (is_frozen = 1 OR messages.state = 'trying')
    )
`;

/** Index: put_offs_by_app. */
const END = `
  UPDATE put_offs
  SET ended_at = :at
  WHERE app = :app AND ended_at IS NULL
`;

/** What ends the news that nobody knows how an app is. */
export type PutOffEnd = "heard" | "down" | "paused" | "ignored";

/** Writes that news; each call is part of its caller's transaction. */
export class PutOffs {
  readonly #db: Database;
  readonly #addresses: readonly string[];

  /** @param addresses who is owed each piece of it. */
  constructor(db: Database, addresses: readonly string[]) {
    this.#db = db;
    this.#addresses = addresses;
  }

  /**
   * Tells of an app whose old deadline has passed. This takes the place of what
   * was to be told of it before, and was not.
   *
   * @param grace how long before that it was due.
   */
  add(stored: StoredApp, grace: Duration, now: Instant): void {
    const addresses = this.#addresses;
    const { id: app } = stored;
    if (stored.putOff !== null) this.#suppress(app, "put off again");
    const { id: putOff } = this.#db.run(INSERT, { app, grace, owedTo: addresses.length });
    const precedence = precedenceOf(stored);
    for (const address of addresses) {
      this.#db.run(INSERT_DEBT, { putOff, address, now, precedence });
    }
    this.#db.run(BEGIN, { putOff, app });
  }

  /** Has it told of only from an instant on, unless it is down soon after that. */
  hold(stored: StoredApp, until: Instant): void {
    this.#db.run(HOLD, { app: stored.id, until, soon: PUT_OFF_BEYOND });
  }

  /** It is known again how the app with this row is, or nobody asks any more. */
  end(app: number, reason: PutOffEnd, at: Instant): void {
    this.#suppress(app, reason);
    this.#db.run(END, { app, at });
  }

  #suppress(app: number, over: PutOffEnd | "put off again"): void {
    this.#db.run(NOTE_OVER, { app, over });
    if (this.#db.run(SUPPRESS, { app }).changes > 0) closeEmpty(this.#db);
  }
}
