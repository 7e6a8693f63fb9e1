/**
 * The restart proof: the program is killed and stays away for three periods,
 * while its apps beat on and some of them die.
 *
 *     deno run -A tests/prove/restart.ts [--quick] [--seed N]
 *
 * Proves that no app is called down because nobody listened, and that those
 * which really died are told, all in one letter.
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { figure, rows } from "../support/beside.ts";
import { Herd } from "../support/herd.ts";
import { readLetter } from "../support/letter_reader.ts";
import { PostOffice } from "../support/post_office.ts";
import { Findings, pause, readExtent } from "../support/proof.ts";
import { Proven } from "../support/proven.ts";
import { seeded } from "../support/random.ts";
import { until } from "../support/until.ts";

const APPS = 500;
const DEAD = 20;

/** How long the program is away. */
const PERIODS_AWAY = 3;

/** In full the gap is one that a letter tells of: those last over a minute. */
const PERIOD: Readonly<Record<"quick" | "full", Duration>> = {
  quick: 3 * SECOND,
  full: 25 * SECOND,
};
const GRACE: Duration = 1 * SECOND;

const { isQuick, seed } = readExtent({ full: 1, quick: 1 });
Deno.exit(await restart(isQuick ? PERIOD.quick : PERIOD.full));

async function restart(period: Duration): Promise<number> {
  await using post = new PostOffice();
  const settings = { PERIOD: `${period / SECOND}s`, GRACE: `${GRACE / SECOND}s` };
  await using program = new Proven(post, settings);
  await using herd = new Herd({ url: program.url, every: period, random: seeded(seed) });
  const limit = 4 * period + 30 * SECOND;

  await program.start();
  for (let app = 1; app <= APPS; app++) herd.wake(String(app));
  const up = "SELECT COUNT(*) FROM apps WHERE state = 'up'";
  await until("every app to be up", () => figure(program.database, up) === APPS, limit);
  await program.kill();
  for (let app = 1; app <= DEAD; app++) herd.silence(String(app));
  const refusedBefore = refusedBy(herd);
  await pause(PERIODS_AWAY * period);
  const refused = refusedBy(herd) - refusedBefore;
  await program.start();
  const told = "SELECT COUNT(*) FROM debts WHERE state = 'sent' AND is_down = 1";
  await until("the dead to be told", () => figure(program.database, told) >= DEAD, limit);
  // A false alarm that was put off would come within another silence.
  await pause(period + GRACE + period);

  const findings = new Findings();
  findings.note("apps", APPS);
  findings.note("of these dead", DEAD);
  findings.note("heartbeats that nobody heard", refused);
  await judge(findings, post, program.database);
  return findings.conclude();
}

async function judge(findings: Findings, post: PostOffice, database: string): Promise<void> {
  const letters = await Promise.all(post.delivered.map(readLetter));
  const alarms = letters.filter(({ counted }) => counted.down > 0);
  const others = letters.filter(({ counted }) => counted.down === 0);
  const down = rows(
    database,
    "SELECT DISTINCT app_id FROM flips JOIN apps ON apps.id = app WHERE to_state = 'down'",
  )
    .map(({ app_id }) => Number(app_id));
  const told = alarms.flatMap(({ named }) => named.down.map(Number));
  findings.hold(
    "false alarms",
    down.filter((app) => app > DEAD).length,
    down.every((app) => app <= DEAD),
  );
  findings.hold(
    "dead that are down",
    down.filter((app) => app <= DEAD).length,
    down.length >= DEAD,
  );
  findings.hold("letters with an alarm", alarms.length, alarms.length === 1);
  findings.hold(
    "dead in them",
    new Set(told).size,
    told.length === DEAD && told.every((app) => app <= DEAD),
  );
  findings.hold("letters about the gap", others.length, others.length <= 1);
  for (const { subject } of letters) findings.note("letter", subject);
}

function refusedBy(herd: Herd): number {
  return [...herd.refused.values()].reduce((sum, count) => sum + count, 0);
}
