/**
 * The log's way out of the process: a queue on which nobody ever waits.
 *
 *  log ── line ── queue ── chunk ── output
 *                   │                 │
 *                   └── full          └── fails: dropped, counted, and told of in their place
 *
 * @module
 */

import { type Clock, type Duration, within } from "./clock.ts";

/**
 * Takes bytes, and resolves with how many it took: one at least. It may throw,
 * reject or never resolve: the reader has gone, the disk is full, the reader
 * stands still.
 */
export type Output = (bytes: Uint8Array) => Promise<number>;

/** What a sink is made of. */
export interface LogSinkParts {
  readonly output: Output;
  /** The line, without its break, that stands where so many are missing. */
  readonly missing: (lines: number) => string;
  /** How much may wait, in characters; {@linkcode ROOM} unless said otherwise. */
  readonly room?: number;
}

/** The lines of 35,000 apps that fall at once fit; a stuck reader costs no more memory than that. */
const ROOM = 4 * 2 ** 20;

/**
 * In bytes: so much a pipe of Linux takes in one piece (PIPE_BUF, pipe(7)), so
 * that no line of another writer comes between.
 */
const CHUNK = 4_096;

/** A line, or how many are missing in its place. */
type Entry = string | number;

/** Writes lines, whole and in their order, or drops them. */
export class LogSink {
  readonly #output: Output;
  readonly #missing: (lines: number) => string;
  readonly #encoder = new TextEncoder();
  /** What waits behind the chunk. */
  #queue: Entry[] = [];
  #room: number;
  /** What is being written, and how much of it is left. */
  #chunk: readonly Entry[] = [];
  #left: Uint8Array = new Uint8Array();
  #isBegun = false;
  #dropped = 0;
  #writing: Promise<void> | null = null;

  constructor({ output, missing, room = ROOM }: LogSinkParts) {
    this.#output = output;
    this.#missing = missing;
    this.#room = room;
  }

  /** How many lines could not be written. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes one line, or several with their breaks between. Never waits, never throws. */
  add(line: string): void {
    const length = line.length + 1;
    if (length <= this.#room) {
      this.#room -= length;
      this.#queue.push(line);
    } else {
      this.#dropped++;
      const last = this.#queue.at(-1);
      if (typeof last === "number") this.#queue[this.#queue.length - 1] = last + 1;
      else this.#queue.push(1);
    }
    // Not within this call: what comes in one go is written in few pieces, and on nobody's time.
    this.#writing ??= Promise.resolve().then(() => this.#write());
  }

  /** Resolves once nothing waits any more, written or dropped; at the latest after `patience`. */
  async end(clock: Clock, patience: Duration): Promise<void> {
    if (this.#writing !== null) await within(clock, patience, this.#writing);
  }

  async #write(): Promise<void> {
    try {
      while (this.#left.length > 0 || this.#queue.length > 0) {
        if (this.#left.length === 0) this.#take();
        const taken = await this.#output(this.#left);
        if (taken < 1) throw new RangeError("An output took nothing");
        this.#isBegun = true;
        this.#left = this.#left.subarray(taken);
      }
    } catch {
      // Why does not matter, and nobody could be told: it is tried again with the next line.
      this.#drop();
    }
    this.#writing = null;
  }

  /** Makes a chunk of the lines that have waited longest: one at least. */
  #take(): void {
    const lines: Uint8Array[] = [];
    let length = 0;
    for (const entry of this.#queue) {
      const line = typeof entry === "string" ? entry : this.#missing(entry);
      const bytes = this.#encoder.encode(`${line}\n`);
      if (lines.length > 0 && length + bytes.length > CHUNK) break;
      lines.push(bytes);
      length += bytes.length;
    }
    this.#chunk = this.#queue.splice(0, lines.length);
    this.#room += lengthOf(this.#chunk);
    this.#left = joined(lines, length);
    this.#isBegun = false;
  }

  /** Drops all that waits. A chunk of which a part was taken is finished first, when it can be. */
  #drop(): void {
    const lost = this.#isBegun ? this.#queue : [...this.#chunk, ...this.#queue];
    if (!this.#isBegun) this.#left = new Uint8Array();
    this.#room += lengthOf(this.#queue);
    this.#dropped += sum(lost, (entry) => typeof entry === "string" ? 1 : 0);
    const missing = sum(lost, (entry) => typeof entry === "string" ? 1 : entry);
    this.#queue = missing === 0 ? [] : [missing];
  }
}

/** How much room entries take: none for those that are missing. */
function lengthOf(entries: readonly Entry[]): number {
  return sum(entries, (entry) => typeof entry === "string" ? entry.length + 1 : 0);
}

function sum(entries: readonly Entry[], of: (entry: Entry) => number): number {
  return entries.reduce<number>((total, entry) => total + of(entry), 0);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
