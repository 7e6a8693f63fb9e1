/** Holds the history against what the rules owe. */

import { type Duration, type Instant, MINUTE } from "../../lib/clock.ts";
import { Expectation } from "./expectation.ts";
import { Failure } from "./failure.ts";
import { clock } from "./chronicle.ts";
import type { Observer } from "./observer.ts";
import type { ScriptedApp } from "./scripted_app.ts";
import type { StoredHeartbeat } from "./heartbeat_reader.ts";
import type { FlipRow, GapRow, News, PutOffRow } from "./witness.ts";
import type { World } from "./world.ts";

/** How late an alarm may be noted once the service is able to: the time of one look. */
const NOTED_WITHIN: Duration = 50;

/** The same after a fault of the disk, when the service rests before it tries again. */
const NOTED_AFTER_FAULT: Duration = 2 * MINUTE;

/** Judges flips. */
export class FlipOracle {
  readonly #world: World;
  readonly #observer: Observer;
  readonly #apps = new Map<string, ScriptedApp>();
  #heardUntil: Instant | null = null;
  readonly #expected = new Map<string, Expectation>();

  constructor(world: World, observer: Observer) {
    this.#world = world;
    this.#observer = observer;
    for (const app of world.apps) {
      const { id, period, grace } = app.character;
      this.#apps.set(id, app);
      this.#expected.set(id, new Expectation(period, grace));
    }
  }

  /** The deadline that comes next. */
  nextDeadline(): { readonly appId: string; readonly at: Instant } | undefined {
    return [...this.#expected]
      .filter(([, { state, owed }]) => state === "up" && owed.length === 0)
      .map(([appId, { deadline: at }]) => ({ appId, at }))
      .filter(({ at }) => at > this.#world.time.wall)
      .sort((a, b) => a.at - b.at)[0];
  }

  /** The clock on the wall was set back under the running service. */
  setBack(by: Duration): void {
    for (const expected of this.#expected.values()) expected.setBack(by);
  }

  /** Takes in what has been written, and compares. */
  look({ heartbeats, flips, gaps, putOffs }: News, heardUntil: Instant | null): void {
    this.#heardUntil = heardUntil;
    this.#takeIn(heartbeats, gaps);
    for (const flip of flips) this.#match(flip);
    for (const putOff of putOffs) this.#matchUnknown(putOff);
    this.#findMissing();
  }

  /** A gap counts before what was heard after its beginning: that was stored when it had ended. */
  #takeIn(heartbeats: readonly StoredHeartbeat[], gaps: readonly GapRow[]): void {
    const left = [...gaps];
    for (const { appId, at, kind } of heartbeats) {
      while (left[0] !== undefined && left[0].from < at) this.#beDeaf(left.shift());
      this.#expected.get(appId)?.hear(at, kind);
    }
    for (const gap of left) this.#beDeaf(gap);
  }

  #beDeaf(gap: GapRow | undefined): void {
    if (gap === undefined) return;
    let moved = 0;
    const putOffBefore = this.#putOff();
    const isUnmeasured = gap.from === gap.to && gap.cause === "off";
    // A start before the time when we last listened: by so much the clock was set back at least.
    if (isUnmeasured) this.setBack(Math.max((this.#heardUntil ?? gap.to) - gap.to, 0));
    for (const expected of this.#expected.values()) {
      if (isUnmeasured && expected.beDeafForLong(gap.to)) moved++;
      if (isUnmeasured) continue;
      if (expected.beDeaf(gap)) moved++;
    }
    const putOff = Math.max(this.#putOff() - putOffBefore, 0);
    if (putOff !== gap.putOff) {
      const message = `the gap to ${clock(gap.to)} put off ${gap.putOff} alarms, not ${putOff}`;
      throw new Failure("broken", null, message);
    }
    if (moved !== gap.moved) {
      const message = `the gap to ${clock(gap.to)} moved ${gap.moved} deadlines, not ${moved}`;
      throw new Failure("broken", null, message);
    }
  }

  #putOff(): number {
    return [...this.#expected.values()].filter(({ isPutOff }) => isPutOff).length;
  }

  #matchUnknown({ appId, at, deadlineAt }: PutOffRow): void {
    const expected = this.#expected.get(appId);
    if (expected === undefined) return;
    expected.passTime(this.#world.time.wall);
    const owed = expected.tellUnknown(at);
    if (owed === null) {
      throw new Failure(
        "false",
        appId,
        `is told of as unknown at ${clock(at)}, which nothing owes`,
      );
    }
    if (owed.isOptional || deadlineAt === expected.deadline) return;
    const message = `is said to be down at ${clock(deadlineAt)}, not ${clock(expected.deadline)}`;
    throw new Failure("broken", appId, message);
  }

  #match(flip: FlipRow): void {
    const expected = this.#expected.get(flip.appId);
    if (expected === undefined) return;
    if (expected.owed.length === 0) expected.passTime(this.#world.time.wall);
    const owed = expected.owed.shift();
    const told = `${flip.from} to ${flip.to} (${flip.reason}) at ${clock(flip.at)}`;
    if (owed === undefined) {
      const deadline = Number.isFinite(expected.deadline) ? clock(expected.deadline) : "none";
      const message = `flipped ${told}, which nothing owes: deadline ${deadline}`;
      throw new Failure(flip.to === "down" ? "false" : "broken", flip.appId, message);
    }
    const isSame = owed.at === flip.at && owed.from === flip.from && owed.to === flip.to &&
      owed.reason === flip.reason;
    if (isSame) {
      if (flip.reason === "silence") this.#findFalse(flip, expected);
      return;
    }
    const message = `flipped ${told}, but is owed ${owed.from} to ${owed.to} (${owed.reason}) at ` +
      clock(owed.at);
    const isEarly = flip.to === "down" && flip.at < owed.at;
    throw new Failure(isEarly ? "false" : "broken", flip.appId, message);
  }

  /** An app that beats by its script is never to be taken for silent. */
  #findFalse({ appId, at }: FlipRow, { moves }: Expectation): void {
    const { time } = this.#world;
    const since = this.#observer.lastStored.get(appId);
    const well = this.#apps.get(appId)?.wellSince ?? null;
    if (since === undefined || well === null || well > since) return;
    // Not promised: what is lost in a second gap, or read late, or under a clock that was set.
    if (moves > 1) this.#observer.tally.secondGap++;
    else if (time.setUnnoticedAt >= since) this.#observer.tally.underSetClock++;
    else {
      throw new Failure("false", appId, `beats by its script, and is down at ${clock(at)}`);
    }
  }

  #findMissing(): void {
    const { time, host, driver, isAble, cadence } = this.#world;
    const slack = driver.faults > 0 ? NOTED_AFTER_FAULT : NOTED_WITHIN;
    const isLate = isAble && time.passed > host.ableSince + slack;
    for (const [appId, expected] of this.#expected) {
      if (!isLate) continue;
      const isLateTimer = time.jumpedAt > (this.#observer.lastStored.get(appId) ?? 0);
      expected.passTime(time.wall - slack - (isLateTimer ? cadence.lookEvery : 0));
      const unknown = expected.unknowns.find(({ isOptional }) => !isOptional);
      if (unknown !== undefined) {
        throw new Failure("late", appId, `is not told of as unknown at ${clock(unknown.at)}`);
      }
      const owed = expected.owed[0];
      if (owed === undefined) continue;
      const message = `is not flipped to ${owed.to} (${owed.reason}) at ${clock(owed.at)}`;
      throw new Failure("late", appId, message);
    }
  }
}
