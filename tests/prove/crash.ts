/**
 * The crash matrix: the program is killed again and again, at random moments,
 * under load, beside a mail server that fails every second try.
 *
 *     deno run -A tests/prove/crash.ts [--quick] [--rounds N] [--seed N]
 *
 * Proves that no heartbeat that was answered is lost, that every alarm that
 * was owed has come by the end, that none came which was not, that a letter
 * which came more than once is the same to the letter, and that the database
 * is as the rules say whenever the program was killed.
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { figure } from "../support/beside.ts";
import { Herd } from "../support/herd.ts";
import { PostOffice } from "../support/post_office.ts";
import { Findings, pause, readExtent, say } from "../support/proof.ts";
import { Proven } from "../support/proven.ts";
import { between, type Random, seeded } from "../support/random.ts";
import { until } from "../support/until.ts";
import { halfTheTime } from "./bad_mail.ts";
import { judgeAlarms, judgeHeartbeats } from "./judgement.ts";
import type { Deafness } from "./reckoning.ts";

/** Apps that beat all the while: with one heartbeat a second each, the load. */
const LIVING = 480;

/** Apps of each round that die for good, and that fall silent and come back. */
const MORTALS = 3;
const RETURNERS = 2;

/** How long such apps beat before they fall silent, and how long those who come back are silent. */
const LIFE: Duration = 2 * SECOND;
const SILENCE: Duration = 15 * SECOND;

const BEAT_EVERY: Duration = SECOND;

/**
 * A grace that a machine with other things to do does not use up between a
 * heartbeat's sending and its being heard: that would be no false alarm.
 */
const PERIOD: Duration = 2 * SECOND;
const GRACE: Duration = 3 * SECOND;

/** How long a round goes on before the kill. */
const ROUND = { shortest: 1.5 * SECOND, longest: 4 * SECOND };

/** How many rounds are killed during the start, or at once after it. */
const STILLBORN = 1 / 8;

/** The span in which such a round is killed. */
const START: Duration = 300;

/** How long the end may take: the last silences, and the letters about them. */
const END_LIMIT: Duration = 90 * SECOND;

/** How much of its log is shown if it ends by itself. */
const LAST_LINES = 20;

const { rounds, seed } = readExtent({ full: 100, quick: 6 });
Deno.exit(await crash(seeded(seed)));

async function crash(random: Random): Promise<number> {
  await using post = new PostOffice();
  await using program = new Proven(post, {
    PERIOD: `${PERIOD / SECOND}s`,
    GRACE: `${GRACE / SECOND}s`,
  });
  await using herd = new Herd({ url: program.url, every: BEAT_EVERY, random });
  post.behave(halfTheTime(random));
  for (let app = 1; app <= LIVING; app++) herd.wake(`living-${app}`);

  const deaf: Deafness[] = [];
  let unclean = 0;
  let gone = 0;
  let killedAt = Date.now();
  for (let round = 1; round <= rounds; round++) {
    if (round > 1 && random() < STILLBORN) {
      program.launch();
      await pause(random() * START);
      await program.kill();
    } else {
      deaf.push({ from: killedAt, to: await program.start() });
      befall(herd, round);
      if (random() < 1 / 2) program.check().catch(ignoreKill);
      await pause(between(random, ROUND.shortest, ROUND.longest));
      if (!program.process.isRunning) {
        gone++;
        say(program.lines.slice(-LAST_LINES).join("\n"));
      }
      killedAt = await program.kill();
    }
    if (!await isClean(program)) unclean++;
  }

  post.recover();
  deaf.push({ from: killedAt, to: await program.start() });
  await pause(LIFE + SILENCE);
  await settled(program);
  await herd[Symbol.asyncDispose]();
  const endedAt = Date.now();
  if (!await isClean(program)) unclean++;

  const findings = new Findings();
  findings.note("kills", rounds);
  findings.hold("rounds in which it ended by itself", gone, gone === 0);
  findings.hold("kills after which verify found faults", unclean, unclean === 0);
  judgeHeartbeats(findings, herd, program.database);
  const terms = { patience: PERIOD + GRACE, deaf, endedAt };
  await judgeAlarms(findings, terms, { herd, post, database: program.database });
  return findings.conclude();
}

/** What becomes of some apps in a round. */
function befall(herd: Herd, round: number): void {
  for (let each = 1; each <= MORTALS + RETURNERS; each++) {
    const appId = `${each <= MORTALS ? "mortal" : "returner"}-${round}-${each}`;
    herd.wake(appId);
    setTimeout(() => herd.silence(appId), LIFE);
    if (each > MORTALS) setTimeout(() => herd.wake(appId), LIFE + SILENCE);
  }
}

async function isClean(program: Proven): Promise<boolean> {
  const { code, stdout, stderr } = await program.run("verify");
  if (code !== 0) say(`${stdout}${stderr}`);
  return code === 0;
}

/** Resolves when nothing is owed to anyone any more, and whoever is dead is down. */
async function settled(program: Proven): Promise<void> {
  await until("all that is owed to be told", async () => {
    await program.check();
    const waiting = "SELECT COUNT(*) FROM debts WHERE state = 'waiting'";
    const unseen = "SELECT COUNT(*) FROM apps WHERE state = 'up' AND app_id LIKE 'mortal-%'";
    return figure(program.database, waiting) + figure(program.database, unseen) === 0;
  }, END_LIMIT);
}

function ignoreKill(error: unknown): void {
  if (!(error instanceof TypeError)) throw error;
}
