/**
 * What an app's explanation hangs on, read in one go.
 *
 * @module
 */

import type { IncidentDebt, KnownApp, OpenIncident, Refusal } from "../known_app.ts";
import type { DebtState } from "../store.ts";
import type { StoredApp } from "./app_row.ts";
import { type Database, integer, type Row } from "./database.ts";
import type { History } from "./history.ts";
import type { RefusedHeartbeats } from "./refused.ts";

/** Index: flips_by_app. */
const SELECT_LAST_FLIP = `
  SELECT at
  FROM flips
  WHERE app = :app
  ORDER BY id DESC
  LIMIT 1
`;

const SELECT_REASON = `
  SELECT reason
  FROM flips
  WHERE id = :flip
`;

/** Index: the debts of a flip. */
const SELECT_DEBTS = `
  SELECT debts.address, debts.state, debts.reason, owed_from, reminded_at, debts.message,
    next_try_at, taken_at
  FROM debts
  LEFT JOIN messages ON messages.id = debts.message
  WHERE flip = :flip
  ORDER BY debts.id
`;

/**
 * Addresses that were refused by the last try of what waits for them. Indexes:
 * messages_waiting, debts_waiting.
 */
const SELECT_REFUSALS = `
  SELECT messages.address, MIN(refused_at) AS since, MAX(reply) AS reply
  FROM messages
  JOIN debts ON debts.message = messages.id AND debts.state = 'waiting'
  WHERE messages.state = 'waiting' AND refused_at IS NOT NULL
  GROUP BY messages.address
`;

/** What it is read from. */
interface Parts {
  readonly db: Database;
  readonly history: History;
  readonly refused: RefusedHeartbeats;
}

/** Reads what explains an app; each call is part of its caller's transaction. */
export class ExplainedApps {
  readonly #db: Database;
  readonly #history: History;
  readonly #refused: RefusedHeartbeats;

  constructor({ db, history, refused }: Parts) {
    this.#db = db;
    this.#history = history;
    this.#refused = refused;
  }

  /** See `Store.explained()`. */
  read(stored: StoredApp): KnownApp {
    const { id: app, flappingSince } = stored;
    const calmFrom = flappingSince === null ? null : this.#history.calmFrom(app);
    return {
      app: stored.app,
      flippedAt: integer(this.#db.get(SELECT_LAST_FLIP, { app })?.at),
      snoozedUntil: stored.snoozedUntil,
      flapping: flappingSince === null || calmFrom === null
        ? null
        : { since: flappingSince, calmFrom },
      incident: this.#incident(stored),
      refusals: this.#db.all(SELECT_REFUSALS).map(refusalOf),
      refused: this.#refused.last(stored),
    };
  }

  #incident({ incident: flip, acknowledgedAt, mutedUntil }: StoredApp): OpenIncident | null {
    if (flip === null) return null;
    const rows = this.#db.all(SELECT_DEBTS, { flip });
    const isSnoozed = rows.some(({ reason }) => reason === "snoozed");
    const reason = this.#db.get(SELECT_REASON, { flip })?.reason;
    return {
      reason: reason === "fail" ? "fail" : "silence",
      acknowledgedAt,
      mute: mutedUntil === null
        ? null
        : { reason: isSnoozed ? "snoozed" : "maintenance", until: mutedUntil },
      debts: rows.map((row) => ({ address: String(row.address), fate: fateOf(row) })),
    };
  }
}

function refusalOf({ address, since, reply }: Row): Refusal {
  return {
    address: String(address),
    since: Number(since),
    reply: reply === null ? null : String(reply),
  };
}

function fateOf(row: Row): IncidentDebt["fate"] {
  const state = row.state as DebtState;
  switch (state) {
    case "waiting":
      return row.message === null
        ? { state: "owed", from: Number(row.owed_from) }
        : { state: "trying", nextTryAt: integer(row.next_try_at) };
    case "sent":
      return { state, takenAt: Number(row.taken_at), isReminded: row.reminded_at !== null };
    case "suppressed":
    case "failed":
      return { state, reason: String(row.reason) };
  }
}
