/**
 * Test letters: sent at once, beside the outbox, to see whether mail works.
 *
 * @module
 */

import type { Instant } from "./clock.ts";
import type { Letter } from "./letter.ts";
import type { Delivery, Failure, Mailer } from "./outbox.ts";

/** What is to be sent, and to whom. */
export interface LetterTest {
  readonly mailer: Mailer;
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

/** Sends the letter to each address, one after another; those behind a server that lets nobody in are left out. */
export async function sendTest(test: LetterTest): Promise<readonly Tested[]> {
  const all: Tested[] = [];
  for (const address of test.addresses) {
    const result = await sendTo(address, test);
    all.push({ address, result });
    // The next address would be told the same, and a wrong password is not to be tried twice.
    if (result.outcome === "unreachable") break;
  }
  return all;
}

async function sendTo(address: string, test: LetterTest): Promise<Tested["result"]> {
  const connection = await test.mailer.connect(test.signal);
  if (connection.outcome === "unreachable") return connection;
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
