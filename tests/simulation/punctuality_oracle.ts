/** Holds first tries against the digest window and the mail interval. */

import { type Duration, HOUR, type Instant } from "../../lib/clock.ts";
import type { DoorOracle } from "./door_oracle.ts";
import { Failure } from "./failure.ts";
import { tellsOfFlapping, toldBy } from "./letter_reader.ts";
import { INTERVAL, PUNCTUALITY, WINDOW } from "./mail_rules.ts";
import type { Trial } from "./mail_trial.ts";
import type { MessageRow, OwedRow } from "./outbox_witness.ts";
import type { World } from "./world.ts";

/** The last letter of news to an address that was taken at its first try. */
interface LastNews {
  readonly endedAtMost: Duration;
  /** It told of no app that is down: then it holds up no alarm. */
  readonly isGood: boolean;
  /** It told of a flapping app, so that nobody can say which it is. */
  readonly isMixed: boolean;
  /** Nothing held it up, so that the next one waits for it. */
  readonly isSure: boolean;
}

/** Judges when news is tried first. */
export class PunctualityOracle {
  readonly #world: World;
  readonly #door: DoorOracle;
  readonly #lastNews = new Map<string, LastNews>();

  constructor(world: World, door: DoorOracle) {
    this.#world = world;
    this.#door = door;
  }

  /** The first try of a letter of news begins. */
  begin(trial: Trial, row: MessageRow): void {
    this.#findHasty(trial, row);
    this.#findTardy(trial, row);
  }

  /** A letter of news was taken at its first try. */
  taken(
    { to, endedAtMost }: { readonly to: string; readonly endedAtMost: Duration },
    text: string,
  ): void {
    this.#lastNews.set(to, {
      endedAtMost,
      isGood: [...toldBy(text).values()].every(({ isDown }) => !isDown),
      isMixed: tellsOfFlapping(text),
      isSure: !this.#door.hasJustOpened,
    });
  }

  /** Whether a first try began when it could. */
  #findTardy({ mail: { to } }: Trial, { firstFrom, firstDownFrom }: MessageRow): void {
    const { time, host, post, isTroubled } = this.#world;
    const knock = post.knocks.at(-1);
    if (knock === undefined || firstFrom === null || isTroubled || this.#door.wasVain) return;
    const due = this.#dueAt(to, { firstFrom, firstDownFrom });
    const beganAt = time.wall - (time.passed - knock.beganAt);
    const ableFor = knock.beganAt - Math.max(knock.idleSince, host.ableSince);
    const late = Math.min(beganAt - due, ableFor);
    if (late > PUNCTUALITY) {
      throw new Failure("late", null, `a letter to ${to} is tried ${late} ms late`);
    }
  }

  /** When news to an address is to be tried first, by the wall. */
  #dueAt(
    address: string,
    { firstFrom, firstDownFrom }: Pick<OwedRow, "firstFrom" | "firstDownFrom">,
  ): Instant {
    const { time, cadence } = this.#world;
    const last = this.#lastNews.get(address);
    const lag = time.passed - time.jumpedAt < HOUR ? cadence.lookEvery : 0;
    const interval = last === undefined ? 0 : last.endedAtMost + INTERVAL - time.most + time.wall;
    const isAlarm = last?.isGood === true && !last.isMixed && firstDownFrom !== null;
    const alarm = isAlarm ? firstDownFrom + WINDOW : Infinity;
    return Math.min(Math.max(firstFrom + WINDOW, interval), alarm) + lag;
  }

  /** Whether the digest window and the mail interval were waited for. */
  #findHasty({ mail: { to } }: Trial, { firstFrom, firstDownFrom }: MessageRow): void {
    const { time } = this.#world;
    const last = this.#lastNews.get(to);
    if (firstFrom === null) return;
    const isFree = last === undefined || !last.isSure || time.most - last.endedAtMost >= INTERVAL;
    const isGathered = time.wall >= firstFrom + WINDOW;
    const isAlarm = last?.isGood === true && firstDownFrom !== null &&
      time.wall >= firstDownFrom + WINDOW;
    if (isGathered && (isFree || isAlarm)) return;
    const why = isGathered ? "the mail interval" : "the digest window";
    throw new Failure("late", null, `a letter to ${to} did not wait for ${why}`);
  }

  /** Whether news that is owed and in no message should have been tried by now. */
  findLate({ address, firstFrom, firstDownFrom, lastFrom, isHeld }: OwedRow): void {
    const { time } = this.#world;
    if (lastFrom > time.wall + HOUR) {
      throw new Failure("late", null, `news to ${address} is held back for more than an hour`);
    }
    const due = this.#dueAt(address, { firstFrom, firstDownFrom }) + PUNCTUALITY;
    // A message that can be written anew takes it along at its next try.
    if (isHeld || time.wall <= due) return;
    throw new Failure("late", null, `${address} is owed news for ${time.wall - firstFrom} ms`);
  }
}
