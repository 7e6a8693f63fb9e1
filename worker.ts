/**
 * Looks in time: registers the periodic stale-app check, and between its runs
 * one timer for the next deadline and one for the next message.
 *
 * No rule is here, and correctness does not hang on any of it: deadlines are
 * instants in the database, and this only decides how soon we look.
 *
 * @module
 */

import {
  type Alarm,
  type Clock,
  type Duration,
  HOUR,
  type Instant,
  MINUTE,
  SECOND,
} from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import type { Store } from "./lib/store.ts";
import type { Watch } from "./lib/watch.ts";

/** How long to wait after a look that failed, so that a fault is not a busy loop. */
const REST_AFTER_FAULT: Duration = 5 * SECOND;

/** What the worker works with. */
export interface WorkerParts {
  readonly watch: Watch;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How often `Deno.cron` runs the check; see {@linkcode cronSchedule}. */
  readonly checkEvery: Duration;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Starts looking; returns a promise that resolves when it has ended, and nothing is under way. */
export function startWorker(parts: WorkerParts): Promise<void> {
  const { watch, store, clock, log, checkEvery, signal } = parts;
  const underWay = new Set<Promise<unknown>>();

  const deadlines = new Timer(clock, () => track(sweep()));
  const messages = new Timer(clock, () => track(deliver()));

  async function sweep(): Promise<void> {
    await guarded("sweep", deadlines, async () => {
      await watch.sweep();
      deadlines.notLaterThan(await store.nextDeadline());
    });
  }

  async function deliver(): Promise<void> {
    await guarded("delivery", messages, async () => {
      // Not awaited: a slow server must not keep the timer from the next address.
      track(guarded("delivery", messages, () => watch.deliver()));
      messages.notLaterThan(await watch.nextTryAt());
    });
  }

  /** A fault is logged here and nowhere else: `Deno.cron` would run a throwing check six times. */
  async function guarded(event: string, timer: Timer, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.error(`${event} failed`, { error });
      timer.notLaterThan(clock.now() + REST_AFTER_FAULT);
    }
  }

  function track(work: Promise<unknown>): void {
    underWay.add(work);
    work.finally(() => underWay.delete(work));
  }

  store.onChange(({ deadlineAt, news }) => {
    deadlines.notLaterThan(deadlineAt);
    for (const { appId, at, to, reason } of news) {
      log.info(`app ${to}`, { app_id: appId, at: new Date(at).toISOString(), reason });
    }
    if (news.length > 0) track(guarded("delivery", messages, rearm));
  });
  watch.onTryEnded(() => track(guarded("delivery", messages, rearm)));

  async function rearm(): Promise<void> {
    messages.notLaterThan(await watch.nextTryAt());
  }

  // A name of its own each time: under one that was used before in this process, a check that has
  // run once may never end when it is aborted (Deno 2.9.6).
  const name = `stale-app check ${crypto.randomUUID()}`;
  const cron = Deno.cron(name, cronSchedule(checkEvery), { signal }, async () => {
    await sweep();
    await deliver();
  });
  track(sweep().then(deliver));

  return stopped(signal).then(async () => {
    deadlines.close();
    messages.close();
    await cron;
    while (underWay.size > 0) await Promise.allSettled(underWay);
  });
}

/** The crontab line (UTC) of a check every so many whole minutes up to 30, or hours up to 24. */
export function cronSchedule(every: Duration): string {
  if (every < HOUR) return every === MINUTE ? "* * * * *" : `*/${every / MINUTE} * * * *`;
  if (every === HOUR) return "0 * * * *";
  return every === 24 * HOUR ? "0 0 * * *" : `0 */${every / HOUR} * * *`;
}

/** One wake at a time. */
class Timer {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #set: { readonly at: Instant; readonly alarm: Alarm } | null = null;
  #isClosed = false;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Wakes at `at` or before; null asks for nothing. An early wake costs one look. */
  notLaterThan(at: Instant | null): void {
    if (at === null || this.#isClosed || (this.#set !== null && this.#set.at <= at)) return;
    this.#set?.alarm.cancel();
    const alarm = this.#clock.wakeAt(at, () => {
      this.#set = null;
      this.#wake();
    });
    this.#set = { at, alarm };
  }

  close(): void {
    this.#isClosed = true;
    this.#set?.alarm.cancel();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
