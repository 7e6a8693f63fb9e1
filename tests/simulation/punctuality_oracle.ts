/** Holds first tries against the digest window and the mail interval. */

import { type Duration, HOUR, type Instant } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import type { DoorOracle } from "./door_oracle.ts";
import { Failure } from "./failure.ts";
import { tellsOfFlapping, toldBy } from "./letter_reader.ts";
import {
  ALARMS_APART,
  ALARMS_SPAN,
  HOLDS_UP,
  INTERVAL,
  PUNCTUALITY,
  TURN,
  WINDOW,
} from "./mail_rules.ts";
import type { Trial } from "./mail_trial.ts";
import type { MessageRow, OwedRow } from "./outbox_witness.ts";
import type { World } from "./world.ts";

/** A letter of news to an address that was taken at its first try. */
interface TakenNews {
  readonly endedAtMost: Duration;
  /** It told of no app that is down: then it holds up no alarm. */
  readonly isGood: boolean;
  /** It told of a flapping app, so that nobody can say which it is. */
  readonly isMixed: boolean;
  /** Nothing held it up, so that the next one waits for it. */
  readonly isSure: boolean;
}

/** Letters to an address that are remembered: more than ever crowd at once. */
const REMEMBERED = 20;

/** Judges when news is tried first. */
export class PunctualityOracle {
  readonly #world: World;
  readonly #door: DoorOracle;
  /** By address, the last ones, in order. */
  readonly #taken = new Map<string, readonly TakenNews[]>();
  /** Addresses whose news waits for a message that can be written anew. */
  readonly #held = new Set<string>();
  /** When such a message was last found to have nothing to tell any more, so that the news can go. */
  readonly #freeSince = new Map<string, Passed>();

  constructor(world: World, door: DoorOracle) {
    this.#world = world;
    this.#door = door;
  }

  /** The first try of a letter of news begins; it had to wait for others until `crossedAt`. */
  begin(trial: Trial, row: MessageRow, crossedAt: Passed): void {
    this.#findHasty(trial, row);
    this.#findTardy(trial, row, crossedAt);
  }

  /** A letter of news was taken at its first try. */
  taken(
    { to, endedAtMost }: { readonly to: string; readonly endedAtMost: Duration },
    { mail: { text }, knock }: Trial,
  ): void {
    const before = this.#taken.get(to) ?? [];
    const letter = {
      endedAtMost,
      isGood: [...toldBy(text).values()].every(({ isDown }) => !isDown),
      isMixed: tellsOfFlapping(text),
      isSure: !this.#door.isDoubtful(knock),
    };
    this.#taken.set(to, [...before, letter].slice(-REMEMBERED));
  }

  /** Whether a first try began when it could. */
  #findTardy(
    { mail: { to }, knock, life }: Trial,
    { firstFrom, firstDownFrom }: MessageRow,
    crossedAt: Passed,
  ): void {
    const { time, host, post, isTroubled } = this.#world;
    if (firstFrom === null || isTroubled || this.#door.isDoubtful(knock)) return;
    const due = Math.max(this.#dueAt(to, { firstFrom, firstDownFrom }), this.#freeAt(to));
    const beganAt = time.wall - (time.passed - knock.beganAt);
    const { freeSince, slowSince, isBehind } = this.#door.waitedFor(knock);
    const before = post.trials.filter((each) => each.mail.to === to && each.knock !== knock);
    const addressFreeAt = before.map(({ knock: other, endedAt }) =>
      Math.min(endedAt ?? Infinity, other.beganAt + HOLDS_UP)
    );
    // Beside two there is no third.
    const ends = before.filter((each) => each.life === life).map(({ endedAt }) =>
      endedAt ?? Infinity
    );
    const [, crowdedUntil = 0] = ends.sort((one, other) => other - one);
    const since = Math.max(
      ...[freeSince, slowSince, crossedAt, host.ableSince, crowdedUntil],
      ...addressFreeAt,
    );
    const ableFor = knock.beganAt - since;
    const late = Math.min(beganAt - due, ableFor);
    if (late > PUNCTUALITY + (isBehind ? TURN : 0)) {
      throw new Failure("late", null, `a letter to ${to} is tried ${late} ms late`);
    }
  }

  /** When the address was last free of a message that its news waited for, by the wall. */
  #freeAt(address: string): Instant {
    const { time } = this.#world;
    if (this.#held.has(address)) return time.wall;
    return time.wall - (time.passed - (this.#freeSince.get(address) ?? -Infinity));
  }

  /** When news to an address is to be tried first, by the wall. */
  #dueAt(
    address: string,
    { firstFrom, firstDownFrom }: Pick<OwedRow, "firstFrom" | "firstDownFrom">,
  ): Instant {
    const { time, cadence } = this.#world;
    const taken = this.#taken.get(address) ?? [];
    const last = taken.at(-1);
    const lag = time.passed - time.jumpedAt < HOUR ? cadence.lookEvery : 0;
    const byWall = (most: Duration) => most - time.most + time.wall;
    const interval = last === undefined ? 0 : byWall(last.endedAtMost + INTERVAL);
    // What may have been an alarm counts as one here.
    const crowding = taken.filter(({ isGood, isMixed }) => !isGood || isMixed).at(-ALARMS_APART);
    const crowded = crowding === undefined ? 0 : byWall(crowding.endedAtMost + ALARMS_SPAN);
    const isHeld = last !== undefined && (!last.isGood || last.isMixed);
    const alarm = firstDownFrom === null
      ? Infinity
      : Math.max(firstDownFrom + WINDOW, isHeld ? Math.min(crowded, interval) : 0);
    return Math.min(Math.max(firstFrom + WINDOW, interval), alarm) + lag;
  }

  /** Whether the digest window and the mail interval were waited for. */
  #findHasty({ mail: { to } }: Trial, { firstFrom, firstDownFrom }: MessageRow): void {
    const { time } = this.#world;
    const taken = this.#taken.get(to) ?? [];
    const last = taken.at(-1);
    if (firstFrom === null) return;
    const isFree = last === undefined || !last.isSure || time.most - last.endedAtMost >= INTERVAL;
    const isGathered = time.wall >= firstFrom + WINDOW;
    const isAlarm = firstDownFrom !== null && time.wall >= firstDownFrom + WINDOW;
    // What may have been none does not count as an alarm here.
    const alarms = taken.filter(({ endedAtMost, isGood, isMixed, isSure }) =>
      !isGood && !isMixed && isSure && time.most - endedAtMost < ALARMS_SPAN
    );
    const isRoom = last?.isGood === true || alarms.length < ALARMS_APART;
    if (isGathered && (isFree || (isAlarm && isRoom))) return;
    const why = isGathered ? "the mail interval" : "the digest window";
    throw new Failure("late", null, `a letter to ${to} did not wait for ${why}`);
  }

  /** Whether news that is owed and in no message should have been tried by now; null if not. */
  findLate(
    { address, firstFrom, firstDownFrom, lastFrom, isHeld }: OwedRow,
    turn: Duration,
  ): string | null {
    const { time } = this.#world;
    if (lastFrom > time.wall + HOUR) {
      throw new Failure("late", null, `news to ${address} is held back for more than an hour`);
    }
    // A message that can be written anew takes it along at its next try.
    if (isHeld) {
      this.#held.add(address);
      return null;
    }
    if (this.#held.delete(address)) this.#freeSince.set(address, time.passed);
    const due = Math.max(this.#dueAt(address, { firstFrom, firstDownFrom }), this.#freeAt(address));
    if (time.wall <= due + PUNCTUALITY + turn) return null;
    return `${address} is owed news for ${time.wall - firstFrom} ms`;
  }
}
