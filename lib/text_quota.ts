/**
 * The quota on what apps and their programs say: a generous amount of text a
 * minute for each app and each sender. What is beyond it is not kept; that the
 * app is alive is.
 *
 * Without one a single client that sends long messages as fast as it can fills
 * a disk within minutes (341 MB in 8 s, measured), and then nobody is heard.
 *
 * @module
 */

import { type Instant, MINUTE } from "./clock.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { network } from "./guesses.ts";

/** What an app may say in a minute, in units of UTF-16: some 500 messages of the longest. */
export const QUOTA_OF_APP = 2_000_000;

/** And what all may that send from one address: 500 such messages a second. */
export const QUOTA_OF_ADDRESS = 32_000_000;

/**
 * A message of up to so many units is free: it takes no more room than all else
 * that is kept of its heartbeat.
 */
export const FREE_LENGTH = 32;

/** Of how many apps and addresses it is counted in a minute; all others share one count. */
const COUNTED_LIMIT = 10_000;

/** Of which apps the text is beyond the quota. */
export type Spared = (appId: string) => boolean;

/** What is counted of a heartbeat. */
type Said = Pick<Heartbeat, "appId" | "message" | "userAgent">;

/** Counts text, in memory only. */
export class TextQuota {
  #minute = NaN;
  #ofApps = new Map<string, number>();
  #ofAddresses = new Map<string, number>();

  /**
   * Counts the messages of a request, and what its program calls itself.
   * Returns whose are beyond the quota; null while none are.
   */
  take(
    heartbeats: readonly Said[],
    address: string,
    now: Instant,
  ): Spared | null {
    let length = counted(heartbeats[0]?.userAgent ?? null);
    for (const { message } of heartbeats) length += counted(message);
    // Nearly all that comes.
    if (length === 0) return null;
    this.#turn(now);
    const total = add(this.#ofAddresses, network(address), length);
    const beyond = new Set<string>();
    for (const { appId, message } of heartbeats) {
      const said = counted(message);
      if (said > 0 && add(this.#ofApps, appId, said) > QUOTA_OF_APP) beyond.add(appId);
    }
    if (total > QUOTA_OF_ADDRESS) return () => true;
    return beyond.size === 0 ? null : (appId) => beyond.has(appId);
  }

  /** Begins to count anew with each minute of the clock. */
  #turn(now: Instant): void {
    const minute = Math.floor(now / MINUTE);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#ofApps = new Map();
    this.#ofAddresses = new Map();
  }
}

function counted(text: string | null): number {
  return text === null || text.length <= FREE_LENGTH ? 0 : text.length;
}

function add(counts: Map<string, number>, name: string, length: number): number {
  const key = counts.has(name) || counts.size < COUNTED_LIMIT ? name : "";
  const total = (counts.get(key) ?? 0) + length;
  counts.set(key, total);
  return total;
}
