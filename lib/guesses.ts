/**
 * Guesses at a secret: some are free for each address, then each wrong one
 * makes the next wrong one wait twice as long, or it is one too many.
 *
 * Who has the right one never waits: behind one address may be a whole office,
 * or a proxy that nobody told us of, and one guesser must not lock out the rest.
 * That slows nobody who guesses on all the same; what keeps secrets safe is that
 * they have 16 characters at least, and that the log tells of guesses.
 *
 * @module
 */

import { type Duration, HOUR, type Instant, MINUTE, SECOND } from "./clock.ts";

/** Slips of the hand. */
const FREE_GUESSES = 5;

/** What the first one beyond those waits, and what any waits at most. */
const FIRST_WAIT: Duration = SECOND;
const LONGEST_WAIT: Duration = 15 * MINUTE;

/** After how long without a wrong one an address starts anew. */
const FORGOTTEN_AFTER: Duration = HOUR;

/** Of how many addresses they are remembered; beyond that the one is forgotten that has guessed least lately. */
const ADDRESSES_LIMIT = 10_000;

/** What is remembered of an address. */
interface Guessed {
  readonly wrong: number;
  readonly at: Instant;
}

/** Remembers who was wrong, in memory only. */
export class Guesses {
  readonly #guessed = new Map<string, Guessed>();

  /** How long this address has to wait before it may be wrong again; 0 for not at all. */
  wait(address: string, now: Instant): Duration {
    const guessed = this.#of(address, now);
    if (guessed === null || guessed.wrong < FREE_GUESSES) return 0;
    const wait = Math.min(FIRST_WAIT * 2 ** (guessed.wrong - FREE_GUESSES), LONGEST_WAIT);
    // A clock that was set back makes nobody wait for longer than this.
    return Math.min(Math.max(guessed.at + wait - now, 0), wait);
  }

  /** Notes a wrong one, and returns how long this address should have waited with it. */
  wrong(address: string, now: Instant): Duration {
    const wait = this.wait(address, now);
    const wrong = (this.#of(address, now)?.wrong ?? 0) + 1;
    const key = network(address);
    this.#guessed.delete(key);
    this.#guessed.set(key, { wrong, at: now });
    const [oldest] = this.#guessed.keys();
    if (this.#guessed.size > ADDRESSES_LIMIT && oldest !== undefined) this.#guessed.delete(oldest);
    return wait;
  }

  /** Notes that the address knows the secret. */
  right(address: string): void {
    this.#guessed.delete(network(address));
  }

  #of(address: string, now: Instant): Guessed | null {
    const guessed = this.#guessed.get(network(address));
    return guessed === undefined || now - guessed.at > FORGOTTEN_AFTER ? null : guessed;
  }
}

/** Whose address it is: who has one of IPv6 has the 2^64 beside it as well. */
export function network(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(8 - groups.length - behind.length, 0);
  const whole = [...groups, ...Array.from({ length: zeros }, () => "0"), ...behind];
  return whole.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":");
}
