/**
 * The storm: thousands of apps fall silent at once, while another one beats on.
 *
 *     deno run -A tests/prove/storm.ts [--quick]
 *
 * Proves that the storm is a handful of letters of at most 1 MB, the first of
 * them soon, and that it holds up nobody's heartbeat.
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { figure } from "../support/beside.ts";
import { PostOffice } from "../support/post_office.ts";
import { Findings, readExtent, say } from "../support/proof.ts";
import { Proven } from "../support/proven.ts";
import { until } from "../support/until.ts";
import type { Probe, Waited } from "./prober.ts";

/** How many apps fall silent. */
const STORMS = { quick: [10_000], full: [10_000, 100_000] };

/** Heartbeats sent in one request: the most there may be. */
const IN_ONE_REQUEST = 1_000;

/** The most a heartbeat may wait (issue 4, 2). */
const LONGEST_WAIT: Duration = SECOND / 10;

/** The latest that the first letter may come after the first deadline (issue 4, 2). */
const FIRST_LETTER_WITHIN: Duration = 5 * SECOND;

/** The most bytes of a letter (issue 4, 2). */
const LETTER_SIZE = 1_000_000;

/** So much news at least is in a letter, or 10,000 apps would be more than a handful of letters. */
const NEWS_IN_LETTER = 2_000;

const PROBE_EVERY: Duration = SECOND / 100;

/** How long all of a storm may take. */
const LIMIT: Duration = 300 * SECOND;

const { isQuick } = readExtent({ full: 1, quick: 1 });
let code = 0;
for (const apps of isQuick ? STORMS.quick : STORMS.full) {
  say(`\nstorm of ${apps} apps`);
  code = Math.max(code, await storm(apps));
}
Deno.exit(code);

async function storm(apps: number): Promise<number> {
  await using post = new PostOffice();
  await using program = new Proven(post, {
    // Long enough for all of them to be registered before the first falls silent.
    PERIOD: `${Math.ceil(apps / 5_000) + 3}s`,
    DIGEST_WINDOW: "3s",
    MAIL_INTERVAL: "2s",
    MAX_APPS: String(apps + 1),
  });
  await program.start();
  const { url, database } = program;
  const prober = new Worker(new URL("prober.ts", import.meta.url), { type: "module" });
  prober.postMessage({ url, appId: "prober", every: PROBE_EVERY } satisfies Probe);
  await register(url, apps);
  const registeredAt = Date.now();
  const firstDeadline = figure(
    database,
    "SELECT MIN(deadline_at) FROM apps WHERE app_id <> 'prober'",
  );
  await until("the first letter", () => post.letters.length > 0, LIMIT);
  await until("all of it to be told", () => {
    const sent = "SELECT COUNT(*) FROM debts WHERE state = 'sent'";
    return figure(database, sent) === apps;
  }, LIMIT);
  const waits = await stopped(prober);

  const findings = new Findings();
  report(findings, { apps, post, firstDeadline });
  reportWaits(findings, waits, registeredAt);
  return findings.conclude();
}

async function register(url: string, apps: number): Promise<void> {
  for (let first = 1; first <= apps; first += IN_ONE_REQUEST) {
    const count = Math.min(IN_ONE_REQUEST, apps - first + 1);
    const heartbeats = Array.from({ length: count }, (_, index) => ({ app_id: first + index }));
    const body = JSON.stringify(heartbeats);
    const response = await fetch(`${url}/api/apps/`, { method: "POST", body });
    await response.body?.cancel();
    if (response.status !== 200) throw new Error(`Cannot register: answered ${response.status}`);
  }
}

function stopped(prober: Worker): Promise<readonly Waited[]> {
  const { promise, resolve } = Promise.withResolvers<readonly Waited[]>();
  prober.onmessage = ({ data }) => {
    prober.terminate();
    resolve(data);
  };
  prober.postMessage("stop");
  return promise;
}

function report(
  findings: Findings,
  { apps, post, firstDeadline }: {
    readonly apps: number;
    readonly post: PostOffice;
    readonly firstDeadline: number;
  },
): void {
  const sizes = post.letters.map(({ raw }) => raw.length);
  const handful = Math.ceil(apps / NEWS_IN_LETTER) + 2;
  const firstAfter = (post.letters[0]?.at ?? 0) - firstDeadline;
  findings.hold("letters", post.letters.length, post.letters.length <= handful);
  findings.hold("largest letter, bytes", Math.max(...sizes), Math.max(...sizes) <= LETTER_SIZE);
  holdTime(
    findings,
    "first deadline to first letter, ms",
    firstAfter,
    firstAfter <= FIRST_LETTER_WITHIN,
  );
  findings.note(
    "first deadline to last letter, ms",
    (post.letters.at(-1)?.at ?? 0) - firstDeadline,
  );
}

function reportWaits(findings: Findings, all: readonly Waited[], since: number): void {
  const waits = all.filter(({ at }) => at >= since).map(({ wait }) => wait).sort((a, b) => a - b);
  const longest = waits.at(-1) ?? Infinity;
  findings.note("heartbeats meanwhile", waits.length);
  findings.hold(
    "not answered 200",
    all.filter(({ status }) => status !== 200).length,
    all.every(({ status }) => status === 200),
  );
  findings.note("median wait, ms", (waits[waits.length >> 1] ?? 0).toFixed(1));
  holdTime(findings, "longest wait, ms", longest.toFixed(1), longest <= LONGEST_WAIT);
}

/** A time is held to its promise on a machine of one's own; the gate's may be anybody's. */
function holdTime(
  findings: Findings,
  what: string,
  figure: string | number,
  isKept: boolean,
): void {
  if (isQuick) findings.note(what, figure);
  else findings.hold(what, figure, isKept);
}
