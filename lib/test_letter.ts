/**
 * Test letters: sent at once, beside the outbox, to see whether mail works.
 *
 * @module
 */

import type { Clock, Instant } from "./clock.ts";
import type { Letter } from "./letter.ts";
import { MailDoor } from "./mail_door.ts";
import type { Delivery, Failure, Mailer } from "./outbox.ts";

/** What is to be sent, and to whom. */
export interface LetterTest {
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly addresses: readonly string[];
  readonly now: Instant;
  readonly messageId: () => string;
  readonly letterTo: (address: string) => Letter;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** What became of the letter to one address. */
export interface Tested {
  readonly address: string;
  readonly result: Delivery | ({ readonly outcome: "unreachable" } & Failure);
}

/** Sends the letter to each address; those behind a server that lets nobody in are left out. */
export async function sendTest(test: LetterTest): Promise<readonly Tested[]> {
  const door = new MailDoor(test.mailer, test.clock);
  const all = await Promise.all(
    test.addresses.map(async (address) => ({ address, result: await sendTo(address, door, test) })),
  );
  return all.flatMap(({ address, result }) => result === null ? [] : [{ address, result }]);
}

async function sendTo(
  address: string,
  door: MailDoor,
  test: LetterTest,
): Promise<Tested["result"] | null> {
  const connection = await door.enter(test.signal);
  if (connection === null || connection.outcome === "unreachable") return connection;
  const { session } = connection;
  try {
    return await session.send({
      ...test.letterTo(address),
      messageId: test.messageId(),
      to: address,
      date: test.now,
      answers: [],
    });
  } finally {
    session.close();
  }
}
