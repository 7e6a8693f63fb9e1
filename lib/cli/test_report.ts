/**
 * What the `mail-test` command says of its letters.
 *
 * @module
 */

import type { SmtpConfig } from "../config.ts";
import { englishHint, hintText, silenceHint } from "../hint.ts";
import type { Tested } from "../test_letter.ts";

/** A line for each address, with the hint where there is one. */
export function testReport(tested: readonly Tested[]): readonly string[] {
  return tested.flatMap(({ address, result }) => {
    if (result.outcome === "sent") {
      return [`Sent to ${address}: the server said "${result.reply}"`];
    }
    const hint = result.hint === null ? [] : [`  ${hintText(result.hint, "en")}`];
    return [`${failureText(address, result.outcome)}: ${result.reason}`, ...hint];
  });
}

/** What it says while it waits. */
export function waitingText(smtp: SmtpConfig): string {
  const { host, port } = smtp;
  const text = `Waiting for "${host}:${port}". A mail server may take 5 min before it greets us, ` +
    "and 10 min over a letter; Ctrl+C ends this";
  // It would be told in 5 min only, and is the usual mistake.
  const hint = englishHint(silenceHint(smtp));
  return hint === null ? text : `${text}\n  ${hint}`;
}

function failureText(
  address: string,
  outcome: Exclude<Tested["result"]["outcome"], "sent">,
): string {
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
