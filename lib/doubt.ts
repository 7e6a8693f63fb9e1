/**
 * Doubts: spans in which nobody could know how an app was, for a heartbeat that
 * was expected may have been lost (rule 8, gap.ts).
 *
 *   success        due − grace   due     deadline
 *       |---------------|---------|---------|
 *  a    |    [gap]      |                   |         no doubt: none was expected
 *  b    |           [gap+~~~]~~~~~~~~~~~success       from due − grace on
 *  c    |               |   [~~~]~~~~~~~~~~~~fall     from the gap's beginning on
 *  d    |               |   [~]~~~[gap]~~~~success    one doubt, not two
 *  e    |               |         |         | [gap]   no doubt: it is down
 *
 * A doubt begins where a heartbeat was expected and we did not listen; or, where
 * the clock was set ahead before, at the old deadline, of which nobody knows
 * whether it has passed (excuse.ts). It ends where we know again: with a success,
 * a fall, or a hand that stops judging the app. What the app was in it nobody can
 * say any more, so it counts neither as up nor as down.
 *
 * While it lasts it is an instant of the app's state, set by the statement that
 * moves the deadlines: a gap over a million apps writes no row for them. Once it
 * is over it is a row, written with the heartbeat or the flip that ended it. To
 * find doubts in what is stored of heartbeats would tell of other settings than
 * those there were, and of nothing once they are pruned.
 *
 * @module
 */

import type { App } from "./app.ts";
import type { Instant, Span } from "./clock.ts";

/** What nobody knew of the app, if that is over at `at`; null where there was no doubt. */
export function doubt({ state }: App, at: Instant): Span | null {
  if (state.kind !== "up" || state.unknownFrom === null || state.unknownFrom >= at) return null;
  return { from: state.unknownFrom, to: at };
}

/** What is stored of the past of an app beside its flips. */
export interface Doubts {
  /** In order. */
  readonly spans: readonly Span[];
  /** From when on all of them are there, and all flips: what was before nobody can tell any more. */
  readonly wholeFrom: Instant;
}
