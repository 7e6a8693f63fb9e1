/** Time that stands still until a test moves it. */

import type { Alarm, Clock, Duration, Instant } from "../../lib/clock.ts";

/** When tests begin: no special day, no special hour. */
export const START: Instant = Date.UTC(2026, 10, 24, 7, 20, 49);

interface FakeAlarm {
  /** By the steady clock. */
  readonly at: Duration;
  readonly wake: () => void;
}

/** A clock moved by hand. */
export class FakeClock implements Clock {
  #now: Instant;
  #elapsed: Duration = 0;
  readonly #alarms = new Set<FakeAlarm>();
  #watchers: { readonly isCome: () => boolean; readonly resolve: () => void }[] = [];

  constructor(now: Instant = START) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  elapsed(): Duration {
    return this.#elapsed;
  }

  stopwatch(): number {
    return this.#elapsed;
  }

  wakeAt(at: Instant, wake: () => void): Alarm {
    const alarm = { at: this.#elapsed + Math.max(at - this.#now, 0), wake };
    this.#alarms.add(alarm);
    this.#look();
    if (at <= this.#now) queueMicrotask(() => this.#ring(alarm));
    const cancel = () => {
      this.#alarms.delete(alarm);
      this.#look();
    };
    return { cancel };
  }

  /** Moves time on by `duration`, ringing what is due on the way, each at its own instant. */
  advance(duration: Duration): void {
    const until = this.#elapsed + duration;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#pass(Math.max(next.at - this.#elapsed, 0));
      this.#ring(next);
    }
    this.#pass(until - this.#elapsed);
  }

  /** Moves time on to `instant`. */
  moveTo(instant: Instant): void {
    this.advance(instant - this.#now);
  }

  /** Sets the clock on the wall ahead, or back; no time passes by it. */
  set(by: Duration): void {
    this.#now += by;
  }

  /** Lets time pass without anybody being woken: the program stands still. */
  stall(duration: Duration): void {
    this.#pass(duration);
  }

  /** Resolves once somebody asks to be woken `wait` from now. */
  alarmSet(wait: Duration): Promise<void> {
    return this.#until(() => this.#isSet(wait));
  }

  #pass(duration: Duration): void {
    this.#now += duration;
    this.#elapsed += duration;
  }

  #next(until: Duration): FakeAlarm | undefined {
    return [...this.#alarms].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }

  #ring(alarm: FakeAlarm): void {
    if (!this.#alarms.delete(alarm)) return;
    this.#look();
    alarm.wake();
  }

  #isSet(wait: Duration): boolean {
    return [...this.#alarms].some(({ at }) => at === this.#elapsed + wait);
  }

  #until(isCome: () => boolean): Promise<void> {
    if (isCome()) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ isCome, resolve }));
  }

  #look(): void {
    const come = this.#watchers.filter(({ isCome }) => isCome());
    this.#watchers = this.#watchers.filter((each) => !come.includes(each));
    for (const { resolve } of come) resolve();
  }
}
