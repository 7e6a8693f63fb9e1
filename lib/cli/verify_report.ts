/**
 * What the `verify` command says.
 *
 * @module
 */

import { printable } from "../printable.ts";

/** A rule, and what breaks it. */
interface Finding {
  readonly rule: string;
  readonly faults: readonly string[];
}

/** A line a rule, each fault below it, and the sum of all debts, if they could be counted. */
export function verifyReport(
  findings: readonly Finding[],
  account: Readonly<Record<"waiting" | "sent" | "suppressed" | "failed", number>> | null,
): string {
  const lines = findings.flatMap(({ rule, faults }) => [
    `${faults.length === 0 ? "ok   " : "WRONG"}  ${rule}`,
    ...faults.map((fault) => `         ${printable(fault)}`),
  ]);
  if (account === null) return lines.join("\n");
  const { waiting, sent, suppressed, failed } = account;
  const total = waiting + sent + suppressed + failed;
  const sum = `${waiting} waiting + ${sent} sent + ${suppressed} suppressed + ${failed} failed`;
  return [...lines, `Debts: ${total} = ${sum}`].join("\n");
}
