/**
 * Test letters sent from a page: one test at a time, bounded in time, and what
 * came of the last one.
 *
 * @module
 */

import { type Clock, type Duration, type Instant, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { MailSetup } from "../mail_setup.ts";
import type { Tested } from "../test_letter.ts";

/** How long a test may take: less than a proxy before us waits for an answer. */
const PATIENCE: Duration = 45 * SECOND;

/** What came of a test. */
export interface TestReport {
  readonly at: Instant;
  /** Addresses behind a server that lets nobody in, or behind the end of our patience, are missing. */
  readonly tested: readonly Tested[];
  /** Whether it was ended before it was done. */
  readonly isCutOff: boolean;
}

/** What tests work with. */
export interface TestLettersParts {
  readonly mail: MailSetup;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends a test: one under way would hold up a stop. */
  readonly signal: AbortSignal;
}

/** Sends test letters, and remembers the last ones. */
export class TestLetters {
  readonly #parts: TestLettersParts;
  #last: TestReport | null = null;
  #underWay: Promise<void> | null = null;

  constructor(parts: TestLettersParts) {
    this.#parts = parts;
  }

  /** Null while none has been sent since the start. */
  get last(): TestReport | null {
    return this.#last;
  }

  /**
   * Sends them; whoever asks while a test is under way waits for that one.
   *
   * @throws {AppError} `invalid` while mail is not set up.
   */
  async send(): Promise<void> {
    this.#underWay ??= this.#send().finally(() => this.#underWay = null);
    await this.#underWay;
  }

  async #send(): Promise<void> {
    const { mail, clock, log } = this.#parts;
    if (mail.kind === "missing") {
      throw new AppError("invalid", "Cannot send a test letter: mail is not set up");
    }
    const at = clock.now();
    const patience = new AbortController();
    const alarm = clock.wakeAt(at + PATIENCE, () => patience.abort());
    const signal = AbortSignal.any([this.#parts.signal, patience.signal]);
    try {
      const tested = await mail.sendTest(signal);
      this.#last = { at, tested, isCutOff: signal.aborted };
      for (const { address, result } of tested) {
        log.info("test letter", { to: address, outcome: result.outcome });
      }
    } finally {
      alarm.cancel();
    }
  }
}
