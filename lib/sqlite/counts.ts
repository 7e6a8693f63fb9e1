/**
 * What SQLite counts as it is written: debts, flips and gaps. By temporary
 * triggers, which are this connection's own and no part of the file: whatever
 * statement writes, it is counted, in the same transaction.
 *
 * @module
 */

import type { FlipReason, StateKind } from "../flip.ts";
import type { GapCause } from "../gap.ts";
import type { DebtState, Figures } from "../store.ts";
import { type Database, integer } from "./database.ts";

/** How many debts are counted in one step: some 3 ms. */
const STEP = 10_000;

/**
 * Where it is counted. Debts that were there before are counted when somebody
 * asks, from the first row on: a start must not wait for it. Until then what
 * becomes of a row is counted only where the count has passed it.
 */
export const COUNTING: readonly string[] = [
  `CREATE TEMP TABLE counted_debts (
    state TEXT PRIMARY KEY,
    debts INTEGER NOT NULL DEFAULT 0,
    -- The last row that is counted.
    up_to INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`,
  `INSERT INTO counted_debts (state) VALUES ('waiting'), ('sent'), ('suppressed'), ('failed')`,
  `CREATE TEMP TRIGGER debt_made AFTER INSERT ON main.debts
  BEGIN
    UPDATE counted_debts
    SET debts = debts + 1
    WHERE state = NEW.state AND up_to >= NEW.id;
  END`,
  `CREATE TEMP TRIGGER debt_moved AFTER UPDATE OF state ON main.debts
  WHEN OLD.state <> NEW.state
  BEGIN
    UPDATE counted_debts
    SET debts = debts + CASE state WHEN NEW.state THEN 1 ELSE -1 END
    WHERE state IN (OLD.state, NEW.state) AND up_to >= NEW.id;
  END`,
  `CREATE TEMP TRIGGER debt_gone AFTER DELETE ON main.debts
  BEGIN
    UPDATE counted_debts
    SET debts = debts - 1
    WHERE state = OLD.state AND up_to >= OLD.id;
  END`,
  `CREATE TEMP TABLE counted_flips (
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    flips      INTEGER NOT NULL,
    PRIMARY KEY (from_state, to_state, reason)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TEMP TRIGGER flip_made AFTER INSERT ON main.flips
  BEGIN
    INSERT INTO counted_flips (from_state, to_state, reason, flips)
    VALUES (NEW.from_state, NEW.to_state, NEW.reason, 1)
    ON CONFLICT DO UPDATE SET flips = flips + 1;
  END`,
  `CREATE TEMP TABLE counted_gaps (
    cause   TEXT PRIMARY KEY,
    gaps    INTEGER NOT NULL,
    deaf_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `INSERT INTO counted_gaps (cause, gaps, deaf_ms)
  SELECT cause, COUNT(*), SUM(ended_at - began_at)
  FROM gaps
  GROUP BY cause`,
  `CREATE TEMP TRIGGER gap_made AFTER INSERT ON main.gaps
  BEGIN
    INSERT INTO counted_gaps (cause, gaps, deaf_ms)
    VALUES (NEW.cause, 1, NEW.ended_at - NEW.began_at)
    ON CONFLICT DO UPDATE SET gaps = gaps + 1, deaf_ms = deaf_ms + excluded.deaf_ms;
  END`,
  `CREATE TEMP TRIGGER gap_grew AFTER UPDATE OF ended_at ON main.gaps
  BEGIN
    UPDATE counted_gaps
    SET deaf_ms = deaf_ms + (NEW.ended_at - NEW.began_at) - (OLD.ended_at - OLD.began_at)
    WHERE cause = NEW.cause;
  END`,
];

const SELECT_STEP_END = `
  SELECT MAX(id) AS last
  FROM (SELECT id FROM debts WHERE id > :after ORDER BY id LIMIT :limit)
`;

const SELECT_COUNTED = `
  SELECT MIN(up_to) AS up_to
  FROM counted_debts
`;

const COUNT_DEBTS = `
  UPDATE counted_debts
  SET up_to = :last,
      debts = debts + (
        SELECT COUNT(*)
        FROM debts AS each
        WHERE each.id > :after AND each.id <= :last AND each.state = counted_debts.state
      )
`;

/** From now on all are counted as they are made. */
const END_COUNT = `
  UPDATE counted_debts
  SET up_to = :last
`;

/** With those of apps that were forgotten, and of flips that were pruned. */
const SELECT_DEBTS = `
  SELECT state, SUM(debts) AS debts
  FROM (
    SELECT state, debts FROM counted_debts
    UNION ALL
    SELECT state, debts FROM forgotten_debts
  )
  GROUP BY state
`;

const SELECT_FLIPS = `
  SELECT from_state, to_state, reason, flips
  FROM counted_flips
`;

const SELECT_GAPS = `
  SELECT cause, gaps, deaf_ms
  FROM counted_gaps
`;

/** Counts; made when no transaction is under way. */
export class Counts {
  readonly #db: Database;
  #isComplete = false;

  constructor(db: Database) {
    this.#db = db;
    for (const sql of COUNTING) db.run(sql);
  }

  /** Counts some of the debts that were there before; returns whether there may be others. */
  step(): boolean {
    if (this.#isComplete) return false;
    const after = integer(this.#db.get(SELECT_COUNTED)?.up_to) ?? 0;
    const last = integer(this.#db.get(SELECT_STEP_END, { after, limit: STEP })?.last);
    if (last === null) this.#db.run(END_COUNT, { last: Number.MAX_SAFE_INTEGER });
    else this.#db.run(COUNT_DEBTS, { after, last });
    this.#isComplete = last === null;
    return !this.#isComplete;
  }

  /** What was counted: complete once {@linkcode step} says so. */
  read(): Pick<Figures, "debts" | "flips" | "gaps"> {
    const debts: Record<DebtState, number> = { waiting: 0, sent: 0, suppressed: 0, failed: 0 };
    for (const row of this.#db.all(SELECT_DEBTS)) debts[row.state as DebtState] = Number(row.debts);
    const flips = this.#db.all(SELECT_FLIPS).map((row) => ({
      from: row.from_state as StateKind,
      to: row.to_state as StateKind,
      reason: row.reason as FlipReason,
      count: Number(row.flips),
    }));
    const gaps = this.#db.all(SELECT_GAPS).map((row) => ({
      cause: row.cause as GapCause,
      count: Number(row.gaps),
      deaf: Number(row.deaf_ms),
    }));
    return { debts, flips, gaps };
  }
}
