/**
 * Looks in time: registers the periodic stale-app check, and between its runs
 * one timer for the next deadline and one for the next message. A pulse looks
 * several times a second whether we listen, and whether a clock that was set
 * has left a timer behind.
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
import type { Pruner } from "./lib/pruning.ts";
import { Pulse, type PulseParts } from "./lib/pulse.ts";
import { flipLog } from "./lib/request_log.ts";
import type { Store } from "./lib/store.ts";
import type { Watch } from "./lib/watch.ts";

/** How long to wait after a look that failed, so that a fault is not a busy loop. */
const REST_AFTER_FAULT: Duration = 5 * SECOND;

/** Runs the check every so often until the signal; resolves when none runs any more. */
export type Register = (
  check: () => Promise<void>,
  options: { readonly every: Duration; readonly signal: AbortSignal },
) => Promise<void>;

/** What the worker works with. */
export interface WorkerParts extends Omit<PulseParts, "onBeat" | "onMark"> {
  readonly watch: Watch;
  readonly store: Store;
  readonly pruner: Pruner;
  readonly clock: Clock;
  readonly log: Log;
  /** How often the check runs; see {@linkcode cronSchedule}. */
  readonly checkEvery: Duration;
  /** What runs the check: {@linkcode cron}. */
  readonly register: Register;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Starts looking; returns a promise that resolves when it has ended, and nothing is under way. */
export function startWorker(parts: WorkerParts): Promise<void> {
  const { watch, store, pruner, clock, log, checkEvery, register, signal } = parts;
  const underWay = new Set<Promise<unknown>>();
  const tellFlip = flipLog(log, clock);

  const deadlines = new Timer(clock, () => track(sweep()));
  const messages = new Timer(clock, () => track(deliver()));
  const pulse = new Pulse({
    ...parts,
    onBeat: () => [deadlines, messages].forEach((timer) => timer.look()),
    // A clock that was set back has brought nearer what the timers were set for.
    onMark: rearm,
  });

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

  async function prune(): Promise<void> {
    try {
      await pruner.prune(signal);
    } catch (error) {
      log.error("pruning failed", { error });
    }
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

  async function rearm(): Promise<void> {
    deadlines.notLaterThan(await store.nextDeadline());
    messages.notLaterThan(await watch.nextTryAt());
  }

  async function rearmMessages(): Promise<void> {
    messages.notLaterThan(await watch.nextTryAt());
  }

  store.onChange(({ deadlineAt, news, isOwed }) => {
    deadlines.notLaterThan(deadlineAt);
    for (const { appId, at, to, reason } of news) {
      tellFlip(`app ${to}`, { app_id: appId, at: new Date(at).toISOString(), reason });
    }
    if (isOwed) track(guarded("delivery", messages, rearmMessages));
  });
  watch.onTryEnded(() => track(guarded("delivery", messages, rearmMessages)));

  const check = async () => {
    await sweep();
    await deliver();
    // Not awaited: the next check must not wait for it.
    track(prune());
  };
  const registered = register(check, { every: checkEvery, signal });
  track(check());
  pulse.start();

  return stopped(signal).then(async () => {
    for (const timer of [deadlines, messages]) timer.close();
    await pulse.close();
    await registered;
    while (underWay.size > 0) await Promise.allSettled(underWay);
  });
}

/** Registers the check with `Deno.cron`: the {@linkcode Register} of a service that serves. */
export function cron(
  check: () => Promise<void>,
  { every, signal }: { readonly every: Duration; readonly signal: AbortSignal },
): Promise<void> {
  // A name of its own each time: under one that was used before in this process, a check that has
  // run once may never end when it is aborted (Deno 2.9.6).
  const name = `stale-app check ${crypto.randomUUID()}`;
  return Deno.cron(name, cronSchedule(every), { signal }, check);
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
    const alarm = this.#clock.wakeAt(at, () => this.#ring());
    this.#set = { at, alarm };
  }

  /** Wakes now if it should have: the clock may have been set ahead. */
  look(): void {
    if (this.#set === null || this.#clock.now() < this.#set.at) return;
    this.#set.alarm.cancel();
    this.#ring();
  }

  close(): void {
    this.#isClosed = true;
    this.#set?.alarm.cancel();
    this.#set = null;
  }

  #ring(): void {
    this.#set = null;
    this.#wake();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
