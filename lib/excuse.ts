/**
 * Excuses: what a gap does to the deadline of one app (rule 8, drawn in
 * gap.ts), and when people are told that an alarm is put off.
 *
 *   success       old deadline                        deadline
 *      |--------------[gap]---------------------------------|
 *      |              |  told: nobody knows                 |  down
 *
 * @module
 */

import { type App, type Defaults, expectation, type UpState } from "./app.ts";
import type { Instant } from "./clock.ts";
import { type Gap, isBrief, PUT_OFF_BEYOND } from "./gap.ts";

/** The app after a gap that has ended. */
export function excused(app: App, gap: Gap, defaults: Defaults): App {
  const { state } = app;
  if (state.kind !== "up" || state.deadlineAt <= gap.from) return app;
  const moved = movedBy(gap, state, expectation(app, defaults));
  if (moved === null) return app;
  const oldDeadlineAt = state.oldDeadlineAt ?? state.deadlineAt;
  return { ...app, state: { ...state, ...moved, oldDeadlineAt } };
}

/** Where the gap moves the deadline to, and from when on it counts then; null for nowhere. */
function movedBy(
  gap: Gap,
  { successAt, excusedAt, unknownFrom, deadlineAt }: UpState,
  { period, grace }: Defaults,
): Pick<UpState, "excusedAt" | "unknownFrom" | "deadlineAt"> | null {
  const { from, to, cause } = gap;
  const later = deadlineAt + to - from;
  if (excusedAt !== null) {
    return { excusedAt: excusedAt + to - from, unknownFrom, deadlineAt: later };
  }
  const expectedFrom = successAt + period - grace;
  const isTouched = expectedFrom <= to;
  if (isTouched && !isBrief(gap)) {
    // Put off by a set clock, it may be unknown already.
    const since = unknownFrom ?? Math.max(from, successAt, expectedFrom);
    return { excusedAt: to, unknownFrom: since, deadlineAt: to + period + grace };
  }
  // A clock that was set ahead carries along what it does not touch.
  return isTouched || cause === "clock" ? { excusedAt, unknownFrom, deadlineAt: later } : null;
}

/** When people are to be told that nobody knows how the app is; null for never. */
export function putOffAt({ state }: App): Instant | null {
  if (state.kind !== "up" || state.oldDeadlineAt === null) return null;
  return state.deadlineAt - state.oldDeadlineAt > PUT_OFF_BEYOND ? state.oldDeadlineAt : null;
}
