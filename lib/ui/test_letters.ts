/**
 * Test letters sent from a page: one test at a time, and what came of the last
 * one.
 *
 * @module
 */

import { type Clock, type Duration, type Instant, SECOND, within } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { MailSetup } from "../mail_setup.ts";
import type { Tested } from "../test_letter.ts";

/** How long a page waits for a test: a mail server may take minutes, and the test goes on without it. */
const PATIENCE: Duration = 30 * SECOND;

/** What came of the last test. */
export type TestState =
  /** There has been none since the start. */
  | { readonly kind: "none" }
  | { readonly kind: "under way"; readonly since: Instant }
  /** Addresses behind a server that lets nobody in are missing. */
  | { readonly kind: "ended"; readonly at: Instant; readonly tested: readonly Tested[] };

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
  #state: TestState = { kind: "none" };
  #underWay: Promise<void> | null = null;

  constructor(parts: TestLettersParts) {
    this.#parts = parts;
  }

  /** See {@linkcode TestState}. */
  get state(): TestState {
    return this.#state;
  }

  /**
   * Sends them, and waits a while for what comes of it; whoever asks while a
   * test is under way waits for that one.
   *
   * @throws {AppError} `invalid` while mail is not set up.
   */
  async send(): Promise<void> {
    this.#underWay ??= this.#send().finally(() => this.#underWay = null);
    await within(this.#parts.clock, PATIENCE, this.#underWay);
  }

  async #send(): Promise<void> {
    const { mail, clock, log, signal } = this.#parts;
    if (mail.kind === "missing") {
      throw new AppError("invalid", "Cannot send a test letter: mail is not set up");
    }
    const at = clock.now();
    const before = this.#state;
    this.#state = { kind: "under way", since: at };
    try {
      const tested = await mail.sendTest(signal);
      this.#state = { kind: "ended", at, tested };
      for (const { address, result } of tested) {
        log.info("test letter", { to: address, outcome: result.outcome });
      }
    } catch (error) {
      this.#state = before;
      throw error;
    }
  }
}
