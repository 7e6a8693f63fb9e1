/**
 * What is in the database and in the letters, held against what was sent and
 * when nobody listened.
 *
 * @module
 */

import { rows } from "../support/beside.ts";
import type { Herd } from "../support/herd.ts";
import { heartbeatsIn } from "../support/history.ts";
import { type ReadLetter, readLetter } from "../support/letter_reader.ts";
import type { KeptLetter, PostOffice } from "../support/post_office.ts";
import { type Findings, say } from "../support/proof.ts";
import { isFalse, type OwedAlarm, owedAlarms, type Terms } from "./reckoning.ts";

/** What is judged. */
export interface Evidence {
  readonly herd: Herd;
  readonly post: PostOffice;
  readonly database: string;
}

/** How many of what is wrong are named. */
const EXAMPLES = 5;

/** Every heartbeat that was answered must be in the database. */
export function judgeHeartbeats(findings: Findings, herd: Herd, database: string): void {
  const stored = new Set(heartbeatsIn(database).map(({ message }) => message));
  const missing = [...herd.answered].filter((message) => !stored.has(message));
  findings.note("heartbeats sent", herd.sent);
  findings.note("heartbeats answered 200", herd.answered.size);
  findings.note("longest wait for an answer, ms", herd.longestWait);
  findings.hold("of these missing", missing.length, missing.length === 0);
}

/** Every alarm that was owed must have come, none that was not, and none twice but as the same letter. */
export async function judgeAlarms(
  findings: Findings,
  terms: Terms,
  { herd, post, database }: Evidence,
): Promise<void> {
  const falls = fallsIn(database);
  const letters = await Promise.all(firstCopies(post.delivered).map(readLetter));
  const owed = herd.appIds.flatMap((appId) => owedAlarms(appId, herd.attempts(appId), terms));
  const unseen = owed.filter((alarm) => !falls.some((fall) => isOf(fall, alarm)));
  const untold = owed.filter(({ appId }) => !letters.some((letter) => tells(letter, appId)));
  const wrong = falls.filter(({ appId, at }) => isFalse(at, herd.attempts(appId), terms));
  const toldTwice = letters.flatMap(({ named }) => named.down).filter(isRepeated(falls));

  findings.note("alarms owed", owed.length);
  hold(findings, "of these not in the database", unseen);
  hold(findings, "of these in no letter", untold);
  findings.note("alarms raised", falls.length);
  hold(findings, "of these false", wrong);
  hold(findings, "told in more letters than there were falls", toldTwice);
  judgeCopies(findings, post);
}

/** A letter that came more than once must be the same to the letter. */
function judgeCopies(findings: Findings, { delivered, letters }: PostOffice): void {
  const texts = new Map<string, Set<string>>();
  for (const { messageId, raw } of delivered) {
    texts.set(messageId, (texts.get(messageId) ?? new Set()).add(raw));
  }
  const different = [...texts].filter(([, each]) => each.size > 1);
  findings.note("letters that were heard to the end", letters.length);
  findings.note("letters that the server took", texts.size);
  findings.note("of these once more", delivered.length - texts.size);
  hold(findings, "letters that came again with another text", different.map(([id]) => id));
}

interface Fall {
  readonly appId: string;
  readonly at: number;
}

function fallsIn(database: string): readonly Fall[] {
  const sql = `
    SELECT app_id, at
    FROM flips
    JOIN apps ON apps.id = flips.app
    WHERE to_state = 'down'
  `;
  return rows(database, sql).map(({ app_id, at }) => ({ appId: String(app_id), at: Number(at) }));
}

/** Letters as the reader has them: of those that came again only the first. */
function firstCopies(letters: readonly KeptLetter[]): readonly KeptLetter[] {
  return [...new Map(letters.toReversed().map((each) => [each.messageId, each])).values()];
}

function isOf(fall: Fall, { appId, notBefore, notAfter }: OwedAlarm): boolean {
  return fall.appId === appId && fall.at >= notBefore && fall.at <= notAfter;
}

function tells({ named }: ReadLetter, appId: string): boolean {
  return named.down.includes(appId) || named.away.includes(appId);
}

/** Whether a name comes more often than its app fell. */
function isRepeated(falls: readonly Fall[]): (appId: string) => boolean {
  const left = new Map<string, number>();
  for (const { appId } of falls) left.set(appId, (left.get(appId) ?? 0) + 1);
  return (appId) => {
    const more = (left.get(appId) ?? 0) - 1;
    left.set(appId, more);
    return more < 0;
  };
}

function hold(findings: Findings, what: string, wrong: readonly unknown[]): void {
  findings.hold(what, wrong.length, wrong.length === 0);
  for (const each of wrong.slice(0, EXAMPLES)) say(`  ${what}: ${JSON.stringify(each)}`);
}
