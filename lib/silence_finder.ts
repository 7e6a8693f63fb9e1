/**
 * How silences are found in an app's history.
 *
 *   success            success  fail          success
 *      |---- silence ----|-------|               |----
 *                        until it said so itself
 *
 * A `fail` ends a silence, for then the app is down without it. A pause does
 * too, and what was sent in one begins none: see {@linkcode unjudged}.
 *
 * @module
 */

import type { App } from "./app.ts";
import type { Instant, Span } from "./clock.ts";
import type { Flip } from "./flip.ts";
import type { Beat, SilenceEnd, Silences } from "./silences.ts";

/** Finds the silences between heartbeats, given in the order they came. */
export class SilenceFinder {
  readonly #silences: Silences;
  readonly #unjudged: readonly Span[];
  #next = 0;
  /** The success that the silence began with; null while none is under way. */
  #from: Instant | null = null;
  #isThinned = false;
  #last: Beat | null = null;

  /** @param unjudged in order. */
  constructor(silences: Silences, unjudged: readonly Span[]) {
    this.#silences = silences;
    this.#unjudged = unjudged;
  }

  /** Takes the next heartbeat. */
  add(beat: Beat): void {
    const isThinned = beat.isThinned || (this.#last?.isThinned ?? false);
    this.#last = beat;
    if (this.#isUnjudged(beat.at)) return;
    this.#isThinned ||= isThinned;
    // One that was kept stands for others of any kind, and some of them may have been successes.
    const isSuccess = beat.kind === "success" || (beat.isThinned && beat.kind !== "fail");
    if (!isSuccess && beat.kind !== "fail") return;
    this.#end(beat.at, isSuccess ? "success" : "cut");
    if (isSuccess) [this.#from, this.#isThinned] = [beat.at, beat.isThinned];
  }

  /** Nothing has come after that, up to `now`. */
  finish(now: Instant): void {
    if (this.#isUnjudged(now)) return;
    this.#end(now, "open");
  }

  /** Whether nobody is judged at `at`; a silence under way ended with the beginning of that. */
  #isUnjudged(at: Instant): boolean {
    for (;;) {
      const span = this.#unjudged[this.#next];
      if (span === undefined || at < span.from) return false;
      this.#end(span.from, "cut");
      if (at < span.to) return true;
      this.#next++;
    }
  }

  #end(to: Instant, end: SilenceEnd): void {
    const from = this.#from;
    this.#from = null;
    if (from === null) return;
    this.#silences.add({ from, to, end, isThinned: this.#isThinned });
    this.#isThinned = false;
  }
}

/**
 * The spans in which the app was paused or ignored, in order, from its flips,
 * which are in order too. What it was before the first of them is that one's
 * to say.
 */
export function unjudged(app: App, flips: readonly Flip[]): readonly Span[] {
  const spans: Span[] = [];
  let since: Instant | null = flips[0]?.from === "paused" ? -Infinity : null;
  for (const { at, to, reason } of flips) {
    if (since !== null) spans.push({ from: since, to: at });
    since = to === "paused" || reason === "ignored" ? at : null;
  }
  // One that was ignored while it was new has no flip to say so.
  if (app.isIgnored || app.state.kind === "paused") since ??= flips.at(-1)?.at ?? -Infinity;
  if (since !== null) spans.push({ from: since, to: Infinity });
  return spans;
}
