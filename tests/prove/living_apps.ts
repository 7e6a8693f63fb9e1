/**
 * A few apps that beat on over a new connection each time, whatever crowd there
 * is, and one that dies.
 *
 * @module
 */

import { type Duration, type Instant, SECOND } from "../../lib/clock.ts";
import { KeptConnection } from "../support/crowd.ts";
import { pause } from "../support/proof.ts";

/** A heartbeat that was sent. */
export interface Beat {
  readonly appId: string;
  readonly sentAt: Instant;
  /** Whether it was answered 200. */
  readonly isHeard: boolean;
  /** The answer's beginning, or what happened instead. */
  readonly answer: string;
}

const LIVING = 5;

/** How often each of them beats (issue 15, 1). */
const EVERY: Duration = 2 * SECOND;

/** Beat until they are disposed of. */
export class LivingApps implements AsyncDisposable {
  /** The one that dies. */
  static readonly mortal = "mortal";
  readonly beats: Beat[] = [];
  readonly #url: string;
  readonly #loops: readonly Promise<void>[];
  #isDead = false;
  #isOver = false;

  constructor(url: string) {
    this.#url = url;
    const living = Array.from({ length: LIVING }, (_, index) => `living-${index}`);
    this.#loops = [...living, LivingApps.mortal].map((appId, index) =>
      this.#live(appId, EVERY * index / LIVING)
    );
  }

  /** Whether each of them was heard. */
  get areHeard(): boolean {
    return new Set(this.beats.filter(({ isHeard }) => isHeard).map(({ appId }) => appId)).size ===
      LIVING + 1;
  }

  /** The one dies. */
  die(): void {
    this.#isDead = true;
  }

  /** When the first heartbeat was sent since then that was heard, or null. */
  heardSince(at: Instant): Instant | null {
    return this.beats.find((beat) => beat.isHeard && beat.sentAt >= at)?.sentAt ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }

  async #live(appId: string, phase: Duration): Promise<void> {
    for (let at = Date.now() + phase;; at += EVERY) {
      await pause(Math.max(at - Date.now(), 0));
      if (this.#isOver || (this.#isDead && appId === LivingApps.mortal)) return;
      const sentAt = Date.now();
      using connection = new KeptConnection(this.#url);
      const answer = await connection.beat(appId);
      this.beats.push({ appId, sentAt, isHeard: answer.startsWith("HTTP/1.1 200"), answer });
    }
  }
}
