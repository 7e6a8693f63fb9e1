/** A program whose figures are known. */

import type { Program } from "../../lib/program.ts";
import { START } from "./fake_clock.ts";

/** Started when tests begin. */
export const PROGRAM: Program = {
  version: "1.2.3",
  runtime: "2.9.6",
  target: "x86_64-unknown-linux-gnu",
  startedAt: START,
  usage: () => {
    return Promise.resolve({
      cpuSeconds: 12.5,
      residentBytes: 90_000_000,
      heapBytes: 30_000_000,
    });
  },
  droppedLogLines: () => 7,
};
