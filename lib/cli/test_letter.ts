/**
 * The `mail-test` command: a real letter, and in words what became of it.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Letter } from "../letter.ts";
import type { Delivery, Failure, Mailer } from "../outbox.ts";

/** What is to be sent, and to whom. */
export interface MailTest {
  readonly mailer: Mailer;
  readonly addresses: readonly string[];
  readonly now: Instant;
  readonly messageId: () => string;
  readonly letterTo: (address: string) => Letter;
  readonly signal: AbortSignal;
}

/** A line for each address, with the hint where there is one; and whether all were taken. */
export interface MailTestResult {
  readonly lines: readonly string[];
  readonly isSent: boolean;
}

/** Sends the letter to each address, one after another. */
export async function mailTest(test: MailTest): Promise<MailTestResult> {
  const lines: string[] = [];
  let isSent = true;
  for (const address of test.addresses) {
    const result = await sendTo(address, test);
    lines.push(...linesFor(address, result));
    if (result.outcome !== "sent") isSent = false;
    // The next address would be told the same, and a wrong password is not to be tried twice.
    if (result.outcome === "unreachable") break;
  }
  return { lines, isSent };
}

type Result = Delivery | ({ readonly outcome: "unreachable" } & Failure);

async function sendTo(address: string, test: MailTest): Promise<Result> {
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

function linesFor(address: string, result: Result): readonly string[] {
  if (result.outcome === "sent") return [`Sent to ${address}: the server said "${result.reply}"`];
  const hint = result.hint === null ? [] : [`  ${result.hint}`];
  return [`${failureText(address, result.outcome)}: ${result.reason}`, ...hint];
}

function failureText(address: string, outcome: Exclude<Result["outcome"], "sent">): string {
  switch (outcome) {
    case "unreachable":
      return "Not sent: no mail server took us in";
    case "deferred":
      return `Not sent to ${address}: not now`;
    case "rejected":
      return `Not sent to ${address}: the server refuses this letter`;
    case "refused":
      return `Not sent to ${address}: the server refuses this address`;
    case "unanswered":
      return `Perhaps sent to ${address}: the server did not answer at the end`;
  }
}
