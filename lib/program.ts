/**
 * The running program, as far as it can be told of itself.
 *
 * @module
 */

import type { Instant } from "./clock.ts";

/** What runs. */
export interface Program {
  readonly version: string;
  /** The version of Deno that it runs on. */
  readonly runtime: string;
  /** What it was built for: `x86_64-unknown-linux-gnu`. */
  readonly target: string;
  readonly startedAt: Instant;
  /** What it uses, up to now. */
  usage(): Promise<Usage>;
  /** How many lines of the log could not be written. */
  droppedLogLines(): number;
}

/** What a process uses of its machine. */
export interface Usage {
  /** Of all processors together, since the start. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** What V8 has taken for objects, used or not. */
  readonly heapBytes: number;
}
