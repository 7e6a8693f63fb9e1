import assert from "node:assert/strict";
import { Arrivals } from "../lib/arrivals.ts";
import { type Clock, DAY, HOUR, SECOND } from "../lib/clock.ts";
import type { Cadence } from "../lib/gap.ts";
import { Listening } from "../lib/listening.ts";
import { FakeClock, START } from "./support/fake_clock.ts";

const CADENCE: Cadence = { lookEvery: SECOND, markEvery: 5 * SECOND };

const NOTHING = { back: 0, gap: null };

function listening(): { readonly clock: FakeClock; readonly listening: Listening } {
  const clock = new FakeClock();
  return { clock, listening: new Listening(clock, CADENCE, new Arrivals()) };
}

Deno.test("a look in time finds nothing", () => {
  const { clock, listening: ears } = listening();

  clock.advance(SECOND);

  assert.deepEqual(ears.look(), NOTHING);
  assert.equal(ears.now, START + SECOND);
});

Deno.test("a loop that stood still, and a clock set ahead, are gaps that end at the look", () => {
  const stood = listening();
  stood.clock.stall(3 * SECOND);
  const ahead = listening();
  ahead.clock.set(HOUR);

  const stalled = stood.listening.look();
  const stepped = ahead.listening.look();

  const from = START;
  assert.deepEqual(stalled, {
    back: 0,
    gap: { from, to: START + 3 * SECOND, cause: "stalled" },
  });
  assert.deepEqual(stepped, { back: 0, gap: { from, to: START + HOUR, cause: "clock" } });
});

Deno.test("a clock set back is no gap, and each step adds to the one before", () => {
  const { clock, listening: ears } = listening();

  clock.set(-HOUR);
  const once = ears.look();
  clock.set(-DAY);
  const twice = ears.look();

  assert.deepEqual(once, { back: HOUR, gap: null });
  assert.deepEqual(twice, { back: HOUR + DAY, gap: null });
});

Deno.test("what is not written stays, and the gap grows until it is", () => {
  const { clock, listening: ears } = listening();
  clock.stall(3 * SECOND);
  ears.look();

  clock.advance(SECOND);
  const later = ears.look();
  ears.wrote();
  clock.advance(SECOND);
  const after = ears.look();

  assert.deepEqual(later.gap, { from: START, to: START + 4 * SECOND, cause: "stalled" });
  assert.deepEqual(after, NOTHING);
});

Deno.test("an open gap keeps its earliest beginning, and the cause of that", () => {
  const { clock, listening: ears } = listening();
  clock.advance(SECOND);
  ears.look();

  ears.deafSince(START + SECOND / 2, "unstored");
  ears.deafSince(START + SECOND, "stalled");
  const { gap } = ears.look();

  assert.deepEqual(gap, { from: START + SECOND / 2, to: START + SECOND, cause: "unstored" });
});

Deno.test("an open gap moves back with the clock", () => {
  const { clock, listening: ears } = listening();
  ears.deafSince(START, "unstored");
  clock.advance(SECOND);

  clock.set(-DAY);
  const found = ears.look();

  assert.equal(found.back, DAY);
  assert.deepEqual(found.gap, {
    from: START - DAY,
    to: START - DAY + SECOND,
    cause: "unstored",
  });
});

Deno.test("a gap that begins after the look ends where it begins", () => {
  const { listening: ears } = listening();

  ears.deafSince(START + 1, "unstored");

  assert.deepEqual(ears.look().gap, { from: START + 1, to: START + 1, cause: "unstored" });
});

Deno.test("what is written of a gap is not counted twice, also by a clock that was set back since", () => {
  const { clock, listening: ears } = listening();
  clock.stall(3 * SECOND);
  ears.look();
  ears.wrote();
  clock.set(-DAY);
  clock.advance(SECOND);
  ears.look();

  ears.deafSince(START - DAY, "unstored");

  const from = START - DAY + 3 * SECOND;
  assert.deepEqual(ears.look().gap, { from, to: from + SECOND, cause: "unstored" });
});

Deno.test("a gap that took long to write is not another one", () => {
  const { clock, listening: ears } = listening();
  clock.stall(3 * SECOND);
  ears.look();

  clock.stall(10 * SECOND);
  ears.wrote();

  assert.deepEqual(ears.look(), NOTHING);
  assert.equal(ears.now, START + 13 * SECOND);
});

Deno.test("a clock that was set while a gap was written is found by the next look", () => {
  const { clock, listening: ears } = listening();
  clock.stall(3 * SECOND);
  ears.look();

  clock.set(-DAY);
  ears.wrote();

  assert.deepEqual(ears.look(), { back: DAY, gap: null });
});

Deno.test("writing without a finding does not hide that it took long", () => {
  const { clock, listening: ears } = listening();

  clock.stall(3 * SECOND);
  ears.wrote();

  assert.equal(ears.look().gap?.cause, "stalled");
});

Deno.test("a mark is due a whole span after the one before, by the steady clock", () => {
  const { clock, listening: ears } = listening();
  const due = (passed: number): boolean => {
    clock.advance(passed);
    ears.look();
    return ears.isMarkDue;
  };

  const early = due(5 * SECOND - 1);
  clock.set(-DAY);
  const inTime = due(1);
  ears.marked();
  const again = due(5 * SECOND - 1);
  clock.set(DAY);
  const later = due(0);

  assert.deepEqual([early, inTime, again, later], [false, true, false, false]);
});

Deno.test("a reading that something came between is taken again", () => {
  const elapsed = [0, 0, 100, 106, 200, 205];
  const now = [START, START + 100, START + 200];
  const busy: Clock = {
    elapsed: () => elapsed.shift() ?? 0,
    stopwatch: () => 0,
    now: () => now.shift() ?? 0,
    wakeAt: () => ({ cancel: () => {} }),
  };
  const ears = new Listening(busy, CADENCE, new Arrivals());

  ears.look();

  assert.equal(ears.now, START + 200);
  assert.deepEqual([elapsed, now], [[], []]);
});

Deno.test("a shut door is a gap from when it was last known open, in pieces as they are written", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.advance(SECOND);

  ears.unreached();
  const first = ears.look();
  ears.wrote();
  clock.advance(SECOND / 2);
  const second = ears.look();
  ears.wrote();
  clock.advance(SECOND / 4);
  ears.reached(clock.now());
  clock.advance(SECOND / 4);
  const last = ears.look();
  ears.wrote();
  clock.advance(SECOND / 2);

  const [a, b, c] = [START + SECOND, START + 1.5 * SECOND, START + 2 * SECOND];
  assert.deepEqual(first.gap, { from: START, to: a, cause: "unreachable" });
  assert.deepEqual(second.gap, { from: a, to: b, cause: "unreachable" });
  assert.deepEqual(last.gap, { from: b, to: c, cause: "unreachable" });
  assert.deepEqual(ears.look(), NOTHING);
  assert.equal(ears.shutSince, null);
});

Deno.test("a short gap on disk does not hide that the door was shut before it already", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.advance(SECOND);
  ears.look();
  clock.stall(3 * SECOND);
  const stall = ears.look();
  ears.wrote();
  clock.advance(SECOND / 2);

  ears.unreached();

  assert.deepEqual(stall.gap, { from: START + SECOND, to: START + 4 * SECOND, cause: "stalled" });
  const gap = { from: START, to: START + 4.5 * SECOND, cause: "unreachable" };
  assert.deepEqual(ears.look(), { back: 0, gap });
});

Deno.test("a gap on disk from when the door was last known open is not counted twice", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.stall(3 * SECOND);
  ears.look();
  ears.wrote();
  clock.advance(SECOND / 2);

  ears.unreached();

  const gap = { from: START + 3 * SECOND, to: START + 3.5 * SECOND, cause: "unreachable" };
  assert.deepEqual(ears.look(), { back: 0, gap });
});

Deno.test("a door that was never known open is shut from the look that finds it so", () => {
  const { clock, listening: ears } = listening();
  clock.advance(SECOND);
  ears.look();

  ears.unreached();

  assert.equal(ears.shutSince, START + SECOND);
});

Deno.test("a door found shut twice is one gap, and one that shuts again later is another", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.advance(SECOND);
  ears.unreached();
  clock.advance(SECOND);
  ears.unreached();
  const once = ears.shutSince;
  ears.reached(clock.now());
  ears.look();
  ears.wrote();
  clock.advance(SECOND);
  ears.reached(clock.now());
  clock.advance(SECOND);
  ears.unreached();

  assert.equal(once, START);
  assert.equal(ears.shutSince, START + 3 * SECOND);
});

Deno.test("a clock set back takes along when the door was last known open", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.advance(SECOND);
  clock.set(-HOUR);
  ears.look();
  ears.unreached();

  assert.equal(ears.shutSince, START - HOUR);
  clock.set(-HOUR);
  ears.look();
  assert.equal(ears.shutSince, START - 2 * HOUR);
});

Deno.test("a clock set ahead while the door is shut is told as that: deadlines go with it", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.advance(SECOND);
  ears.unreached();
  ears.look();
  ears.wrote();
  clock.set(HOUR);

  const { gap } = ears.look();
  ears.wrote();
  clock.advance(SECOND);

  const at = START + SECOND;
  assert.deepEqual(gap, { from: at, to: at + HOUR, cause: "clock" });
  assert.equal(ears.look().gap?.cause, "unreachable");
});

Deno.test("a door that is open again once its gap is on disk leaves nothing to be written", () => {
  const { clock, listening: ears } = listening();
  ears.reached(START);
  clock.advance(SECOND);
  ears.unreached();
  ears.look();
  ears.wrote();

  ears.reached(clock.now());

  assert.deepEqual(ears.look(), NOTHING);
  assert.equal(ears.deaf, null);
});
