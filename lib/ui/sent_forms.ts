/**
 * Forms that were sent: one that comes twice, by a second click or by a page
 * that is loaded again, is acted on once.
 *
 * @module
 */

import { hashToken } from "../token.ts";
import { KEY_FIELD } from "./entrance.ts";

/** What tells a form from the next one with the same in it: made at random for each page. */
export const ONCE_FIELD = "once";

/** How many are remembered, the newest: a form is sent twice within seconds. */
const REMEMBERED = 1_000;

/** What came of a form. */
export interface Sent<Result> {
  readonly result: Result;
  /** Whether it had been sent before. */
  readonly isRepeated: boolean;
}

/** Remembers forms, and what came of them. */
export class SentForms<Result> {
  readonly #results = new Map<string, Promise<Result>>();

  /** Does the work, unless the same form was sent before; what failed may be sent again. */
  async take(fields: URLSearchParams, work: () => Promise<Result>): Promise<Sent<Result>> {
    // Without what tells them apart, two may well be meant.
    if (!fields.get(ONCE_FIELD)) return { result: await work(), isRepeated: false };
    const mark = markOf(fields);
    const known = this.#results.get(mark);
    if (known !== undefined) return { result: await known, isRepeated: true };
    const result = work();
    this.#results.set(mark, result);
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= REMEMBERED) break;
      this.#results.delete(oldest);
    }
    try {
      return { result: await result, isRepeated: false };
    } catch (error) {
      this.#results.delete(mark);
      throw error;
    }
  }
}

/** Of all but the key, which is another one after a login. */
function markOf(fields: URLSearchParams): string {
  return hashToken(JSON.stringify([...fields].filter(([name]) => name !== KEY_FIELD)));
}
