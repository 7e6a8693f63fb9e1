/**
 * The ledger of gaps and the listening mark, and what both do to deadlines.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { Instant } from "../clock.ts";
import { type Gap, type GapCause, isBrief, TOLD_BEYOND } from "../gap.ts";
import { IS_PUT_OFF } from "./app_row.ts";
import { type Database, integer } from "./database.ts";
import { Journal } from "./journal.ts";

/** The deadline that people could count on, and the gap that put it off first. */
const KEEP_OLD = `
  old_deadline_at = COALESCE(old_deadline_at, deadline_at),
  moved_by = CASE WHEN old_deadline_at IS NULL THEN :gap ELSE COALESCE(moved_by, :gap) END
`;

/** Whether a heartbeat was expected in the gap, of an app that none before has excused. */
const IS_TOUCHED = `
  success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to
    AND deadline_at > :from AND excused_at IS NULL
`;

/**
 * Rule 8 (`excused()` of the core) for all that a gap before has touched
 * already. Index: apps_excused.
 */
const EXCUSE_FURTHER = `
  UPDATE apps
  SET ${KEEP_OLD},
      excused_at = excused_at + :to - :from, deadline_at = deadline_at + :to - :from
  WHERE deadline_at > :from AND excused_at IS NOT NULL
`;

/** The same of a short stall, for those that none has touched. */
const DELAY = `
  UPDATE apps NOT INDEXED
  SET ${KEEP_OLD}, deadline_at = deadline_at + :to - :from
  WHERE ${IS_TOUCHED}
`;

/**
 * Since when an app is unknown that a gap touches: where the gap began, if its heartbeat was expected
 * by then, and was not there (doubt.ts). One that was put off by a set clock may be so already.
 */
const UNKNOWN_FROM = `
  COALESCE(unknown_from, MAX(
    :from, success_at,
    success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace)
  ))
`;

/**
 * The same of a longer one, for all of them at once: a start after a night must not take a second.
 * Nearly all have a deadline ahead: along their index a million take 375 ms,
 * along the table 100 ms, as long as what lies far behind in a row is looked at
 * last (tests/bench/).
 */
const EXCUSE = `
  UPDATE apps NOT INDEXED
  SET ${KEEP_OLD},
      excused_at = :to,
      unknown_from = ${UNKNOWN_FROM},
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE ${IS_TOUCHED}
`;

/** The same for a gap of which nobody knows how long it was. */
const EXCUSE_ALL = `
  UPDATE apps NOT INDEXED
  SET ${KEEP_OLD},
      excused_at = :to,
      unknown_from = COALESCE(unknown_from, :to),
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE deadline_at > :to
`;

/**
 * What the clock being set ahead does to the deadlines that this gap does not
 * touch: their apps go on in their own time, and so must the deadline. If it
 * was not set, but the machine slept, the alarm comes later by that once, and
 * a heartbeat is still expected from where it was.
 */
const CARRY_AHEAD = `
  UPDATE apps NOT INDEXED
  SET ${KEEP_OLD}, deadline_at = deadline_at + :to - :from
  WHERE deadline_at > :from AND excused_at IS NULL
    AND success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) > :to
`;

/** Index: apps_put_off. */
const COUNT_PUT_OFF = `
  SELECT COUNT(*) AS apps
  FROM apps
  WHERE ${IS_PUT_OFF}
`;

/** What was refused has not been so for longer by it. */
const CARRY_REFUSALS = `
  UPDATE debts
  SET refused_at = refused_at + :to - :from
  WHERE state = 'waiting' AND refused_at IS NOT NULL
`;

const INSERT_GAP = `
  INSERT INTO gaps (began_at, ended_at, cause, moved, is_told)
  VALUES (:from, :to, :cause, 0, 0)
`;

const NOTE_MOVED = `
  UPDATE gaps
  SET ended_at = :to, moved = :moved, put_off = :putOff, is_told = :isTold
  WHERE id = :gap
`;

const SELECT_LAST = `
  SELECT id, began_at, ended_at, cause, moved, put_off
  FROM gaps
  WHERE id = (SELECT MAX(id) FROM gaps)
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

/** A gap in the ledger that goes on. */
interface Begun {
  readonly id: number;
  readonly from: Instant;
  readonly moved: number;
  readonly putOff: number;
}

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
   * touched. While the door is shut each commit ends a piece of its gap: the
   * pieces are one row, and move deadlines as the whole would.
   *
   * @param defaults by which the deadlines were set.
   */
  add(gap: Gap, defaults: Defaults): Gap {
    const { from, to, cause } = gap;
    const begun = cause === "unreachable" ? this.#begun(from) : null;
    this.#enter(gap, begun, (id) => {
      const parameters = { gap: id, from, to };
      const further = this.#db.run(EXCUSE_FURTHER, parameters).changes;
      if (cause === "clock") {
        this.#db.run(CARRY_AHEAD, { ...parameters, ...defaults });
        this.#db.run(CARRY_REFUSALS, { from, to });
      }
      const excuse = isBrief(gap) ? DELAY : EXCUSE;
      const touched = this.#db.run(excuse, { ...parameters, ...defaults }).changes;
      // What its pieces before have moved is moved on, and counted already.
      return begun === null ? further + touched : touched;
    });
    return gap;
  }

  /**
   * The same for a gap that ended at `at` and of which nobody knows how long it
   * was, for the clock was set back in it: it may have touched every silence.
   */
  addUnmeasured(at: Instant, defaults: Defaults): Gap {
    const gap: Gap = { from: at, to: at, cause: "off" };
    this.#enter(
      gap,
      null,
      (id) => this.#db.run(EXCUSE_ALL, { gap: id, to: at, ...defaults }).changes,
    );
    return gap;
  }

  /** See `Store.gapsSince()`. */
  since(from: Instant): readonly Gap[] {
    return this.#db.all(SELECT_SINCE, { from, limit: GAPS_LIMIT }).map((row) => ({
      from: Number(row.began_at),
      to: Number(row.ended_at),
      cause: row.cause as GapCause,
    }));
  }

  /**
   * Enters a gap into the ledger, or the next piece of one that goes on, with
   * how many deadlines `move` has moved for it.
   */
  #enter(gap: Gap, begun: Begun | null, move: (gap: number) => number): void {
    const { from, to, cause } = gap;
    const id = begun?.id ?? this.#db.run(INSERT_GAP, { from, to, cause }).id;
    const before = this.#putOff();
    const moved = (begun?.moved ?? 0) + move(id);
    // Of those whose alarm comes more than an hour later people are told one by one.
    const putOff = (begun?.putOff ?? 0) + Math.max(this.#putOff() - before, 0);
    const isTold = Number(moved > putOff && to - (begun?.from ?? from) > TOLD_BEYOND);
    this.#db.run(NOTE_MOVED, { gap: id, to, moved, putOff, isTold });
    if (begun === null) this.#onGap(gap, moved);
  }

  #putOff(): number {
    return Number(this.#db.get(COUNT_PUT_OFF)?.apps);
  }

  /** The row of a door that was shut already at `from`, where this gap goes on; null for none. */
  #begun(from: Instant): Begun | null {
    const last = this.#db.get(SELECT_LAST);
    if (last === null || last.cause !== "unreachable" || last.ended_at !== from) return null;
    return {
      id: Number(last.id),
      from: Number(last.began_at),
      moved: Number(last.moved),
      putOff: Number(last.put_off),
    };
  }
}
