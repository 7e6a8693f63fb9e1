/**
 * How long a mail server may take.
 *
 * @module
 */

import { type Duration, MINUTE, SECOND } from "../clock.ts";

/** The longest each wait of a try may last. */
export interface Limits {
  /** Looking the server's name up. */
  readonly lookUp: Duration;
  /** Calling one of its addresses, while there is another. */
  readonly call: Duration;
  /** Calling the last of its addresses. */
  readonly lastCall: Duration;
  /** Until the greeting; where TLS comes first, the same again for that. */
  readonly greeting: Duration;
  /** Until the reply to EHLO, STARTTLS, AUTH, MAIL or RCPT, and for TLS after STARTTLS. */
  readonly command: Duration;
  /** Until the reply to DATA. */
  readonly data: Duration;
  /** Until the network has taken the next block of the letter. */
  readonly block: Duration;
  /** Until the reply to the final dot. */
  readonly finalReply: Duration;
}

/**
 * What serve uses: RFC 5321's (4.5.3.2), and for what that does not name the
 * 5 min of a command.
 *
 * Each lasts until the whole reply is there, so a server that sends a byte now
 * and then buys no time, and their sum bounds a try. A server that makes
 * strangers wait, or asks others about them first, takes up to a minute; one
 * that examines a letter may take longer, and who does not wait for its final
 * reply sends the letter twice. Others need not wait meanwhile (lib/mail_door.ts).
 *
 * A dead address is none of that: no server delays the answer to a call, which
 * its system gives. 30 s are five calls in a row that got lost on the way. Where
 * there are several addresses, 5 s are three.
 */
export const LIMITS: Limits = {
  // Three name servers that are dead take the system 30 s.
  lookUp: 40 * SECOND,
  call: 5 * SECOND,
  lastCall: 30 * SECOND,
  greeting: 5 * MINUTE,
  command: 5 * MINUTE,
  data: 2 * MINUTE,
  block: 3 * MINUTE,
  finalReply: 10 * MINUTE,
};
