/** Finds what should have been tried by now: for all that should, somebody must be at the mail server's door. */

import type { Duration } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import type { DoorOracle } from "./door_oracle.ts";
import { Failure } from "./failure.ts";
import { HOLDS_UP, PUNCTUALITY, waitAfter } from "./mail_rules.ts";
import type { Trial } from "./mail_trial.ts";
import type { OccasionOracle } from "./occasion_oracle.ts";
import type { OutboxWitness } from "./outbox_witness.ts";
import type { PunctualityOracle } from "./punctuality_oracle.ts";
import type { World } from "./world.ts";

/** All tries of one message. */
export interface Message {
  readonly to: string;
  readonly trials: Trial[];
  /** By the hand of time that only goes ahead, see {@linkcode MachineTime.most}. */
  endedAtMost: Duration;
  /** The server has it, and a service that could write has written that down. */
  isSettled: boolean;
  /** Its text stands. */
  isFrozen: boolean;
  /** The ids of the apps that it told of at its last try. */
  readonly apps: Set<string>;
}

/** What is looked at. */
export interface Scene {
  readonly messages: ReadonlyMap<string, Message>;
  /** Letters of the outbox that are under way. */
  readonly open: readonly Trial[];
  /** When the last letter to each address ended. */
  readonly endedAt: ReadonlyMap<string, Passed>;
  readonly witness: OutboxWitness;
}

/** Judges that nobody waits without need. */
export class LatenessOracle {
  readonly #world: World;
  readonly #door: DoorOracle;
  readonly #occasions: OccasionOracle;
  readonly #punctuality: PunctualityOracle;

  constructor(
    world: World,
    parts: {
      readonly door: DoorOracle;
      readonly occasions: OccasionOracle;
      readonly punctuality: PunctualityOracle;
    },
  ) {
    this.#world = world;
    this.#door = parts.door;
    this.#occasions = parts.occasions;
    this.#punctuality = parts.punctuality;
  }

  /** Judges how it is now. */
  look(scene: Scene): void {
    const { isAble, config } = this.#world;
    if (!isAble) return;
    const late = config.adminEmails.flatMap((address) => this.#lateTo(address, scene) ?? []);
    if (late.length > this.#door.pending) throw new Failure("late", null, late[0] ?? "");
  }

  /** What is late to an address, or null; nobody knows whose knock is whose before it has a letter. */
  #lateTo(address: string, scene: Scene): string | null {
    const { time, host } = this.#world;
    const open = scene.open.filter(({ mail }) => mail.to === address);
    const [other, ...more] = open;
    if (more.length > 0) return null;
    const { turn } = this.#door;
    const freeAt = Math.max(this.#door.opensAt, host.ableSince, this.#freeAt(address, scene));
    const from = freeAt + PUNCTUALITY + turn;
    if (time.passed <= from) return null;
    const owed = scene.witness.owedAll().find((row) => row.address === address);
    const news = owed === undefined ? null : this.#punctuality.findLate(owed, turn);
    if (news !== null) return news;
    const reminder = other === undefined ? this.#occasions.findLate(address, { from, turn }) : null;
    return reminder ?? this.#lateAgain(address, from, { ...scene, open });
  }

  /** When the last letter to an address had ended, or the one that is under way holds up no news any more. */
  #freeAt(address: string, { open, endedAt }: Scene): Passed {
    const { time } = this.#world;
    const before = endedAt.get(address) ?? 0;
    const other = open.find(({ mail }) => mail.to === address);
    if (other === undefined) return before;
    // The steady clock, by which that is counted, stands still in a sleep.
    return Math.max(before, Math.max(other.knock.beganAt, time.jumpedAt) + HOLDS_UP);
  }

  /** A message that was tried and should have been tried again. */
  #lateAgain(address: string, from: Passed, { messages, open, witness }: Scene): string | null {
    const { time, cadence } = this.#world;
    for (const [messageId, message] of messages) {
      const last = message.trials.at(-1);
      if (message.to !== address || message.isSettled) continue;
      if (last === undefined || last.outcome === "sent" || last.endedAt === null) continue;
      const wait = last.outcome === null ? 0 : waitAfter(last.outcome, message.trials.length);
      const isSetUnnoticed = time.setUnnoticedAt > last.endedAt;
      const lag = (time.jumpedAt > last.endedAt ? cadence.lookEvery : 0) +
        (isSetUnnoticed ? cadence.markEvery : 0);
      // After a time of which nobody knows how long it was, what is left of the wait is waited.
      const earliest = from + (isSetUnnoticed ? wait : 0);
      const due = lag + this.#door.turn +
        Math.max(last.endedAt + wait + PUNCTUALITY, earliest, time.setAt + wait);
      if (time.passed <= due) continue;
      const row = witness.message(messageId);
      if (row?.state !== "waiting" || (open.length > 0 && row.kind !== "news")) continue;
      return `message ${messageId} to ${address} is not tried again`;
    }
    return null;
  }
}
