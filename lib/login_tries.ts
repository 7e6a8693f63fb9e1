/**
 * Tries at a secret: some are free for each address, then each that fails
 * makes the next one wait twice as long.
 *
 * @module
 */

import { type Duration, HOUR, type Instant, MINUTE, SECOND } from "./clock.ts";

/** Slips of the hand. */
const FREE_TRIES = 5;

/** What the first try beyond those waits, and what any waits at most. */
const FIRST_WAIT: Duration = SECOND;
const LONGEST_WAIT: Duration = 15 * MINUTE;

/** After how long without a try an address starts anew. */
const FORGOTTEN_AFTER: Duration = HOUR;

/** Of how many addresses tries are remembered; beyond that the one that tried first is forgotten. */
const ADDRESSES_LIMIT = 10_000;

/** What is remembered of an address. */
interface Tried {
  readonly failed: number;
  readonly at: Instant;
}

/** Remembers who failed, in memory only. */
export class LoginTries {
  readonly #tried = new Map<string, Tried>();

  /** How long this address has to wait before it may try again; 0 for not at all. */
  wait(address: string, now: Instant): Duration {
    const tried = this.#of(address, now);
    if (tried === null || tried.failed < FREE_TRIES) return 0;
    const wait = Math.min(FIRST_WAIT * 2 ** (tried.failed - FREE_TRIES), LONGEST_WAIT);
    // A clock that was set back makes nobody wait for longer than this.
    return Math.min(Math.max(tried.at + wait - now, 0), wait);
  }

  /** Notes a try that failed. To be noted before it is known how it ends, if many may come at once. */
  failed(address: string, now: Instant): void {
    const failed = (this.#of(address, now)?.failed ?? 0) + 1;
    const key = network(address);
    this.#tried.delete(key);
    this.#tried.set(key, { failed, at: now });
    const [oldest] = this.#tried.keys();
    if (this.#tried.size > ADDRESSES_LIMIT && oldest !== undefined) this.#tried.delete(oldest);
  }

  /** Notes that the address knows the secret. */
  succeeded(address: string): void {
    this.#tried.delete(network(address));
  }

  #of(address: string, now: Instant): Tried | null {
    const tried = this.#tried.get(network(address));
    return tried === undefined || now - tried.at > FORGOTTEN_AFTER ? null : tried;
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
