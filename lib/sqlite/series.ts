/**
 * Heartbeats of an app that follow on one another, written short: each as the
 * milliseconds since the one before it, and only one that says something else
 * than that, or comes from elsewhere, with what it says.
 *
 *     [0,"success","OK:200","192.0.2.1","curl/8"],60012,59988,[60003,"fail",…],60000
 *
 * At one a minute an app writes 9 kB a day.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Heartbeat, HeartbeatKind } from "../heartbeat.ts";

/** A heartbeat of an app, by its place in the app's history: 1 is its first. */
export interface NumberedHeartbeat extends Omit<Heartbeat, "appId"> {
  readonly number: number;
}

/** As much of a series as a row takes. */
export interface Stretch {
  /** When its first heartbeat came, and its last. */
  readonly at: Instant;
  readonly toAt: Instant;
  readonly count: number;
  /** What the first one says, and the last: JSON without the brackets of its array. */
  readonly head: string;
  readonly tail: string;
  /** Those behind the first one. */
  readonly rest: string;
}

/** A heartbeat of an app that need not be named. */
export type Beat = Omit<Heartbeat, "appId">;

/** What a heartbeat says beside that it came. */
type Words = Pick<Heartbeat, "kind" | "message" | "address" | "userAgent">;

/** What one says before anything was said. */
const SILENT: Words = { kind: "success", message: null, address: null, userAgent: null };

/** A series that grows; it takes some ten bytes for each heartbeat. */
export class Series {
  /** What was said last, by whatever app: many say the same, and it is kept once for all of them. */
  static #lastWords = SILENT;

  /** When the first one came. */
  #at: Instant = 0;
  /** How long each came after the one before it; ahead of that what it says, where it is something else. */
  readonly #entries: (number | Words)[] = [];
  #length = 0;
  /** When the last one came, and what it said. */
  #toAt: Instant = 0;
  #words: Words | null = null;

  constructor(beats: readonly Beat[]) {
    this.add(beats);
  }

  /** How many heartbeats there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds the next ones. */
  add(beats: readonly Beat[]): void {
    for (const beat of beats) {
      if (this.#words === null) this.#at = this.#toAt = beat.at;
      if (this.#words === null || !saysTheSame(beat, this.#words)) {
        const { kind, message, address, userAgent } = beat;
        if (!saysTheSame(beat, Series.#lastWords)) {
          Series.#lastWords = { kind, message, address, userAgent };
        }
        this.#words = Series.#lastWords;
        this.#entries.push(this.#words);
      }
      this.#entries.push(beat.at - this.#toAt);
      this.#toAt = beat.at;
      this.#length++;
    }
  }

  /** All of it in stretches, each of at least so many characters but the last. */
  *stretches(length: number): Generator<Stretch> {
    let [at, words, isNew] = [this.#at, "", true];
    let stretch: { -readonly [Key in keyof Stretch]: Stretch[Key] } | null = null;
    for (const entry of this.#entries) {
      if (typeof entry !== "number") {
        [words, isNew] = [wordsOf(entry), true];
        continue;
      }
      at += entry;
      if (stretch === null) {
        stretch = { at, toAt: at, count: 1, head: words, tail: words, rest: "" };
      } else {
        stretch.rest += isNew ? `,[${entry},${words}]` : `,${entry}`;
        stretch.toAt = at;
        stretch.count++;
        stretch.tail = words;
      }
      isNew = false;
      if (stretch.head.length + stretch.rest.length < length) continue;
      yield stretch;
      stretch = null;
    }
    if (stretch !== null) yield stretch;
  }

  /** The same but for what they say, of up to `limit` heartbeats from this one on; the first is 1. */
  bare({ from, limit }: { readonly from: number; readonly limit: number }): BareHeartbeat[] {
    let [number, at] = [1, this.#at];
    let { kind } = SILENT;
    const beats: BareHeartbeat[] = [];
    for (const entry of this.#entries) {
      if (typeof entry !== "number") {
        kind = entry.kind;
        continue;
      }
      at += entry;
      if (number >= from) beats.push({ number, at, kind });
      number++;
      if (beats.length === limit) break;
    }
    return beats;
  }

  /** The heartbeats, in order; the first one has this number. */
  numbered(number: number): NumberedHeartbeat[] {
    let at = this.#at;
    let words = SILENT;
    const beats: NumberedHeartbeat[] = [];
    for (const entry of this.#entries) {
      if (typeof entry !== "number") words = entry;
      else beats.push({ number: number++, at: at += entry, ...words });
    }
    return beats;
  }
}

/** A series as it stands in a row; the first one has this number, and counts from this instant. */
interface Written {
  readonly number: number;
  readonly at: Instant;
  readonly text: string;
}

/** Of a heartbeat its place in history, when it came, and of what kind it is. */
export type BareHeartbeat = Pick<NumberedHeartbeat, "number" | "at" | "kind">;

/** The heartbeats of a text, in order. */
export function numbered(row: Written): NumberedHeartbeat[] {
  let { number, at } = row;
  let words = SILENT;
  return parsed(row).map((entry) => {
    if (typeof entry === "number") at += entry;
    else {
      const [since, kind, message, address, userAgent] = entry;
      at += since;
      words = { kind, message, address, userAgent };
    }
    return { number: number++, at, ...words };
  });
}

/** The same, but for what they say: it takes half the time. */
export function bareIn(row: Written): readonly BareHeartbeat[] {
  let { number, at } = row;
  let kind: HeartbeatKind = "success";
  return parsed(row).map((entry) => {
    at += typeof entry === "number" ? entry : entry[0];
    if (typeof entry !== "number") kind = entry[1];
    return { number: number++, at, kind };
  });
}

function parsed({ text }: Written): readonly Parsed[] {
  return JSON.parse(`[${text}]`);
}

type Parsed =
  | number
  | readonly [number, HeartbeatKind, string | null, string | null, string | null];

function wordsOf({ kind, message, address, userAgent }: Words): string {
  return JSON.stringify([kind, message, address, userAgent]).slice(1, -1);
}

/** Whether nothing but the moment differs. */
export function saysTheSame(one: Words, other: Words): boolean {
  return one.message === other.message && one.kind === other.kind &&
    one.address === other.address && one.userAgent === other.userAgent;
}
