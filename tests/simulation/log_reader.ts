/**
 * Whoever reads the service's log, and whether all that is told gets there:
 * whole lines in their order, and none missing without a word.
 *
 *  service ── log ── sink ── output ── reads | is slow | stands still | is gone | has no room
 */

import { SECOND } from "../../lib/clock.ts";
import { type Log, makeLog } from "../../lib/log.ts";
import { LogSink, type Output } from "../../lib/log_sink.ts";
import type { Life } from "./life.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** How whoever reads is. */
export type Mood = "reading" | "slow" | "still" | "gone" | "full";

/** In characters, a few lines: a reader who stands still for an hour fills it. */
const ROOM = 500;

/** The most characters on their way beside those: a piece that is being written. */
const UNDER_WAY = 4_096;

/** What was told in one life of the process, and how far it has been read. */
class Reading {
  readonly told: string[] = [];
  /** In characters. */
  waiting = 0;
  #next = 0;
  #line = "";
  #missing = 0;
  readonly #decoder = new TextDecoder();

  tell(line: string): void {
    this.told.push(line);
    this.waiting += line.length + 1;
  }

  /** Reads on; returns what is wrong with it, or null. */
  read(bytes: Uint8Array): string | null {
    const [first = "", ...more] = this.#decoder.decode(bytes, { stream: true }).split("\n");
    const lines = [this.#line + first, ...more];
    this.#line = lines.pop() ?? "";
    for (const line of lines) {
      const missing = /^(\d+) missing$/.exec(line)?.[1];
      if (missing !== undefined) this.#skip(Number(missing));
      else if (line !== this.told[this.#next]) return `the log has "${line}" out of place`;
      else this.#skip(1);
      if (missing !== undefined) this.#missing += Number(missing);
    }
    return null;
  }

  /** What is missing without a word, when so many were dropped and nothing is under way; or null. */
  close(dropped: number): string | null {
    const untold = dropped - this.#missing;
    return this.#next + untold === this.told.length
      ? null
      : `the log lacks ${this.told.length - this.#next} lines, and speaks of ${untold}`;
  }

  #skip(lines: number): void {
    for (const line of this.told.slice(this.#next, this.#next + lines)) {
      this.waiting -= line.length + 1;
    }
    this.#next += lines;
  }
}

/** See the module. */
export class LogReader {
  /** What is wrong with the log, once something is. */
  fault: string | null = null;
  readonly #world: World;
  readonly #random: Random;
  #mood: Mood = "reading";
  #waiting: (() => void)[] = [];
  #reading = new Reading();
  #sink: LogSink | null = null;
  /** The last piece was refused, of which a part may have been taken: it waits for the next line. */
  #isCutOff = false;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** From now on. */
  set mood(mood: Mood) {
    this.#mood = mood;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const goOn of waiting) goOn();
  }

  /** The log of a process that starts: the real one, but for who reads it. */
  logOf(life: Life): Log {
    const reading = new Reading();
    const missing = (lines: number) => `${lines} missing`;
    const sink = new LogSink({ output: this.#outputOf(life, reading), missing, room: ROOM });
    this.#reading = reading;
    this.#sink = sink;
    this.#isCutOff = false;
    const clock = { now: () => this.#world.time.wall };
    return makeLog({
      level: "debug",
      format: "text",
      clock,
      write: (line) => {
        reading.tell(line);
        return sink.add(line);
      },
    });
  }

  /** Looks at how much waits: it must not be without end. */
  look(): void {
    const dropped = this.#sink?.dropped ?? 0;
    // What was dropped is told of later; until then it seems to wait.
    if (dropped === 0 && this.#reading.waiting > ROOM + UNDER_WAY) {
      this.fault ??= `${this.#reading.waiting} characters wait for whoever reads the log`;
    }
  }

  /** Looks at it for the last time, after hours of calm. */
  close(): void {
    if (this.#isCutOff && this.#reading.waiting <= UNDER_WAY) return;
    this.fault ??= this.#reading.close(this.#sink?.dropped ?? 0);
  }

  #outputOf(life: Life, reading: Reading): Output {
    return (bytes) => {
      // Whoever was killed writes no more.
      if (life.isDead) return new Promise(() => {});
      this.#isCutOff = false;
      const take = (most: number) => {
        const taken = bytes.slice(0, most);
        this.fault ??= reading.read(taken);
        return taken.length;
      };
      switch (this.#mood) {
        case "reading":
          return Promise.resolve(take(bytes.length));
        case "slow":
          return this.#later().then(() => take(this.#random.whole(1, bytes.length)));
        case "still":
          return new Promise((goOn) => this.#waiting.push(() => goOn(take(bytes.length))));
        case "gone":
          // At once, and not by a promise: nobody may be hit by that.
          throw new Error("Broken pipe");
        case "full":
          this.#isCutOff = this.#random.chance(0.5);
          if (this.#isCutOff) return Promise.reject(new Error("No space left on device"));
          return Promise.resolve(take(this.#random.whole(1, bytes.length)));
      }
    };
  }

  #later(): Promise<void> {
    const { agenda, time } = this.#world;
    const at = time.passed + this.#random.span(1, 30 * SECOND);
    return new Promise((resolve) => agenda.add(at, resolve));
  }
}
