/**
 * The ledger of gaps and the listening mark, and what both do to deadlines.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import { DAY, type Duration, type Instant } from "../clock.ts";
import { type Gap, TOLD_BEYOND } from "../gap.ts";
import { type Database, integer } from "./database.ts";

/**
 * Rule 8 as gap.ts draws it, for all apps at once: a start after a night must
 * not take a second. Index: apps_by_deadline.
 */
const EXCUSE = `
  UPDATE apps
  SET excused_at = CASE WHEN excused_at IS NULL THEN :to ELSE excused_at + :to - :from END,
      deadline_at = CASE
        WHEN excused_at IS NULL
          THEN :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
        ELSE deadline_at + :to - :from
      END
  WHERE deadline_at > :from
    AND (
      excused_at IS NOT NULL
      OR success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to
    )
`;

/**
 * What the clock being set ahead does to the deadlines that this gap does not
 * touch: their apps go on in their own time, and so must the deadline. If it
 * was not set, but the machine slept, the alarm comes later by that once, and
 * a heartbeat is still expected from where it was. Index: apps_by_deadline.
 */
const CARRY_AHEAD = `
  UPDATE apps
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

/** The same for a gap of which nobody knows how long it was. Index: apps_by_deadline. */
const EXCUSE_ALL = `
  UPDATE apps
  SET excused_at = :to,
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE deadline_at > :to
`;

/**
 * The same for heartbeats that came before a gap's end and were stored after
 * it: their apps could not be heard again until then. Index: apps_by_deadline.
 */
const EXCUSE_WAITING = `
  UPDATE apps
  SET excused_at = :to,
      deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)
  WHERE deadline_at > :from
    AND excused_at IS NULL
    AND success_at < :to
    AND success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to
`;

const INSERT_GAP = `
  INSERT INTO gaps (began_at, ended_at, cause, moved, is_told)
  VALUES (:from, :to, :cause, :moved, :isTold)
`;

const SELECT_MARK = `
  SELECT marked_at, heartbeat
  FROM listening
`;

const WRITE_MARK = `
  INSERT INTO listening (id, marked_at, heartbeat)
  VALUES (1, :at, (SELECT COALESCE(MAX(id), 0) FROM heartbeats))
  ON CONFLICT (id) DO UPDATE SET marked_at = excluded.marked_at, heartbeat = excluded.heartbeat
`;

/** What was imported was not heard. */
const SELECT_NEWEST_HEARTBEAT = `
  SELECT at
  FROM heartbeats
  WHERE id = (SELECT MAX(id) FROM heartbeats) AND id > :heartbeat AND source_id IS NULL
`;

/** Everything that a deadline or an ended snooze counts from. */
const SHIFT_APPS = `
  UPDATE apps
  SET success_at = success_at - :by, deadline_at = deadline_at - :by,
      excused_at = excused_at - :by, snoozed_until = snoozed_until - :by,
      muted_until = muted_until - :by, flapping_since = flapping_since - :by
`;

const SHIFT_WAITING_DEBTS = `
  UPDATE debts
  SET owed_from = owed_from - :by, refused_at = refused_at - :by
  WHERE state = 'waiting'
`;

/** Index: debts_reminding. */
const SHIFT_REMINDERS = `
  UPDATE debts
  SET reminded_at = reminded_at - :by
  WHERE reminded_at IS NOT NULL
`;

const SHIFT_WAITING_MESSAGES = `
  UPDATE messages
  SET next_try_at = next_try_at - :by, begun_at = begun_at - :by
  WHERE state = 'waiting'
`;

/**
 * What the mail interval counts from: the letters of the last day, and those
 * that would have been taken in time to come.
 */
const SHIFT_TAKEN_MESSAGES = `
  UPDATE messages
  SET taken_at = taken_at - :by
  WHERE state = 'sent' AND taken_at > :since
`;

const SHIFT_SERVER = `
  UPDATE mail_server
  SET next_try_at = next_try_at - :by, failing_since = failing_since - :by
`;

const SHIFT_OCCASIONS = `
  UPDATE occasions
  SET gap_letter_at = gap_letter_at - :by, proof_from = proof_from - :by
`;

/**
 * Gaps that a letter is still to tell of: it counts from their end, and speaks
 * of the time that people have now. Index: gaps_told.
 */
const SHIFT_UNTOLD_GAPS = `
  UPDATE gaps
  SET began_at = began_at - :by, ended_at = ended_at - :by
  WHERE is_told = 1 AND id > (SELECT MIN(told_gap) FROM occasions)
`;

const SHIFT_TOKENS = `
  UPDATE tokens
  SET expires_at = expires_at - :by
`;

const SHIFTS = [
  SHIFT_APPS,
  SHIFT_WAITING_DEBTS,
  SHIFT_REMINDERS,
  SHIFT_WAITING_MESSAGES,
  SHIFT_SERVER,
  SHIFT_OCCASIONS,
  SHIFT_UNTOLD_GAPS,
  SHIFT_TOKENS,
];

/** How far back a letter can lie that still holds another one up. */
const LONGEST_INTERVAL: Duration = DAY;

/** Writes gaps and marks; each call is part of its caller's transaction. */
export class Gaps {
  readonly #db: Database;
  readonly #onGap: (gap: Gap, moved: number) => void;

  /** @param onGap told of each gap, and of how many deadlines it moved. */
  constructor(db: Database, onGap: (gap: Gap, moved: number) => void) {
    this.#db = db;
    this.#onGap = onGap;
  }

  /**
   * Until when we are known to have listened: the later of the last mark and
   * the last heartbeat that was stored. Null if that was never.
   */
  heardUntil(): Instant | null {
    const mark = this.#db.get(SELECT_MARK);
    const heartbeat = integer(mark?.heartbeat) ?? 0;
    const newest = integer(this.#db.get(SELECT_NEWEST_HEARTBEAT, { heartbeat })?.at);
    const markedAt = integer(mark?.marked_at);
    if (markedAt === null || newest === null) return markedAt ?? newest;
    return Math.max(markedAt, newest);
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
    const { changes } = this.#db.run(EXCUSE, { from, to, ...defaults });
    this.#enter(gap, { moved: changes, isTold: changes > 0 && to - from > TOLD_BEYOND });
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

  /**
   * Moves back, by as much as the clock was set back, all that time is counted
   * from. History keeps the times that it was written with.
   */
  shift(by: Duration, now: Instant): void {
    for (const sql of SHIFTS) this.#db.run(sql, { by });
    const since = Math.min(now, now + by - LONGEST_INTERVAL);
    this.#db.run(SHIFT_TAKEN_MESSAGES, { by, since });
  }

  #enter(
    { from, to, cause }: Gap,
    { moved, isTold }: { readonly moved: number; readonly isTold: boolean },
  ): void {
    this.#db.run(INSERT_GAP, { from, to, cause, moved, isTold: Number(isTold) });
    this.#onGap({ from, to, cause }, moved);
  }
}
