/**
 * The ledger of gaps and the listening mark, and what both do to deadlines.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { Instant } from "../clock.ts";
import { type Gap, type GapCause, TOLD_BEYOND } from "../gap.ts";
import { type Database, integer } from "./database.ts";
import { Journal } from "./journal.ts";

/** Rule 8 as gap.ts draws it, for all that a gap before has touched already. Index: apps_excused. */
const EXCUSE_FURTHER = `
  UPDATE apps
  SET excused_at = excused_at + :to - :from, deadline_at = deadline_at + :to - :from
  WHERE deadline_at > :from AND excused_at IS NOT NULL
`;

/**
 * Since when an app is unknown that a gap touches: where the gap began, if its heartbeat was expected
 * by then, and was not there (doubt.ts).
 */
const UNKNOWN_FROM = `
  MAX(
    :from, success_at,
    success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace)
  )
`;

/**
 * The same for all others at once: a start after a night must not take a second.
 * Nearly all have a deadline ahead: along their index a million take 375 ms,
 * along the table 100 ms, as long as what lies far behind in a row is looked at
 * last (tests/bench/).
 */
const EXCUSE = `
  UPDATE apps NOT INDEXED
  SET excused_at = :to, unknown_from = ${UNKNOWN_FROM},
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to
    AND deadline_at > :from
    AND excused_at IS NULL
`;

/** The same for a gap of which nobody knows how long it was. */
const EXCUSE_ALL = `
  UPDATE apps NOT INDEXED
  SET excused_at = :to, unknown_from = COALESCE(unknown_from, :to),
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE deadline_at > :to
`;

/**
 * The same for heartbeats that came before a gap's end and were stored after
 * it: their apps could not be heard again until then.
 */
const EXCUSE_WAITING = `
  UPDATE apps NOT INDEXED
  SET excused_at = :to, unknown_from = ${UNKNOWN_FROM},
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE deadline_at > :from
    AND excused_at IS NULL
    AND success_at < :to
    AND success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to
`;

/**
 * What the clock being set ahead does to the deadlines that this gap does not
 * touch: their apps go on in their own time, and so must the deadline. If it
 * was not set, but the machine slept, the alarm comes later by that once, and
 * a heartbeat is still expected from where it was.
 */
const CARRY_AHEAD = `
  UPDATE apps NOT INDEXED
  SET deadline_at = deadline_at + :to - :from
  WHERE deadline_at > :from AND excused_at IS NULL
    AND success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) > :to
`;

/** What was refused has not been so for longer by it. */
const CARRY_REFUSALS = `
  UPDATE debts
  SET refused_at = refused_at + :to - :from
  WHERE state = 'waiting' AND refused_at IS NOT NULL
`;

const INSERT_GAP = `
  INSERT INTO gaps (began_at, ended_at, cause, moved, is_told)
  VALUES (:from, :to, :cause, :moved, :isTold)
`;

/** Those that touch what came after an instant, the latest of them: a loop that keeps standing still makes many. */
const SELECT_SINCE = `
  SELECT began_at, ended_at, cause
  FROM gaps
  WHERE id > (SELECT MAX(id) FROM gaps) - :limit AND ended_at > :from
  ORDER BY began_at, id
`;

const SELECT_MARK = `
  SELECT marked_at
  FROM listening
`;

const WRITE_MARK = `
  INSERT INTO listening (id, marked_at)
  VALUES (1, :at)
  ON CONFLICT (id) DO UPDATE SET marked_at = excluded.marked_at
`;

const RAISE_MARK = `
  INSERT INTO listening (id, marked_at)
  VALUES (1, :at)
  ON CONFLICT (id) DO UPDATE SET marked_at = MAX(marked_at, excluded.marked_at)
`;

/** The most gaps that are read at once: some 10 ms. */
const GAPS_LIMIT = 10_000;

/** Writes gaps and marks; each call is part of its caller's transaction. */
export class Gaps {
  readonly #db: Database;
  readonly #journal: Journal;
  readonly #onGap: (gap: Gap, moved: number) => void;

  /** @param onGap told of each gap, and of how many deadlines it moved. */
  constructor(db: Database, onGap: (gap: Gap, moved: number) => void) {
    this.#db = db;
    this.#journal = new Journal(db);
    this.#onGap = onGap;
  }

  /**
   * Until when we are known to have listened: the later of the last mark and
   * the last heartbeat that was stored. Null if that was never.
   */
  heardUntil(): Instant | null {
    const markedAt = integer(this.#db.get(SELECT_MARK)?.marked_at);
    const newestAt = this.#journal.newestAt();
    if (markedAt === null || newestAt === null) return markedAt ?? newestAt;
    return Math.max(markedAt, newestAt);
  }

  /** Notes that a heartbeat which came at `at` is stored, and not in the journal. */
  heard(at: Instant): void {
    this.#db.run(RAISE_MARK, { at });
  }

  /** Notes that we have listened up to `at`. */
  mark(at: Instant): void {
    this.#db.run(WRITE_MARK, { at });
  }

  /**
   * Takes a gap that has ended into the ledger, and moves the deadlines that it
   * touched.
   *
   * @param defaults by which the deadlines were set.
   */
  add(gap: Gap, defaults: Defaults): Gap {
    const { from, to, cause } = gap;
    if (cause === "clock") {
      this.#db.run(CARRY_AHEAD, { from, to, ...defaults });
      this.#db.run(CARRY_REFUSALS, { from, to });
    }
    const further = this.#db.run(EXCUSE_FURTHER, { from, to }).changes;
    const moved = further + this.#db.run(EXCUSE, { from, to, ...defaults }).changes;
    this.#enter(gap, { moved, isTold: moved > 0 && to - from > TOLD_BEYOND });
    return gap;
  }

  /**
   * The same for a gap that ended at `at` and of which nobody knows how long it
   * was, for the clock was set back in it: it may have touched every silence.
   */
  addUnmeasured(at: Instant, defaults: Defaults): Gap {
    const { changes } = this.#db.run(EXCUSE_ALL, { to: at, ...defaults });
    const gap: Gap = { from: at, to: at, cause: "off" };
    // How long it was nobody can tell in a letter either.
    this.#enter(gap, { moved: changes, isTold: false });
    return gap;
  }

  /** Gives more time to those whose heartbeats waited through a gap, and were stored after {@linkcode add}. */
  excuseWaiting({ from, to }: Gap, defaults: Defaults): void {
    this.#db.run(EXCUSE_WAITING, { from, to, ...defaults });
  }

  /** See `Store.gapsSince()`. */
  since(from: Instant): readonly Gap[] {
    return this.#db.all(SELECT_SINCE, { from, limit: GAPS_LIMIT }).map((row) => ({
      from: Number(row.began_at),
      to: Number(row.ended_at),
      cause: row.cause as GapCause,
    }));
  }

  #enter(
    { from, to, cause }: Gap,
    { moved, isTold }: { readonly moved: number; readonly isTold: boolean },
  ): void {
    this.#db.run(INSERT_GAP, { from, to, cause, moved, isTold: Number(isTold) });
    this.#onGap({ from, to, cause }, moved);
  }
}
