/** Holds reminders and letters about gaps against the rules. */

import { DAY, type Duration, HOUR, type Instant, MINUTE } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import { Failure } from "./failure.ts";
import { tellsOfFlapping, toldBy } from "./letter_reader.ts";
import { PUNCTUALITY } from "./mail_rules.ts";
import type { Trial } from "./mail_trial.ts";
import type { MessageRow } from "./outbox_witness.ts";
import type { GapRow, News } from "./witness.ts";
import type { World } from "./world.ts";

/** From one reminder to the next. */
const REMIND_EVERY: Duration = DAY;

/** The shortest time between two letters about gaps to an address. */
const GAP_LETTER_EVERY: Duration = HOUR;

/** A gap up to here is not told. */
const TOLD_BEYOND: Duration = MINUTE;

/** When an address was last told that an app is down. */
interface Told {
  readonly appId: string;
  readonly at: Passed;
  readonly atMost: Duration;
}

/** Judges letters beside the news. */
export class OccasionOracle {
  readonly #world: World;
  /** The fall of each app that is down: the flip that began it. */
  readonly #falls = new Map<string, number>();
  /** By address and flip. */
  readonly #told = new Map<string, Map<number, Told>>();
  /** Gaps that are worth a letter, with when they ended; and how many each address was told of. */
  readonly #gaps: { readonly id: number; to: Instant }[] = [];
  /** The last gap that was seen, with all pieces of it. */
  #lastGap: GapRow | null = null;
  readonly #gapLetters = new Map<string, { readonly gaps: number; readonly atMost: Duration }>();

  /** How many gaps there were when a letter about gaps was put into words. */
  readonly #composed = new Map<string, number>();
  /** The falls that a reminder lists. */
  readonly #listed = new Map<string, ReadonlySet<number>>();
  /** Addresses to which a reminder is on its way. */
  readonly #reminding = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    for (const address of world.config.adminEmails) this.#told.set(address, new Map());
  }

  /** Takes in what has been written. */
  take({ flips, gaps }: News): void {
    for (const { id, appId, to } of flips) {
      const before = this.#falls.get(appId);
      if (before !== undefined) this.#forget(before);
      if (to === "down") this.#falls.set(appId, id);
      else this.#falls.delete(appId);
    }
    for (const gap of gaps) this.#takeGap(gap);
  }

  #takeGap(gap: GapRow): void {
    const last = this.#lastGap;
    const { id, from, to, moved, putOff } = gap.isPiece && last !== null && last.id === gap.id
      ? { ...gap, from: last.from, moved: last.moved + gap.moved, putOff: last.putOff + gap.putOff }
      : gap;
    this.#lastGap = { ...gap, from, moved, putOff };
    const known = this.#gaps.find((each) => each.id === id);
    if (known !== undefined) known.to = to;
    else if (moved > putOff && to - from > TOLD_BEYOND) this.#gaps.push({ id, to });
  }

  /** The first try of a message begins, in words that were found for it just now. */
  begin({ mail: { to, text } }: Trial, { kind }: MessageRow): void {
    const { most } = this.#world.time;
    if (kind === "gap") {
      const last = this.#gapLetters.get(to);
      if (last !== undefined && most - last.atMost < GAP_LETTER_EVERY) {
        this.#fail("late", null, `${to} gets two letters about gaps within an hour`);
      }
      if ((last?.gaps ?? 0) >= this.#gaps.length) {
        this.#fail("broken", null, `${to} gets a letter about gaps, and there was none to tell of`);
      }
    }
    if (kind !== "reminder") return;
    const told = [...this.#told.get(to)?.values() ?? []];
    if (!told.some(({ atMost }) => most - atMost >= REMIND_EVERY)) {
      this.#fail("late", null, `${to} is reminded within ${REMIND_EVERY} ms`);
    }
    const left = told.find(({ appId }) => !text.includes(appId));
    if (left !== undefined) this.#fail("lost", left.appId, `a reminder to ${to} leaves it out`);
  }

  /** A message is put into words. */
  compose({ mail: { messageId, to, text, date } }: Trial, { kind }: MessageRow): void {
    if (kind === "news") this.#findFalse(text, date);
    // One that ends in time to come is of a clock that was set back since.
    const { wall } = this.#world.time;
    const gaps = this.#gaps.filter((each) => each.to <= date || each.to > wall).length;
    if (kind === "gap") this.#composed.set(messageId, gaps);
    const told = [...this.#told.get(to) ?? []].filter(([, { appId }]) => text.includes(appId));
    if (kind !== "reminder") return;
    this.#reminding.add(to);
    this.#listed.set(messageId, new Set(told.map(([fall]) => fall)));
  }

  /** The server has a message, and that is written down. */
  taken({ mail: { to, messageId }, endedAt }: Trial, { kind, flips, failed }: MessageRow): void {
    const { time } = this.#world;
    // Counted from when it was taken, however late that could be written down.
    const passed = endedAt ?? time.passed;
    const most = time.most - (time.passed - passed);
    const told = this.#told.get(to);
    if (kind === "gap") {
      this.#gapLetters.set(to, { gaps: this.#composed.get(messageId) ?? 0, atMost: most });
    }
    if (kind === "reminder") this.#reminding.delete(to);
    if (told === undefined) return;
    for (const [appId, fall] of this.#falls) {
      const isNews = kind === "news" && has(flips, fall);
      const isReminded = told.has(fall) && this.#listed.get(messageId)?.has(fall) === true;
      // What it never heard of stands in the letter as what is still down.
      const isHeardOf = kind === "news" && !told.has(fall) && has(failed, fall);
      if (isNews || isReminded || isHeardOf) told.set(fall, { appId, at: passed, atMost: most });
    }
  }

  /** Finds a reminder to an address that should have been sent; everything could be since `from`. */
  findLate(
    address: string,
    { from, turn }: { readonly from: Passed; readonly turn: Duration },
  ): string | null {
    const { time, cadence } = this.#world;
    if (this.#reminding.has(address)) return null;
    for (const { appId, at } of this.#told.get(address)?.values() ?? []) {
      const lag = cadence.lookEvery + (time.setUnnoticedAt > at ? cadence.markEvery : 0);
      const due = Math.max(at, time.setAt) + REMIND_EVERY + PUNCTUALITY + turn + lag;
      if (time.passed > Math.max(due, from)) return `${address} is not reminded of ${appId}`;
    }
    return null;
  }

  /** Whether every gap that is worth it was told, at the end of a run. */
  close(): void {
    for (const address of this.#world.config.adminEmails) {
      if ((this.#gapLetters.get(address)?.gaps ?? 0) >= this.#gaps.length) continue;
      this.#fail("lost", null, `${address} is not told of the last gap`);
    }
  }

  /** Whether words that were found just now call an app down that is up. */
  #findFalse(text: string, date: Instant): void {
    // News of a flapping app is held back, its last return as well.
    if (date !== this.#world.time.wall || tellsOfFlapping(text)) return;
    for (const [appId, { isDown }] of toldBy(text)) {
      if (isDown && !this.#falls.has(appId)) {
        this.#fail("false", appId, "a letter says that it is down, and it is not");
      }
    }
  }

  #forget(fall: number): void {
    for (const told of this.#told.values()) told.delete(fall);
  }

  #fail(kind: Failure["kind"], appId: string | null, text: string): never {
    throw new Failure(kind, appId, text);
  }
}

/** Whether an id is among ids with commas between. */
function has(ids: string | null, id: number): boolean {
  return ids?.split(",").includes(String(id)) === true;
}
