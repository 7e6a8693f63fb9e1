/**
 * What came of a crowd, held against what is promised.
 *
 * @module
 */

import type { Duration, Instant, Span } from "../../lib/clock.ts";
import { rows } from "../support/beside.ts";
import { heartbeatsIn } from "../support/history.ts";
import { readLetter } from "../support/letter_reader.ts";
import type { PostOffice } from "../support/post_office.ts";
import type { Findings } from "../support/proof.ts";
import { type Beat, LivingApps } from "./living_apps.ts";
import type { Watchdog } from "./watchdog.ts";

/** What is judged. */
export interface Evidence {
  readonly living: LivingApps;
  /** What the crowd itself sent. */
  readonly kept: readonly Beat[];
  /** When the crowd was there. */
  readonly span: Span;
  readonly post: PostOffice;
  readonly watchdog: Watchdog;
  readonly database: string;
  readonly isGentle: boolean;
}

/** What two clocks, and a busy machine between sending and refusal, may be apart. */
const TOLERANCE: Duration = 100;

/** Judges it, while the crowd's own apps have not fallen silent yet. */
export async function judgeCrowd(findings: Findings, evidence: Evidence): Promise<void> {
  const { living, kept, span, watchdog, database, isGentle } = evidence;
  const gaps = shutIn(database);
  const beats = [...living.beats, ...kept].filter(({ sentAt }) => sentAt >= span.from);
  const refused = beats.filter(({ isHeard }) => !isHeard);
  const unexplained = refused.filter(({ sentAt }) => !isIn(gaps, sentAt));
  const asked = watchdog.askedAt.filter((at) => isWithin(gaps, at));

  findings.note("heartbeats sent while the crowd was there", beats.length);
  findings.note("of these not heard", refused.length);
  if (isGentle) {
    findings.hold("of these outside of a gap", unexplained.length, unexplained.length === 0);
  } else findings.note("of these outside of a gap", unexplained.length);
  findings.note("gaps for that nobody could connect", gaps.length);
  findings.note("how long they were in all, ms", lengthOf(gaps));
  findings.hold("asked the watchdog meanwhile", asked.length, asked.length === 0);
  holdStored(findings, evidence);
  await holdTrue(findings, evidence);
}

/** Every heartbeat that was answered 200 is stored. */
function holdStored(findings: Findings, { living, kept, database }: Evidence): void {
  const stored = Map.groupBy(heartbeatsIn(database), ({ appId }) => appId);
  const answered = Map.groupBy(
    [...living.beats, ...kept].filter(({ isHeard }) => isHeard),
    ({ appId }) => appId,
  );
  const missing = [...answered].filter(([appId, beats]) =>
    (stored.get(appId)?.length ?? 0) < beats.length
  );
  findings.hold(
    "apps whose answered heartbeats are not all stored",
    missing.length,
    !missing.length,
  );
}

/** Nobody who lived has fallen, in the ledger or in a letter. */
async function holdTrue(findings: Findings, { post, database, span }: Evidence): Promise<void> {
  const falls = rows(
    database,
    `
      SELECT app_id
      FROM flips
      JOIN apps ON apps.id = flips.app
      WHERE to_state = 'down' AND app_id <> '${LivingApps.mortal}' AND at < ${span.to}
    `,
  );
  const letters = await Promise.all(post.delivered.map(readLetter));
  const named = letters.flatMap(({ named }) => [...named.down, ...named.away])
    .filter((appId) => appId !== LivingApps.mortal && !appId.startsWith("kept-"));
  findings.hold("apps that lived and fell", falls.length, falls.length === 0);
  findings.hold("of the five, told as down in a letter", named.length, named.length === 0);
}

function shutIn(database: string): readonly Span[] {
  const found = rows(database, "SELECT began_at, ended_at FROM gaps WHERE cause = 'unreachable'");
  return found.map(({ began_at, ended_at }) => ({ from: Number(began_at), to: Number(ended_at) }));
}

function isIn(gaps: readonly Span[], at: Instant): boolean {
  return gaps.some(({ from, to }) => at >= from - TOLERANCE && at <= to + TOLERANCE);
}

/** Surely within one, and not at its edge. */
function isWithin(gaps: readonly Span[], at: Instant): boolean {
  return gaps.some(({ from, to }) => at > from + TOLERANCE && at < to - TOLERANCE);
}

function lengthOf(gaps: readonly Span[]): Duration {
  return gaps.reduce((sum, { from, to }) => sum + to - from, 0);
}
