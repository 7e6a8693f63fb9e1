/**
 * Meets each fault of a mail server with a program of its own.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { figure } from "../support/beside.ts";
import { post as beat } from "../support/herd.ts";
import { PostOffice } from "../support/post_office.ts";
import { Proven } from "../support/proven.ts";
import { until } from "../support/until.ts";
import { type FaultRow, type Found, meet, type Promises } from "./fault_row.ts";
import type { MailFault } from "./mail_faults.ts";

/** From the repair to a letter, where a try is asked for. */
const AT_ONCE: Duration = 5 * SECOND;

/** And where the next try comes by itself: it is the second one, 15 s after the end of the first. */
const BY_ITSELF: Duration = 20 * SECOND;

const WAITING = "SELECT COUNT(*) FROM debts WHERE state = 'waiting'";

/** A try that came to nothing, and what was said of it. */
const FAILED = /(?:mail server failed|letter not sent).* reason=("(?:[^"\\]|\\.)*"|\S+)/;

/** Programs at once: each is idle most of the time. */
const AT_A_TIME = 6;

/** The rows of these faults, in order. */
export async function mailRows(faults: readonly MailFault[]): Promise<readonly FaultRow[]> {
  // The slow ones only wait, and so may all do so at once.
  const slow = faults.filter(({ isSlow }) => isSlow).map((fault) =>
    [fault, meet(fault.name, (promises) => met(fault, promises))] as const
  );
  const found = new Map<MailFault, FaultRow>();
  const quick = faults.filter(({ isSlow }) => !isSlow);
  const next = quick.values();
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    for (const fault of next) {
      found.set(fault, await meet(fault.name, (promises) => met(fault, promises)));
    }
  }));
  for (const [fault, row] of slow) found.set(fault, await row);
  return faults.flatMap((fault) => found.get(fault) ?? []);
}

async function met(fault: MailFault, promises: Promises): Promise<Found> {
  await using post = new PostOffice();
  post.behave(fault.conduct);
  const door = await fault.door?.(post) ?? null;
  await using program = new Proven(post, { ...fault.settings, ...door?.settings });
  await program.start();
  await beat(program.url, { app_id: 23, kind: "fail" });

  const outcome = await until("a try to fail", () => reasonIn(program.lines), fault.tryLimit);
  const addresses = figure(program.database, "SELECT COUNT(*) FROM debts");
  const waiting = () => figure(program.database, WAITING);
  await promises.come("all others told", until("these", () => waiting() === 1, AT_ONCE));
  promises.expect("it is still owed", waiting() === 1);
  const takenBy = post.delivered.filter(({ fate }) => fate === "taken").length;
  promises.expect("all others have a letter", takenBy === addresses - 1);

  await door?.repair();
  post.recover();
  const repairedAt = Date.now();
  if (!fault.isLeftAlone) await program.check();
  const limit = fault.isLeftAlone ? BY_ITSELF : AT_ONCE;
  await until("its letter", () => waiting() === 0, limit);
  const repairedAfter = Date.now() - repairedAt;

  const copies = new Map(post.delivered.map(({ to, messageId, raw }) => [messageId + to, raw]));
  promises.expect("one letter to each address", copies.size === addresses);
  promises.expect(
    "each copy the same to the letter",
    post.delivered.every(({ to, messageId, raw }) => copies.get(messageId + to) === raw),
  );
  await door?.close();
  const doubles = post.delivered.length - copies.size;
  const twice = doubles > 0 ? "came twice, the same: " : "";
  return { outcome: twice + outcome, repairedAfter };
}

/** Why the first try failed that did. */
function reasonIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const reason = FAILED.exec(line)?.[1];
    if (reason !== undefined) return reason.startsWith('"') ? JSON.parse(reason) : reason;
  }
  return null;
}
