/** Holds knocks at the mail server's door against its one retry clock, and against each other. */

import { type Duration, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import { Failure } from "./failure.ts";
import { HOLDS_UP, retryWait, TURN } from "./mail_rules.ts";
import type { DoorEvent, Knock } from "./mail_trial.ts";
import type { Observer } from "./observer.ts";
import type { World } from "./world.ts";

/** How long a password may be in the balance before another may be shown. */
const BALANCE: Duration = 20 * SECOND;

/** How late a timer may be, in milliseconds. */
const SLACK: Duration = 100;

/** What is known of a knock. */
interface Known {
  /** How often calls and passwords had been refused when it called. */
  readonly calls: number;
  readonly passwords: number;
  greetedAt: Passed | null;
  shownAt: Passed | null;
  isLetIn: boolean;
  /** Since when nothing had come to an end without a letter when it called. */
  readonly freeSince: Passed;
  /** Since when another knock, perhaps for the same address, held it up no longer. */
  readonly slowSince: Passed;
  /** Whether something else was under way when it called, behind which it may have waited. */
  readonly isBehind: boolean;
  /** Whether a letter by it may have waited for the retry clock. */
  isDoubtful: boolean;
}

/** The one retry clock. */
interface Vain {
  /** How many times in a row nobody was let in. */
  readonly count: number;
  readonly knock: Knock;
  readonly endedAt: Passed;
  readonly endedAtMost: Duration;
  /** Some of them could not be written down, so that nobody knows how many count. */
  readonly isUnsure: boolean;
}

/** Judges when the server is tried. */
export class DoorOracle {
  readonly #world: World;
  readonly #observer: Observer;
  readonly #known = new Map<Knock, Known>();
  readonly #open = new Set<Knock>();
  #events = 0;
  #vain: Vain | null = null;
  #refusedCalls = 0;
  #refusedPasswords = 0;
  /** When it last opened after it had been shut. */
  #openedAt: Passed = -Infinity;
  #letInAt: Passed = -Infinity;
  /** When something last happened here. */
  #stirredAt: Passed = -Infinity;
  /** When a knock last came to an end without a letter. */
  #freeSince: Passed = 0;

  constructor(world: World, observer: Observer) {
    this.#world = world;
    this.#observer = observer;
  }

  /** When the server may be tried again; it must be soon after. */
  get opensAt(): Passed {
    const vain = this.#vain;
    if (vain === null) return this.#freeSince;
    const { time, cadence } = this.#world;
    const lag = time.jumpedAt > vain.endedAt ? cadence.lookEvery : 0;
    const opensAt = vain.endedAt + retryWait(vain.isUnsure ? Infinity : vain.count) + lag;
    return Math.max(opensAt, this.#freeSince);
  }

  /** Knocks that have not come to an end, nor to a letter. */
  get pending(): number {
    return [...this.#open].filter(({ hasLetter, isOver }) => !hasLetter && !isOver).length;
  }

  /** How long somebody may wait now for others at the door. */
  get turn(): Duration {
    const isQuiet = this.pending === 0 && this.#world.time.passed - this.#stirredAt > TURN;
    return isQuiet ? 0 : TURN;
  }

  /** Whether a letter by this knock may have waited for the retry clock: several go out at once. */
  isDoubtful(knock: Knock): boolean {
    return this.#of(knock).isDoubtful;
  }

  /** What a knock may have waited for. */
  waitedFor(knock: Knock): Pick<Known, "freeSince" | "slowSince" | "isBehind"> {
    return this.#of(knock);
  }

  /** Judges what has happened since the last look. */
  look(): void {
    const { events } = this.#world.post;
    for (const event of events.slice(this.#events)) this.#happen(event);
    this.#events = events.length;
    this.#findHeldUp();
  }

  #happen({ knock, what }: DoorEvent): void {
    const { passed } = this.#world.time;
    this.#stirredAt = passed;
    switch (what) {
      case "called":
        return this.#call(knock);
      case "greeted":
        this.#of(knock).greetedAt = passed;
        return;
      case "shown the password":
        return this.#show(knock);
      case "refused":
      case "denied":
        return this.#refuse(knock, what);
      case "let in":
        return this.#letIn(knock);
      case "left":
        return this.#end(knock);
    }
  }

  #call(knock: Knock): void {
    const vain = this.#vain;
    const { time, host } = this.#world;
    const isTroubled = this.#isTroubled;
    if (vain !== null && vain.knock.life === knock.life) {
      const wait = time.most - vain.endedAtMost;
      const isForced = host.forcedAt >= vain.endedAt;
      if (wait < retryWait(vain.count) && !isForced && !vain.isUnsure && !isTroubled) {
        this.#fail("late", `the server was tried again ${wait} ms after try ${vain.count}`);
      }
    } else this.#vain = null;
    for (const each of this.#open) if (each.life !== knock.life) this.#open.delete(each);
    this.#known.set(knock, {
      calls: this.#refusedCalls,
      passwords: this.#refusedPasswords,
      greetedAt: null,
      shownAt: null,
      isLetIn: false,
      freeSince: this.#freeSince,
      slowSince: this.#slowSince(),
      isBehind: this.#open.size > 0,
      isDoubtful: this.#vain !== null || time.passed - this.#openedAt < MINUTE,
    });
    this.#open.add(knock);
  }

  /** Whether letters may go out straight from memory, which know of no clock. */
  get #isTroubled(): boolean {
    const { host, isTroubled } = this.#world;
    return isTroubled || host.doorway?.isShut === true;
  }

  #slowSince(): Passed {
    const now = this.#world.time.passed;
    const held = [...this.#open]
      .filter(({ hasLetter }) => !hasLetter)
      .map(({ beganAt }) => beganAt + HOLDS_UP);
    // It held it up from before it knocked: it may have waited for others.
    return Math.max(0, ...held.filter((until) => until - TURN <= now));
  }

  /** Whoever shows the password must not do so right after, or beside, another who may be denied. */
  #show(knock: Knock): void {
    const known = this.#of(knock);
    const { passed } = this.#world.time;
    known.shownAt = passed;
    // A letter straight from memory goes its own way, and what a process has sent outlives it.
    if (this.#isTroubled || knock.life.isDead) return;
    if (known.passwords !== this.#refusedPasswords) {
      this.#fail("broken", "a password that was refused is shown again");
    }
    const waited = passed - (known.greetedAt ?? passed);
    const isInBalance = [...this.#open].some((other) => {
      const { shownAt, isLetIn } = this.#of(other);
      // Once another was let in the password is known to be right.
      return other !== knock && shownAt !== null && !isLetIn && shownAt >= this.#letInAt;
    });
    if (isInBalance && waited < BALANCE) {
      this.#fail("broken", `a password is shown beside another after ${waited} ms`);
    }
  }

  #refuse(knock: Knock, what: "refused" | "denied"): void {
    const { time } = this.#world;
    const isTroubled = this.#isTroubled;
    const known = this.#of(knock);
    this.#observer.remark(null, `the mail server refuses: ${what}`);
    this.#end(knock);
    // Of those who asked at once, the first counts.
    if (known.passwords !== this.#refusedPasswords) return;
    if (what === "refused" && known.calls !== this.#refusedCalls) return;
    if (what === "refused") this.#refusedCalls++;
    else this.#refusedPasswords++;
    this.#vain = {
      count: (this.#vain?.count ?? 0) + 1,
      knock,
      endedAt: time.passed,
      endedAtMost: time.most,
      isUnsure: isTroubled || this.#vain?.isUnsure === true,
    };
  }

  #letIn(knock: Knock): void {
    const { time } = this.#world;
    const isTroubled = this.#isTroubled;
    const known = this.#of(knock);
    known.isLetIn = true;
    this.#letInAt = time.passed;
    this.#observer.remark(null, "the mail server lets us in");
    if (this.#vain !== null || known.calls !== this.#refusedCalls) known.isDoubtful = true;
    if (isTroubled && this.#vain !== null) {
      // For a letter straight from memory: that the door is open cannot be written down.
      this.#vain = { ...this.#vain, isUnsure: true };
      return;
    }
    if (this.#vain !== null) this.#openedAt = time.passed;
    // Until then nobody could knock.
    this.#freeSince = Math.min(this.opensAt, time.passed);
    this.#vain = null;
  }

  #end(knock: Knock): void {
    this.#open.delete(knock);
    if (!knock.hasLetter) this.#freeSince = this.#world.time.passed;
  }

  /** Whoever was greeted waits for others only so long. */
  #findHeldUp(): void {
    const { time, host } = this.#world;
    if (host.pausedUntil > time.passed) return;
    for (const knock of this.#open) {
      const { greetedAt, shownAt } = this.#of(knock);
      if (greetedAt === null || shownAt !== null || knock.isOver || knock.life.isDead) continue;
      const since = Math.max(greetedAt, host.ableSince);
      const waited = time.passed - since;
      if (waited <= BALANCE + SLACK) continue;
      this.#fail("late", `a knock waits for ${waited} ms behind another's password`);
    }
  }

  #of(knock: Knock): Known {
    const known = this.#known.get(knock);
    if (known === undefined) throw new Error("nobody has heard of this knock");
    return known;
  }

  #fail(kind: Failure["kind"], text: string): never {
    throw new Failure(kind, null, text);
  }
}
