/** Time that stands still until a test moves it. */

import type { Alarm, Clock, Duration, Instant } from "../../lib/clock.ts";

/** When tests begin: no special day, no special hour. */
export const START: Instant = Date.UTC(2026, 10, 24, 7, 20, 49);

interface FakeAlarm {
  readonly at: Instant;
  readonly wake: () => void;
}

/** A clock moved by hand. */
export class FakeClock implements Clock {
  #now: Instant;
  readonly #alarms = new Set<FakeAlarm>();
  #watchers: { readonly isCome: () => boolean; readonly resolve: () => void }[] = [];

  constructor(now: Instant = START) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  wakeAt(at: Instant, wake: () => void): Alarm {
    const alarm = { at, wake };
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
    this.moveTo(this.#now + duration);
  }

  /** Moves time on to `instant`. */
  moveTo(instant: Instant): void {
    for (let next = this.#next(instant); next !== undefined; next = this.#next(instant)) {
      this.#now = Math.max(this.#now, next.at);
      this.#ring(next);
    }
    this.#now = instant;
  }

  /** Resolves once somebody asks to be woken `wait` from now. */
  alarmSet(wait: Duration): Promise<void> {
    return this.#until(() => this.#isSet(wait));
  }

  /** Resolves once nobody asks any more to be woken `wait` from now. */
  alarmGone(wait: Duration): Promise<void> {
    return this.#until(() => !this.#isSet(wait));
  }

  #next(until: Instant): FakeAlarm | undefined {
    return [...this.#alarms].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }

  #ring(alarm: FakeAlarm): void {
    if (!this.#alarms.delete(alarm)) return;
    this.#look();
    alarm.wake();
  }

  #isSet(wait: Duration): boolean {
    return [...this.#alarms].some(({ at }) => at === this.#now + wait);
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
