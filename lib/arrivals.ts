/**
 * Arrivals: what has come, counted as it is taken up. Requests, so that all of
 * them are read before anybody is judged; and after a loop that stood still the
 * connections, for the kernel keeps only so many that nobody has accepted.
 *
 * @module
 */

import { type Duration, SECOND } from "./clock.ts";
import { drained, TURNS_OF_A_QUEUE } from "./loop.ts";

/**
 * After so many turns in a row without a request all has been read. One is not
 * enough: the turn that accepts connections reads nothing from them.
 */
const QUIET_TURNS = 3;

/**
 * Places in which a connection is remembered, a power of two: 1 MB. Two may
 * share one; with 200 new ones a second that hides 1 in 17 of a burst.
 */
const PLACES = 2 ** 18;

/** How long a connection is remembered, in seconds: most that are kept beat once a minute. */
const REMEMBERED_FOR = 75;

/** Counts requests, and connections where it is asked to. */
export class Arrivals {
  /** How many requests have come. */
  count = 0;
  /** By place: in which second a request last came over that connection. */
  readonly #metIn = new Uint32Array(PLACES);
  /** Of the steady clock; whatever was met before the first one is forgotten. */
  #second = REMEMBERED_FOR + 1;
  #isCounting = false;
  #newcomers = 0;

  /** Told of each request, where it came from: 5 ns. */
  met(host: string, port: number): void {
    const place = placeOf(host, port);
    if (this.#isCounting && this.#second - Number(this.#metIn[place]) > REMEMBERED_FOR) {
      this.#newcomers++;
    }
    this.#metIn[place] = this.#second;
  }

  /** Told the time by the steady clock, about once a second at least. */
  look(elapsed: Duration): void {
    this.#second = REMEMBERED_FOR + 1 + Math.floor(elapsed / SECOND);
  }

  /** Counts, from now on, connections over which nothing came before. */
  beginCount(): void {
    this.#isCounting = true;
    this.#newcomers = 0;
  }

  endCount(): void {
    this.#isCounting = false;
  }

  /** How many came since {@linkcode beginCount}. */
  get newcomers(): number {
    return this.#newcomers;
  }

  /**
   * Resolves once what had come by now has been read: after a loop that stood
   * still hundreds of connections wait to be accepted, which takes many turns, the
   * first of which bring nothing yet.
   */
  async allRead(): Promise<void> {
    for (let turns = 0, quiet = 0; quiet < QUIET_TURNS && turns < TURNS_OF_A_QUEUE; turns++) {
      const before = this.count;
      await drained();
      quiet = this.count > before ? 0 : quiet + 1;
    }
  }
}

/** The host's end is what tells neighbours apart; two primes spread it over all places. */
function placeOf(host: string, port: number): number {
  const end = host.length;
  const spread = host.charCodeAt(end - 1) * 7_919 ^ host.charCodeAt(end - 2) * 104_729;
  return (port ^ spread) & (PLACES - 1);
}
