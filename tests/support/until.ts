/**
 * Waiting for what a process of its own does: by looking, and never for ever.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";

/** How often is looked. */
const LOOK_EVERY: Duration = SECOND / 20;

/**
 * Resolves with what `look` finds, once it finds something.
 *
 * @throws {Error} saying `what` was waited for, when it has not come within `limit`.
 */
export async function until<T>(
  what: string,
  look: () => T | null | false | Promise<T | null | false>,
  limit: Duration,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() - began > limit) {
      throw new Error(`Cannot wait any longer for ${what}: ${limit / SECOND} s are over`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
