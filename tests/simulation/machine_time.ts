/**
 * The two clocks of the simulated machine, and the timers on it.
 *
 *  true time   |----------|=== asleep ===|----------|
 *  steady      |----------|              |----------|   stands still in a sleep
 *  wall        |----------|--------------|---| set |--------|
 */

import type { Alarm, Clock, Duration, Instant } from "../../lib/clock.ts";
import { Agenda, type Passed } from "./agenda.ts";
import type { Life } from "./life.ts";

/** When simulations begin: no special day, no special hour. */
const START: Instant = Date.UTC(2026, 10, 24, 7, 20, 49);

/** Time on the machine. */
export class MachineTime {
  /** The timers of the process that lives. */
  readonly alarms = new Agenda();
  #passed: Passed = 0;
  #slept: Duration = 0;
  #set: Duration = 0;
  #ahead: Duration = 0;
  /** When the clock on the wall was last set. */
  setAt: Passed = 0;
  /** When it was set while no process ran that could notice. */
  setUnnoticedAt: Passed = 0;
  /** When the wall last went ahead of the steady clock, so that timers ring late. */
  jumpedAt: Passed = 0;

  /** True time. */
  get passed(): Passed {
    return this.#passed;
  }

  /** What the clock on the wall shows. */
  get wall(): Instant {
    return START + this.#passed + this.#set;
  }

  /** The most time that can seem to have passed: each step ahead counts, none back does. */
  get most(): Duration {
    return this.#passed + this.#ahead;
  }

  /** Lets time pass; it never goes back. */
  moveTo(passed: Passed): void {
    this.#passed = Math.max(this.#passed, passed);
  }

  /** Sets the clock on the wall ahead, or back. */
  setWall(by: Duration, { isNoticed }: { readonly isNoticed: boolean }): void {
    this.#set += by;
    this.#ahead += Math.max(by, 0);
    this.setAt = this.#passed;
    if (!isNoticed) this.setUnnoticedAt = this.#passed;
    if (by > 0) this.jumpedAt = this.#passed;
  }

  /** The machine sleeps from now on for so long: no timer runs, and the steady clock stands still. */
  sleep(span: Duration): void {
    this.#slept += span;
    this.jumpedAt = this.#passed + span;
    this.alarms.shift(span);
  }

  /** The loop stands still from now on for so long: timers ring when it goes on. */
  stall(span: Duration): void {
    this.alarms.hold(this.#passed + span);
  }

  /** The clock of one process: it wakes nobody who is dead. */
  clockOf(life: Life): Clock {
    return {
      now: () => {
        life.stir();
        return this.wall;
      },
      elapsed: () => this.#passed - this.#slept,
      stopwatch: () => this.#passed - this.#slept,
      wakeAt: (at, wake) => this.#wakeAt(at, wake, life),
    };
  }

  /** As a timer of the machine: it counts down the wait, whatever the wall shows meanwhile. */
  #wakeAt(at: Instant, wake: () => void, life: Life): Alarm {
    life.stir();
    const wait = Math.max(at - this.wall, 0);
    const entry = this.alarms.add(this.#passed + wait, () => {
      if (!life.isDead) wake();
    });
    return { cancel: () => this.alarms.remove(entry) };
  }
}
