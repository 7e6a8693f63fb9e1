/**
 * A mail server that fails every second try, each time in another way.
 *
 * @module
 */

import type { Act, Conduct } from "../support/post_office.ts";
import { oneOf, type Random } from "../support/random.ts";
import { DROP } from "../support/smtp_script.ts";
import type { Cue } from "../support/smtp_wire.ts";

/** How the mail server fails. */
const FAILURES: readonly [readonly [Cue, Act], ...(readonly [Cue, Act])[]] = [
  ["greeting", "421 4.3.2 too busy"],
  ["greeting", DROP],
  ["MAIL", "451 4.3.0 later"],
  ["RCPT", "450 4.2.0 greylisted"],
  ["DATA", "452 4.3.1 no room"],
  ["letter", "451 4.3.0 later"],
  ["letter", DROP],
];

/** Well half the time: whether it is, and how it fails, is decided with each call. */
export function halfTheTime(random: Random): Conduct {
  let failure: readonly [Cue, Act] | null = null;
  return (cue) => {
    if (cue === "greeting") failure = random() < 1 / 2 ? oneOf(random, FAILURES) : null;
    return failure?.[0] === cue ? failure[1] : null;
  };
}
