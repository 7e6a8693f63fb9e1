/**
 * The crowd: more connections than the program has descriptors for, while a few
 * apps beat on over connections of their own.
 *
 *     deno run -A tests/prove/crowd.ts [--quick]
 *
 * Proves that nobody who lives is told as down, that what could not be heard is
 * in the ledger, that the watchdog is not asked meanwhile, that an app which
 * dies is told all the same, and that others are heard soon.
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { PostOffice } from "../support/post_office.ts";
import { Findings, pause, readExtent, say } from "../support/proof.ts";
import { Proven } from "../support/proven.ts";
import { until } from "../support/until.ts";
import { type Beat, LivingApps } from "./living_apps.ts";
import { CROWDS, type CrowdStory } from "./crowds.ts";
import { judgeCrowd } from "./crowd_judgement.ts";
import { Watchdog } from "./watchdog.ts";

/** How long a crowd stays (issue 15, 1), and for the gate. */
const STAY = { quick: 20 * SECOND, full: 90 * SECOND };

const PERIOD: Duration = 10 * SECOND;
const GRACE: Duration = 5 * SECOND;

/** The soonest that heartbeats must be taken again after the crowd's going (issue 15, 1). */
const HEARD_WITHIN: Duration = 5 * SECOND;

/**
 * From a death to its letter: a silence, one more for a gap, a digest, and a busy machine. Of a
 * crowd that gives nobody a rest, from its going: what it keeps out proves nothing till then.
 */
const TOLD_WITHIN: Duration = 2 * (PERIOD + GRACE) + 15 * SECOND;

const { isQuick } = readExtent({ full: 1, quick: 1 });
let code = 0;
for (const story of CROWDS.filter(({ isExample }) => isExample || !isQuick)) {
  say(`\n${story.name}`);
  code = Math.max(code, await prove(story, isQuick ? STAY.quick : STAY.full));
}
Deno.exit(code);

async function prove(story: CrowdStory, stay: Duration): Promise<number> {
  await using post = new PostOffice();
  await using watchdog = new Watchdog();
  const { descriptors } = story;
  const settings = {
    PERIOD: `${PERIOD / SECOND}s`,
    GRACE: `${GRACE / SECOND}s`,
    WATCHDOG_URL: watchdog.url,
  };
  await using program = new Proven(post, settings, { descriptors });
  await program.start();
  await program.process.says(/few descriptors/);
  await using living = new LivingApps(program.url);
  await until("the apps to be heard", () => living.areHeard, HEARD_WITHIN);

  living.die();
  const kept: Beat[] = [];
  const cameAt = Date.now();
  {
    await using _ = await story.come(program.url, (beat) => kept.push(beat));
    await pause(stay);
  }
  const wentAt = Date.now();
  const findings = new Findings();
  const heard = until("a heartbeat to be taken", () => living.heardSince(wentAt), 2 * HEARD_WITHIN);
  const heardAfter = (await heard) - wentAt;
  const toldBy = (story.isGentle ? cameAt : wentAt) + TOLD_WITHIN - Date.now();
  const told = until("the dead app's letter", () => isTold(post), Math.max(toldBy, SECOND));
  const isDeadTold = await told.then(() => true, () => false);
  findings.hold("heard again after the crowd's going, ms", heardAfter, heardAfter <= HEARD_WITHIN);
  findings.hold("the app that died was told", String(isDeadTold), isDeadTold);
  const { database } = program;
  const alive = { living, kept, span: { from: cameAt, to: wentAt } };
  await judgeCrowd(findings, { ...alive, post, watchdog, database, isGentle: story.isGentle });
  return findings.conclude();
}

function isTold({ delivered }: PostOffice): boolean {
  return delivered.some(({ raw }) => raw.includes(LivingApps.mortal));
}
