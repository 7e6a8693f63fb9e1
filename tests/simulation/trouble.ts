/** Everything that goes wrong, each at its own rate. */

import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { sendAtLast, shutBeforeBeat, stallAt, stallBrieflyAt, stumbleAt } from "./close_calls.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** A loop that stands still for as long is noticed, and so long is short. */
const SHORTEST_STALL: Duration = SECOND + 1;
const LONGEST_BRIEF_STALL: Duration = 9 * SECOND;

/** What befalls the service, and how long passes between two on average. */
const TROUBLES: readonly (readonly [Duration, (world: World, random: Random) => void])[] = [
  [10 * HOUR, crash],
  [16 * HOUR, stop],
  [30 * HOUR, sleep],
  [12 * HOUR, stall],
  [8 * HOUR, stallBriefly],
  [2 * DAY, setClock],
  [20 * HOUR, spoilDisk],
  [14 * HOUR, changeWeather],
  [8 * DAY, refuseAddress],
  [2 * DAY, check],
  [DAY, storm],
  [6 * HOUR, callClose],
  [3 * DAY, flutter],
  [16 * HOUR, shutDoor],
  [6 * HOUR, shutDoorInHaste],
  [8 * HOUR, stickLog],
];

/** Bad weather at the mail server; that it is slow takes the longest to find out about. */
const WEATHERS = [
  "unreachable",
  "denying",
  "slow",
  "slow",
  "deferring",
  "rejecting",
  "unanswering",
] as const;

/** Lets all of it befall a world, some more often, some less, until it is over. */
export function unleash(world: World, random: Random): void {
  for (const [mean, befall] of TROUBLES) {
    const chance = random.fork();
    const pace = mean * chance.span(1, 4) / 2;
    const isSpared = chance.chance(0.2);
    const plan = () => {
      world.agenda.add(world.time.passed + chance.wait(pace), () => {
        if (world.isCalm) return;
        befall(world, chance);
        plan();
      });
    };
    if (!isSpared) plan();
  }
}

/** At any moment: after some statement, some look at the clock, some word to the mail server. */
function crash({ host }: World, random: Random): void {
  if (host.life === null) return;
  if (random.chance(0.3)) host.life.kill();
  else host.life.lightFuse(random.whole(1, 60));
}

/** As for a reboot, or for longer; a machine without power may wake by another clock. */
function stop(world: World, random: Random): void {
  const span = random.chance(0.5) ? random.span(SECOND, 5 * MINUTE) : random.span(MINUTE, 2 * DAY);
  world.host.stop(span);
  if (!random.chance(0.1)) return;
  world.agenda.add(world.time.passed + Math.ceil(span / 2), () => {
    if (world.host.state === "off") setClock(world, random);
  });
}

function sleep(world: World, random: Random): void {
  if (!world.host.isListening) return;
  world.pause(random.span(3 * SECOND, 12 * HOUR), "asleep");
}

/** Too short to matter, or long enough to be noticed whenever it begins. */
function stall(world: World, random: Random): void {
  if (!world.host.isListening) return;
  const noticed = world.cadence.lookEvery + SECOND;
  const span = random.chance(0.3)
    ? random.span(10, 700)
    : random.span(noticed, noticed + 10 * MINUTE);
  world.pause(span, "stalled");
}

/** For less than apps wait for an answer: nothing that they send meanwhile is lost. */
function stallBriefly(world: World, random: Random): void {
  world.stallBriefly(random.span(SHORTEST_STALL, LONGEST_BRIEF_STALL));
}

function setClock(world: World, random: Random): void {
  const by = random.span(5 * SECOND, random.chance(0.3) ? DAY : HOUR);
  world.setClock(random.chance(0.5) ? by : -by);
}

/**
 * Mostly it can be opened at once; or another program has the port, or the
 * address is away. Or the service is stopped before it has looked.
 */
function shutDoor(world: World, random: Random): void {
  const { host, agenda, time, cadence } = world;
  if (!host.isListening) return;
  const span = random.chance(0.6) ? 0 : random.span(SECOND, random.chance(0.5) ? MINUTE : 3 * HOUR);
  world.shutDoor(span);
  if (!random.chance(0.1)) return;
  agenda.add(time.passed + random.whole(1, cadence.lookEvery - 1), () => host.stop(5 * SECOND));
}

/** It shuts just before somebody comes who has little time. */
function shutDoorInHaste(world: World, random: Random): void {
  const hasty = world.apps.filter(({ wellSince, character: { grace, isConnected } }) =>
    wellSince !== null && grace < world.cadence.lookEvery && !isConnected
  );
  const app = hasty[random.whole(0, Math.max(hasty.length - 1, 0))];
  if (app !== undefined) shutBeforeBeat(world, app.character);
}

function spoilDisk(world: World, random: Random): void {
  if (world.driver.fault !== null) return;
  world.spoilDisk(
    random.pick(["full", "locked"]),
    random.span(SECOND, random.chance(0.1) ? 3 * HOUR : 10 * MINUTE),
  );
}

function changeWeather({ post, agenda, time }: World, random: Random): void {
  post.weather = random.pick(WEATHERS);
  const span = random.chance(0.5) ? random.span(SECOND, HOUR) : random.span(HOUR, 12 * HOUR);
  agenda.add(time.passed + span, () => {
    post.weather = "fair";
  });
}

function refuseAddress({ post, agenda, time, config }: World, random: Random): void {
  const [address] = config.adminEmails;
  if (address === undefined) return;
  post.refuse(address, true);
  agenda.add(time.passed + random.span(HOUR, 6 * DAY), () => post.refuse(address, false));
}

function check({ host, time }: World): void {
  if (!host.isListening) return;
  host.forcedAt = time.passed;
  void host.request("POST", "/api/check");
}

/** Several apps complain within a minute, at one instant or one after the other. */
function storm({ apps, agenda, time }: World, random: Random): void {
  const within = random.pick([0, 2 * SECOND, 10 * SECOND, MINUTE]);
  for (const app of apps) {
    if (random.chance(0.5)) continue;
    agenda.add(time.passed + random.whole(0, within), () => app.complain());
  }
}

/** An app is heard at the last moment, or just then something else happens. */
function callClose(world: World, random: Random): void {
  const next = world.observer?.nextDeadline();
  if (next === undefined) return;
  const { appId, at } = next;
  const brief = random.span(SHORTEST_STALL, LONGEST_BRIEF_STALL);
  const calls = [
    () => sendAtLast(world, appId, at),
    () => stallBrieflyAt(world, appId, { deadline: at, span: brief }),
    () => stumbleAt(world, at),
    () => stallAt(world, appId, { deadline: at, span: random.span(5, 700) }),
  ] as const;
  random.pick(calls)();
}

/** An app falls and comes back again and again, within an hour or so. */
function flutter({ apps, agenda, time, clients }: World, random: Random): void {
  const app = apps[random.whole(0, apps.length - 1)];
  if (app === undefined) return;
  const pace = random.span(30 * SECOND, 10 * MINUTE);
  for (let times = 0; times < 8; times++) {
    const at = time.passed + times * pace;
    agenda.add(at, () => app.complain());
    agenda.add(Math.round(at + pace / 2), () => clients.beatBeside(app.character.id));
  }
}

/** Whoever reads the log is slow, stands still or goes, or its disk is full. */
function stickLog({ log, agenda, time }: World, random: Random): void {
  log.mood = random.pick(["still", "slow", "gone", "full"]);
  agenda.add(time.passed + random.span(MINUTE, DAY), () => {
    log.mood = "reading";
  });
}
