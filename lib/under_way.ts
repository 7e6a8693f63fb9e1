/**
 * Tries that are under way, and what may be tried beside them.
 *
 *  first   |──────── 2 min ────────|───────────────────▶ taken, or given up
 *  second         news ············|───▶ taken
 *
 * @module
 */

import { type Clock, type Duration, MINUTE } from "./clock.ts";
import type { Errand } from "./outbox.ts";

/**
 * How long a try holds up news to the same address that it does not tell. RFC
 * 5321 lets a server take ten minutes over a letter, and the next connection
 * may work where this one is dead. Nothing is told twice: what a message was
 * begun with is in no other.
 */
const HOLDS_UP_FOR: Duration = 2 * MINUTE;

/** Tries to one address at once. */
const MOST_TO_ADDRESS = 2;

/** A try from its beginning on. */
export interface Attempt {
  readonly errand: Errand;
  /** By the steady clock. */
  readonly beganAt: Duration;
  /** Whether another try to its address was under way in its time: what it was begun for may be told. */
  isBeside: boolean;
}

/** Keeps count of them. */
export class UnderWay {
  readonly #clock: Clock;
  readonly #attempts = new Set<Attempt>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many there are. */
  get count(): number {
    return this.#attempts.size;
  }

  /** Notes that a try begins. */
  begin(errand: Errand): Attempt {
    const others = this.#to(errand.address);
    const attempt = { errand, beganAt: this.#clock.elapsed(), isBeside: others.length > 0 };
    for (const other of others) other.isBeside = true;
    this.#attempts.add(attempt);
    return attempt;
  }

  /** Notes that it has ended. */
  end(attempt: Attempt): void {
    this.#attempts.delete(attempt);
  }

  /** How long its address keeps an errand waiting; null for until a try to it has ended. */
  heldUpFor({ address, kind, message }: Errand): Duration | null {
    const others = this.#to(address);
    const [other] = others;
    if (other === undefined) return 0;
    if (others.length >= MOST_TO_ADDRESS || kind !== "news") return null;
    // Nobody may find a message that waits and is about to be tried.
    if (message !== null && message.id === other.errand.message?.id) return null;
    return Math.max(other.beganAt + HOLDS_UP_FOR - this.#clock.elapsed(), 0);
  }

  /** The addresses that a try no longer holds up. */
  slow(): ReadonlySet<string> {
    const before = this.#clock.elapsed() - HOLDS_UP_FOR;
    const slow = [...this.#attempts].filter(({ beganAt }) => beganAt <= before);
    return new Set(slow.map(({ errand }) => errand.address));
  }

  #to(address: string): readonly Attempt[] {
    return [...this.#attempts].filter(({ errand }) => errand.address === address);
  }
}
