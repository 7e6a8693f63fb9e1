/**
 * What commands may ask of the machine they run on.
 *
 * @module
 */

import type { Progress } from "./lib/cli/import_report.ts";
import type { Clock } from "./lib/clock.ts";
import type { Program } from "./lib/program.ts";

/** What a command may ask of the machine. */
export interface Machine {
  readonly clock: Clock;
  readonly program: Program;
  /** Whether a person reads what is printed. */
  readonly isTerminal: boolean;
  /**
   * Writes lines to standard output, and waits for whoever reads them. Resolves
   * with whether anybody does: one who has read enough is gone.
   *
   * @throws {AppError} `unusable` if they cannot be written.
   */
  print(text: string): Promise<boolean>;
  /** Writes lines to standard error, and waits for nobody. */
  complain(text: string): void;
  /** Asks the person at the terminal; false where there is none. */
  confirm(question: string): Promise<boolean>;
  /** Shows how far something is, as often as is good to look at; null when it has ended. */
  progress(progress: Progress | null): void;
  /** Has what Node's part of the runtime warns of go by the log, before something needs that part. */
  takeWarnings(): Promise<void>;
  /** Resolves with the name of the signal that asks us to stop; from the call on none kills us. */
  stopped(): Promise<string>;
}

/** Whether a command did what it was asked. */
export type Outcome = "done" | "failed";
