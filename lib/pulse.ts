/**
 * The pulse: looks several times a second whether we listen, and tells those
 * who should know when that fails.
 *
 * @module
 */

import { type Alarm, type Clock, type Duration, HOUR, MINUTE } from "./clock.ts";
import type { Distress } from "./distress.ts";
import type { Doorkeeper } from "./doorkeeper.ts";
import type { Cadence } from "./gap.ts";
import { problems } from "./health.ts";
import { type Log, type LogFields, sparingly } from "./log.ts";
import type { Timing } from "./outbox.ts";
import type { FileLoss, Store } from "./store.ts";

/** How often the watchdog is asked. */
const WATCHDOG_EVERY: Duration = MINUTE;

/** How often the log tells that the watchdog does not answer. */
const TELL_WATCHDOG_EVERY: Duration = HOUR;

/** What the pulse works with. */
export interface PulseParts {
  readonly store: Store;
  readonly distress: Distress;
  readonly doorkeeper: Pick<Doorkeeper, "tend" | "look">;
  readonly clock: Clock;
  readonly log: Log;
  readonly cadence: Cadence;
  readonly timing: Pick<Timing, "mailInterval">;
  /** Asks the watchdog, and says what happened if that does not answer; null where there is none. */
  readonly askWatchdog: ((signal: AbortSignal) => Promise<string | null>) | null;
  /** Told once that the database's file is gone: nothing can be done any more. */
  readonly onLost: (loss: FileLoss) => void;
  /** Told of each beat. */
  readonly onBeat: () => void;
  /** Told when something was written: the listening mark, or what was not heard. */
  readonly onMark: () => Promise<void>;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Beats until it is closed. */
export class Pulse {
  readonly #parts: PulseParts;
  readonly #tellWatchdog: (fields: LogFields) => void;
  #alarm: Alarm | null = null;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;
  #isLost = false;
  /** By the steady clock. */
  #watchdogAt: Duration;

  constructor(parts: PulseParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    this.#watchdogAt = clock.elapsed();
    const every = TELL_WATCHDOG_EVERY;
    const tell = (fields: LogFields) => log.warn("watchdog does not answer", fields);
    this.#tellWatchdog = sparingly(tell, { every, clock });
  }

  /** Begins to beat. */
  start(): void {
    const { clock, cadence, onBeat } = this.#parts;
    this.#alarm = clock.wakeAt(clock.now() + cadence.lookEvery, () => {
      if (this.#isClosed) return;
      this.start();
      onBeat();
      this.#track(this.#beat());
    });
  }

  /** Stops; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#alarm?.cancel();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async #beat(): Promise<void> {
    try {
      await this.#listen();
      if (await this.#parts.doorkeeper.tend()) await this.#parts.onMark();
      await this.#askWatchdog();
    } catch (error) {
      this.#parts.log.error("look failed", { error });
    }
  }

  async #listen(): Promise<void> {
    const { store, distress, onMark, onLost } = this.#parts;
    const listened = await store.listen();
    switch (listened.outcome) {
      case "listening":
        await distress.look(null);
        if (listened.isMarked) await onMark();
        return;
      case "failing":
        this.#track(distress.look({ kind: "unstored", ...listened.failure }));
        return;
      case "lost":
        if (!this.#isLost) onLost(listened.loss);
        this.#isLost = true;
        return;
    }
  }

  /** Only while all is well: its silence is what tells that something is not. */
  async #askWatchdog(): Promise<void> {
    const { store, doorkeeper, clock, timing: { mailInterval }, askWatchdog, signal } = this.#parts;
    if (askWatchdog === null || clock.elapsed() < this.#watchdogAt) return;
    this.#watchdogAt = clock.elapsed() + WATCHDOG_EVERY;
    // The door may be shut since the look before.
    await doorkeeper.look();
    const found = problems(await store.health(), { now: clock.now(), mailInterval });
    if (found.length > 0) return;
    this.#track(
      askWatchdog(signal).then((reason) => {
        if (reason !== null && !signal.aborted) this.#tellWatchdog({ reason });
      }),
    );
  }

  #track(work: Promise<unknown>): void {
    const guarded = work
      .catch((error) => this.#parts.log.error("look failed", { error }))
      .finally(() => this.#underWay.delete(guarded));
    this.#underWay.add(guarded);
  }
}
