/** Holds knocks at the mail server's door against its one retry clock. */

import { type Duration, MINUTE } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import { Failure } from "./failure.ts";
import { retryWait } from "./mail_rules.ts";
import type { Knock } from "./mail_trial.ts";
import type { Observer } from "./observer.ts";
import type { World } from "./world.ts";

/** Judges when the server is tried. */
export class DoorOracle {
  readonly #world: World;
  readonly #observer: Observer;
  #knocks = 0;
  /** The one retry clock: how many knocks in a row were in vain, and the last of them. */
  #vain: {
    readonly count: number;
    readonly last: Knock;
    readonly endedAtMost: Duration;
    /** Some of them could not be written down, so that nobody knows how many count. */
    readonly isUnsure: boolean;
  } | null = null;
  #openKnock: Knock | null = null;
  /** Whether the knock before the last was in vain. */
  wasVain = false;
  /** When it last opened after it had been shut. */
  #openedAt: Passed = -Infinity;

  constructor(world: World, observer: Observer) {
    this.#world = world;
    this.#observer = observer;
  }

  /** When the server may be tried again; it must be soon after. */
  get opensAt(): Passed {
    const vain = this.#vain;
    if (vain === null) return 0;
    const { time, cadence } = this.#world;
    const endedAt = vain.last.endedAt ?? 0;
    const lag = time.jumpedAt > endedAt ? cadence.lookEvery : 0;
    return endedAt + retryWait(vain.isUnsure ? Infinity : vain.count) + lag;
  }

  /** Whether it opened so lately that a letter may have waited for that: several go out at once. */
  get hasJustOpened(): boolean {
    return this.wasVain || this.#world.time.passed - this.#openedAt < MINUTE;
  }

  /** Judges what has happened since the last look. */
  look(): void {
    const { knocks } = this.#world.post;
    for (const knock of knocks.slice(this.#knocks)) this.#knock(knock);
    this.#knocks = knocks.length;
    this.#endKnock();
  }

  #knock(knock: Knock): void {
    this.#endKnock();
    const vain = this.#vain;
    const { time, host } = this.#world;
    const isTroubled = this.#isTroubled;
    if (vain !== null && vain.last.life === knock.life) {
      const wait = time.most - vain.endedAtMost;
      const isForced = host.forcedAt >= (vain.last.endedAt ?? 0);
      if (wait < retryWait(vain.count) && !isForced && !vain.isUnsure && !isTroubled) {
        throw new Failure(
          "late",
          null,
          `the server was tried again ${wait} ms after try ${vain.count}`,
        );
      }
    } else this.#vain = null;
    this.#openKnock = knock;
  }

  /** Whether letters may go out straight from memory, which know of no clock. */
  get #isTroubled(): boolean {
    const { host, isTroubled } = this.#world;
    return isTroubled || host.doorway?.isShut === true;
  }

  #endKnock(): void {
    const knock = this.#openKnock;
    if (knock === null || knock.endedAt === null) return;
    this.#openKnock = null;
    this.wasVain = this.#vain !== null;
    this.#observer.remark(null, `the mail server ${knock.isLetIn ? "lets us in" : "refuses"}`);
    const { time } = this.#world;
    const isTroubled = this.#isTroubled;
    if (knock.isLetIn && isTroubled && this.#vain !== null) {
      // For a letter straight from memory: that the door is open cannot be written down.
      this.#vain = { ...this.#vain, isUnsure: true };
      return;
    }
    if (knock.isLetIn && this.wasVain) this.#openedAt = time.passed;
    this.#vain = knock.isLetIn ? null : {
      count: (this.#vain?.count ?? 0) + 1,
      last: knock,
      endedAtMost: time.most,
      isUnsure: isTroubled || this.#vain?.isUnsure === true,
    };
  }
}
