/** Holds the ledger of gaps against what truly happened: all of it, and nothing else. */

import { type Duration, SECOND } from "../../lib/clock.ts";
import type { Instant } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import { Failure } from "./failure.ts";
import { clock } from "./chronicle.ts";
import type { GapRow } from "./witness.ts";
import type { World } from "./world.ts";

/** An instant at which nobody listened. */
interface Deaf {
  at: Instant;
  readonly since: Passed;
  readonly appId: string | null;
  readonly why: string;
}

/** Beyond the cadence: how much later than it could a gap may be written down. */
const SLACK: Duration = 2 * SECOND;

/** Judges the ledger. */
export class GapOracle {
  readonly #world: World;
  /** Instants that must be in a gap and are in none yet. */
  #uncovered: Deaf[] = [];
  #isBlind = false;
  /** Where the gap of the end of a process begins. */
  #begin: { readonly least: Instant; readonly most: Instant } | null = null;
  /** Where the gap of a door that shut begins, if the clocks went on as they should. */
  #seenOpenAt: Instant | null = null;
  /** Where the last gap began, with those that it followed at once, and where it ended. */
  #lastBegin: Instant = -Infinity;
  #lastEnd: Instant = -Infinity;
  /** What may be the cause of the next gap, and when it came or went. */
  #causes: { readonly why: string; endedAt: Passed | null }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** At this instant somebody was not heard, or could not have been. */
  deafAt(at: Instant, why: string, appId: string | null = null): void {
    this.#uncovered.push({ at, since: this.#world.time.passed, appId, why });
  }

  /** The door shut; it was last seen open at that instant, which its gap must begin with. */
  doorShut(seenOpenAt: Instant | null): void {
    this.#seenOpenAt = seenOpenAt;
  }

  /** The service stopped at this instant, or was killed: the gap begins then, or at its last mark. */
  ended(at: Instant, isClean: boolean): void {
    const { cadence, isTroubled, time, host } = this.#world;
    // What would have been slept through, was not.
    this.#uncovered = this.#uncovered.filter((each) => each.at <= at);
    if (isTroubled) return;
    const window = cadence.markEvery + cadence.lookEvery + SLACK;
    const isMarked = time.passed - host.ableSince > window;
    const least = isMarked ? at - window : -Infinity;
    this.#begin = isClean ? { least: at, most: at } : { least, most: at };
  }

  /** It was killed while it stopped, so that nobody knows where the gap begins. */
  cutOff(): void {
    if (this.#begin !== null) this.#begin = { ...this.#begin, least: -Infinity };
  }

  /** Something happens that may be the cause of a gap. */
  begin(why: string): void {
    this.#causes.push({ why, endedAt: null });
  }

  /** It is over. */
  end(why: string): void {
    for (const cause of this.#causes) {
      if (cause.why === why) cause.endedAt ??= this.#world.time.passed;
    }
  }

  /** The clock was set back under the running service. */
  setBack(by: Duration): void {
    for (const each of this.#uncovered) each.at -= by;
    this.#seenOpenAt = null;
  }

  /** The clock was set while nobody could notice: what that hides is not promised. */
  setUnnoticed(): void {
    this.#isBlind = true;
  }

  /** Takes in what has been written, and compares. */
  look(gaps: readonly GapRow[], { heardUntil }: { readonly heardUntil: Instant | null }): void {
    for (const gap of gaps) this.#judge(gap, heardUntil);
    const { time, host, isAble, cadence } = this.#world;
    const patience = cadence.markEvery + cadence.lookEvery + SLACK;
    if (!isAble) return;
    const ableFor = time.passed - host.ableSince;
    this.#causes = this.#causes.filter(({ endedAt }) =>
      endedAt === null || Math.min(time.passed - endedAt, ableFor) <= patience
    );
    const late = this.#uncovered.find(({ since }) =>
      Math.min(time.passed - since, ableFor) > patience
    );
    if (late === undefined) return;
    const message = `nobody listened at ${clock(late.at)} (${late.why}), and no gap says so`;
    throw new Failure("broken", late.appId, message);
  }

  #judge(gap: GapRow, heardUntil: Instant | null): void {
    const told = `the gap (${gap.cause}) from ${clock(gap.from)} to ${clock(gap.to)}`;
    if (this.#causes.length === 0) throw new Failure("broken", null, `${told} has no cause`);
    if (gap.cause === "unreachable") this.#judgeDoor(gap, told);
    // Who had a connection was heard behind a door that was shut.
    const heard = Math.min(heardUntil ?? -Infinity, this.#seenOpenAt ?? Infinity);
    if (gap.cause !== "unreachable" && gap.from < heard && gap.from < gap.to) {
      const message = `${told} begins before ${clock(heard)}, when we still listened`;
      throw new Failure("broken", null, message);
    }
    const begin = this.#begin;
    // Whoever stops looks at the door first: its gap comes before that of the stop.
    if (gap.cause !== "unreachable") this.#begin = null;
    const isMeasured = gap.from < gap.to && gap.cause === "off" && !this.#isBlind;
    if (begin !== null && isMeasured && (gap.from < begin.least || gap.from > begin.most)) {
      throw new Failure("broken", null, `${told} begins at another time than ${clock(begin.most)}`);
    }
    this.#causes = this.#causes.filter(({ endedAt }) => endedAt === null);
    const isAll = this.#isBlind || gap.from === gap.to;
    this.#uncovered = this.#uncovered.filter(({ at }) => !isAll && (at < gap.from || at >= gap.to));
    this.#isBlind = false;
    if (gap.from > this.#lastEnd) this.#lastBegin = gap.from;
    this.#lastEnd = gap.to;
  }

  /** A door may have shut since it was last seen open; who was heard since had a connection. */
  #judgeDoor({ from, isPiece }: GapRow, told: string): void {
    const seenOpenAt = this.#seenOpenAt;
    if (isPiece || seenOpenAt === null) return;
    this.#seenOpenAt = null;
    const isCovered = this.#lastBegin <= seenOpenAt;
    if (from === (isCovered ? Math.max(seenOpenAt, this.#lastEnd) : seenOpenAt)) return;
    const message = `${told} begins at another time than ${clock(seenOpenAt)}, when the door ` +
      "was last seen open";
    throw new Failure("broken", null, message);
  }
}
