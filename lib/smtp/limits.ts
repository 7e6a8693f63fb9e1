/**
 * How long a mail server may take.
 *
 * @module
 */

import { type Duration, SECOND } from "../clock.ts";

/**
 * The longest each step of a try may take.
 *
 * Each counts for its step as a whole and not from the last byte, so a server
 * that sends one now and then buys no time, and their sum bounds a whole try.
 */
export interface Limits {
  /** Looking the name up and connecting. */
  readonly connect: Duration;
  /** From there to the greeting. */
  readonly greeting: Duration;
  /** From there to the end of EHLO, with the greeting and STARTTLS; and then the same again for AUTH. */
  readonly setup: Duration;
  /** MAIL FROM, RCPT TO and DATA, up to the final dot. */
  readonly letter: Duration;
  /** From the final dot to the reply. */
  readonly finalReply: Duration;
}

/**
 * What serve uses. A whole try ends within 5 min 10 s.
 *
 * A reply that says something comes within a second or two, after a
 * deliberate delay of spam defences within 30 s. RFC 5321 (4.5.3.2) would
 * wait 5 min for each, but then an alarm stands behind a dead connection when
 * the next one would have worked.
 *
 * After the final dot more patience pays: servers examine the letter before
 * they answer, and who gives up early sends it twice (4.5.3.2.6 asks for
 * 10 min for that reason; 2 min is a compromise with the retry that waits).
 */
export const LIMITS: Limits = {
  connect: 10 * SECOND,
  greeting: 10 * SECOND,
  setup: 60 * SECOND,
  letter: 60 * SECOND,
  finalReply: 120 * SECOND,
};
