/**
 * Apps that beat by a script, each at its own phase, whether or not anyone
 * listens.
 *
 *   phase      + period     + 2 periods
 *     |------------|------------|--------- …
 *   ±play        ±play        ±play          never nearer than due − grace,
 *                                            never as late as the deadline
 */

import type { Defaults } from "../../lib/app.ts";
import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import type { Passed } from "./agenda.ts";
import type { Random } from "./random.ts";
import type { Manner } from "./speech.ts";
import type { World } from "./world.ts";

/** What is true of an app for good. */
export interface Character {
  readonly id: string;
  readonly period: Duration;
  readonly grace: Duration;
  /** How far from its due instant it beats at most. */
  readonly play: Duration;
  readonly phase: Duration;
  /** Whether it keeps its connection from one heartbeat to the next. */
  readonly isConnected: boolean;
  /** How it sends what it says, where it sends one heartbeat. */
  readonly manner: Manner;
  /** How many periods it goes on for, on average, before something befalls it. */
  readonly health: number;
  /** Whether a person sets it up; else it registers itself, and what is expected is the default. */
  readonly isSetUp: boolean;
}

const PERIODS: readonly [Duration, ...Duration[]] = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  DAY,
  25 * HOUR,
];

/** What the loop may take to read a request while it is busy: apps of these runs leave it that. */
const MARGIN: Duration = SECOND;

/** An app of its own kind. */
export function character(id: string, random: Random, defaults: Defaults): Character {
  const isSetUp = random.chance(0.75);
  const { period, grace } = isSetUp ? settings(random) : defaults;
  const most = Math.floor((Math.min(grace, period) - 1 - MARGIN) / 2);
  return {
    id,
    period,
    grace,
    play: random.pick([0, Math.min(most, SECOND), most]),
    phase: random.whole(0, period - 1),
    isConnected: random.chance(0.25),
    manner: random.pick(["json", "json", "foreign", "long"]),
    health: random.span(5, 400),
    isSetUp,
  };
}

/** What a person sets. */
function settings(random: Random): Defaults {
  const period = inSeconds(
    random.chance(0.2) ? random.span(2 * MINUTE, DAY) : random.pick(PERIODS),
  );
  const grace = inSeconds(Math.max(
    30 * SECOND,
    random.pick([period / 2, period / 10, 30 * SECOND, 5 * MINUTE, Math.min(2 * period, 6 * HOUR)]),
  ));
  return { period, grace };
}

/** Beats, dies, comes back, complains. */
export class ScriptedApp {
  readonly character: Character;
  /** Since when it has beaten by its script without a miss; null while it does not. */
  wellSince: Passed | null = null;
  readonly #world: World;
  readonly #random: Random;
  #left = 0;
  #beats = 0;

  constructor(character: Character, world: World, random: Random) {
    this.character = character;
    this.#world = world;
    this.#random = random;
  }

  /** Begins to beat by its script, at its next instant from now on. */
  begin(): void {
    const { period, phase, health } = this.character;
    this.#left = this.#random.wait(health);
    this.#beats = Math.ceil((this.#world.time.passed + period - phase) / period);
    this.wellSince = this.#world.time.passed;
    this.#plan();
  }

  /** Reports a failure beside its script, if it beats; the next success is its recovery. */
  complain(): void {
    if (this.#left > 0) this.#say("fail");
  }

  /** Something beside its script: it is back in step with its next beat. */
  interrupt(): void {
    this.wellSince = null;
  }

  #plan(): void {
    const { period, phase, play } = this.character;
    const off = play === 0 ? 0 : this.#random.pick([
      -play,
      play,
      this.#random.whole(-play, play),
      this.#random.whole(-play, play),
    ]);
    this.#world.agenda.add(phase + this.#beats * period + off, () => this.#beat());
  }

  #beat(): void {
    this.#beats++;
    this.#left--;
    if (this.#left > 0) {
      this.wellSince ??= this.#world.time.passed;
      this.#say("success");
      if (this.#random.chance(0.02)) this.#say(this.#random.pick(["start", "log"]));
      this.#plan();
      return;
    }
    this.#befall();
  }

  /** What befalls an app: a failure, a delay, a death for a while or for good. */
  #befall(): void {
    const { period, grace } = this.character;
    const { agenda, time } = this.#world;
    this.wellSince = null;
    switch (this.#random.pick(["fail", "fail", "late", "dead", "dead", "dead", "gone"])) {
      case "fail":
        this.#say("fail");
        agenda.add(time.passed + this.#random.span(SECOND, period), () => this.begin());
        return;
      case "late":
        agenda.add(time.passed + 2 * grace + this.#random.whole(0, period), () => this.begin());
        return;
      case "dead":
        agenda.add(time.passed + period + this.#random.span(grace, 3 * DAY), () => this.begin());
        return;
      case "gone":
        return;
    }
  }

  #say(kind: HeartbeatKind): void {
    this.#world.clients.send([{ appId: this.character.id, kind }]);
  }
}

/** Settings are read in whole seconds. */
function inSeconds(span: Duration): Duration {
  return Math.round(span / SECOND) * SECOND;
}
