/**
 * What the `mail-test` command says of its letters.
 *
 * @module
 */

import { hintText } from "../hint.ts";
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
