/**
 * The clock was set back: what time is counted from goes back with it.
 *
 * @module
 */

import { DAY, type Duration, type Instant } from "../clock.ts";
import type { Database } from "./database.ts";

/** Everything that a deadline or an ended snooze counts from. */
const SHIFT_APPS = `
  UPDATE apps
  SET success_at = success_at - :by, deadline_at = deadline_at - :by,
      excused_at = excused_at - :by, unknown_from = unknown_from - :by,
      old_deadline_at = old_deadline_at - :by, held_until = held_until - :by,
      snoozed_until = snoozed_until - :by, muted_until = muted_until - :by,
      flapping_since = flapping_since - :by
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
  SET gap_letter_at = gap_letter_at - :by, proof_from = proof_from - :by,
      capacity_at = capacity_at - :by
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

const SHIFT_SESSIONS = `
  UPDATE sessions
  SET renewed_at = renewed_at - :by, expires_at = expires_at - :by
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
  SHIFT_SESSIONS,
];

/** How far back a letter can lie that still holds another one up. */
const LONGEST_INTERVAL: Duration = DAY;

/**
 * Moves back, by as much as the clock was set back, all that time is counted
 * from; part of its caller's transaction. History keeps the times that it was
 * written with.
 */
export function shiftClock(db: Database, by: Duration, now: Instant): void {
  for (const sql of SHIFTS) db.run(sql, { by });
  const since = Math.min(now, now + by - LONGEST_INTERVAL);
  db.run(SHIFT_TAKEN_MESSAGES, { by, since });
}
