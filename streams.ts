/**
 * The standard streams: what goes out by them, and what becomes of it where it
 * cannot. The log never waits for its reader; a command does, for what it prints.
 *
 * @module
 */

import { type Progress, progressBar, progressLine } from "./lib/cli/import_report.ts";
import { type Clock, type Duration, SECOND } from "./lib/clock.ts";
import { AppError } from "./lib/errors.ts";
import { type Log, type LogFormat, type LogLevel, makeLog, missingLine } from "./lib/log.ts";
import { LogSink, type Output } from "./lib/log_sink.ts";
import type { Machine } from "./machine.ts";

/** How long what is queued may take at the end: with it, a stop takes at most 5 s. */
const LAST_WORDS: Duration = SECOND / 2;

/** How long a stream is left alone that would have us wait. */
const LEAVE_ALONE: Duration = SECOND / 20;

/** Back to the line's beginning, and all of it gone (ECMA-48). */
const ERASE_LINE = "\r\x1b[K";

/** The longest answer to a question that is read, in bytes: a line at a terminal. */
const ANSWER_LENGTH = 4_096;

/** The process's own. */
export class Streams implements Pick<Machine, "print" | "complain" | "confirm" | "progress"> {
  readonly isTerminal = Deno.stdout.isTerminal();
  readonly #clock: Clock;
  readonly #out: Output;
  readonly #errors: LogSink;
  #format: LogFormat = "text";
  #log: Log;
  /** What is being printed; what comes meanwhile comes after it. */
  #printing: Promise<unknown> = Promise.resolve();
  #isDrawing = false;
  #shownAt: Duration = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#out = outputOf(Deno.stdout, clock);
    const missing = (lines: number) => missingLine(lines, { format: this.#format, clock });
    this.#errors = new LogSink({ output: outputOf(Deno.stderr, clock), missing });
    this.#log = this.logAs({ level: "info", format: "text" });
  }

  /** How many lines of the log could not be written. */
  get droppedLines(): number {
    return this.#errors.dropped;
  }

  /** The log, on standard error. */
  logAs({ level, format }: { readonly level: LogLevel; readonly format: LogFormat }): Log {
    this.#format = format;
    const write = (line: string) => this.#errors.add(line);
    return this.#log = makeLog({ level, format, write, clock: this.#clock });
  }

  complain(text: string): void {
    this.#errors.add(text);
  }

  async print(text: string): Promise<boolean> {
    return await this.#print(`${text}\n`);
  }

  async confirm(question: string): Promise<boolean> {
    // On a stream that nobody sees it would be waited for, for ever.
    if (!Deno.stdin.isTerminal() || !this.isTerminal) return false;
    await this.#print(`${question} [y/N] `);
    const answer = new Uint8Array(ANSWER_LENGTH);
    const length = await Deno.stdin.read(answer) ?? 0;
    return /^y\s*$/i.test(new TextDecoder().decode(answer.subarray(0, length)));
  }

  /** Redraws one line on a terminal, ten times a second; elsewhere a line every five seconds. */
  progress(progress: Progress | null): void {
    const every = this.isTerminal ? SECOND / 10 : 5 * SECOND;
    const now = this.#clock.elapsed();
    if (progress === null) {
      if (this.isTerminal) void this.#draw(ERASE_LINE);
    } else if (now - this.#shownAt >= every) {
      this.#shownAt = now;
      if (!this.isTerminal) this.#errors.add(progressLine(progress));
      else if (!this.#isDrawing) void this.#draw(`${ERASE_LINE}${progressBar(progress)}`);
    }
  }

  /** Resolves once a fault that nobody handled is in the log. */
  async crashed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    addEventListener("error", (event) => {
      event.preventDefault();
      resolve(event.error);
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      resolve(event.reason);
    });
    this.tellFault(await promise);
  }

  /** Tells of a fault of our own, whole. */
  tellFault(error: unknown): void {
    this.#log.error("crashed", { error });
  }

  /** Has what packages would write by themselves go by the log. */
  takeConsole(): void {
    const write = (...words: readonly unknown[]) => {
      this.#log.warn("console", { text: words.map(String).join(" ") });
    };
    Object.assign(console, { debug: write, error: write, info: write, log: write, warn: write });
  }

  /** The same for what Node's part of the runtime warns of. Loads that part: 10 ms on Deno 2.9. */
  async takeWarnings(): Promise<void> {
    const { default: process } = await import("node:process");
    process.removeAllListeners("warning");
    process.on("warning", (error) => this.#log.warn("runtime warning", { error }));
  }

  /** Resolves once the log is written, or when there was time enough for that. */
  async end(): Promise<void> {
    await this.#errors.end(this.#clock, LAST_WORDS);
  }

  #print(text: string): Promise<boolean> {
    const printing = this.#printing.then(() => this.#send(text));
    // Whoever asked for it is told.
    this.#printing = printing.catch(() => false);
    return printing;
  }

  async #draw(text: string): Promise<void> {
    this.#isDrawing = true;
    try {
      await this.#print(text);
    } catch {
      // A bar that nobody sees is no reason not to go on; what is printed at the end will tell.
    }
    this.#isDrawing = false;
  }

  async #send(text: string): Promise<boolean> {
    try {
      for (let left = new TextEncoder().encode(text); left.length > 0;) {
        left = left.subarray(await this.#out(left));
      }
      return true;
    } catch (cause) {
      if (cause instanceof Deno.errors.BrokenPipe) return false;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("unusable", `Cannot print: ${why}`, { cause });
    }
  }
}

/** Writes by Deno's own way that leaves the event loop free. */
function outputOf(stream: Pick<typeof Deno.stdout, "write">, clock: Clock): Output {
  return async (bytes) => {
    for (;;) {
      try {
        return await stream.write(bytes);
      } catch (error) {
        // Whoever shares the stream has made it refuse to wait: its reader only stands still.
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.wakeAt(clock.now() + LEAVE_ALONE, resolve);
      await promise;
    }
  };
}
