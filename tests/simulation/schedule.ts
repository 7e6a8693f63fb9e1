/** What happens next: in the world, or because a timer of the process rings. */

import type { Agenda, Entry, Passed } from "./agenda.ts";
import { inCircles } from "./event_loop.ts";
import type { Random } from "./random.ts";

/** The most things that may happen at one instant. */
const MOST_AT_ONCE = 1_000;

/** Takes one thing after the other from several agendas. */
export class Schedule {
  readonly #agendas: readonly Agenda[];
  readonly #random: Random;
  #atOnce = 0;

  constructor(agendas: readonly Agenda[], random: Random) {
    this.#agendas = agendas;
    this.#random = random;
  }

  /** When the next thing happens. */
  get nextAt(): Passed {
    return Math.min(...this.#agendas.map((each) => each.next()?.at ?? Infinity));
  }

  /**
   * Takes the first of all. Of what comes at one instant a timer may ring first,
   * or a request be read.
   */
  take(passed: Passed): Entry {
    const at = this.nextAt;
    const first = this.#agendas.filter((each) => each.next()?.at === at);
    const [agenda, other] = this.#random.chance(0.5) ? first : first.toReversed();
    const entry = agenda?.next() ?? other?.next();
    if (agenda === undefined || entry === undefined || entry === null) {
      throw new Error("Nothing is left to happen");
    }
    agenda.remove(entry);
    // Time must go on: many things happen at one instant, but not without end.
    this.#atOnce = at > passed ? 0 : this.#atOnce + 1;
    if (this.#atOnce > MOST_AT_ONCE) throw inCircles();
    return entry;
  }
}
