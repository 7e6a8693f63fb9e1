import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeSilences, type Surroundings } from "../lib/backtest.ts";
import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { durationText } from "../lib/duration.ts";
import { ENOUGH_SILENCES, propose, slackOf } from "../lib/proposal.ts";
import { Silences } from "../lib/silences.ts";
import { START } from "./support/fake_clock.ts";

const NOTHING_ELSE: Surroundings = { gaps: [], quiet: [] };

/** Silences of these lengths, one behind the other; and when the last one ended. */
function silencesOf(lengths: readonly Duration[]): { silences: Silences; now: number } {
  const silences = new Silences(START);
  let now = START;
  for (const length of lengths) {
    silences.add({ from: now, to: now + length, end: "success", isThinned: false });
    now += length;
  }
  return { silences, now };
}

function proposed(lengths: readonly Duration[], around = NOTHING_ELSE): string | null {
  const { silences, now } = silencesOf(lengths);
  const found = propose(silences, around, now);
  return found === null ? null : `${durationText(found.period)} ${durationText(found.grace)}`;
}

/** A steady app: so many heartbeats, each up to a hundredth late, and a few silences among them. */
function steady(
  count: number,
  every: Duration,
  others: readonly Duration[] = [],
): readonly Duration[] {
  const lengths = Array.from({ length: count }, (_, index) => every + (index % 10) * every / 1_000);
  others.forEach((each, index) => lengths.splice(((index + 1) * 97) % count, 0, each));
  return lengths;
}

Deno.test("what is proposed is what somebody would set who has looked at it all", async (t) => {
  const table: readonly (readonly [string, readonly Duration[], string | null])[] = [
    ["each minute, always", steady(40_000, MINUTE), "1m 15s"],
    ["each minute, with restarts", steady(40_000, MINUTE, [2, 3, 4].map(minutes)), "1m 5m"],
    [
      "each minute, with restarts and a fall",
      steady(40_000, MINUTE, [2 * MINUTE, 6 * HOUR, 4 * MINUTE]),
      "1m 5m",
    ],
    ["each second, with hiccups", steady(90_000, SECOND, [30 * SECOND, HOUR]), "1s 45s"],
    ["each hour", steady(700, HOUR, [70 * MINUTE]), "1h 15m"],
    ["each hour, and one was left out", steady(700, HOUR, [2 * HOUR]), "1h 5m"],
    ["each night, and a night was left out", steady(28, DAY, [2 * DAY]), "1d 20m"],
    [
      "each minute by day, and silent each night",
      Array.from({ length: 30 }, () => [...steady(960, MINUTE), 8 * HOUR]).flat(),
      "8h 5m",
    ],
    ["too seldom to tell", steady(ENOUGH_SILENCES - 1, DAY), null],
  ];
  for (const [name, lengths, expected] of table) {
    await t.step(name, () => assert.equal(proposed(lengths), expected));
  }
});

Deno.test("silence in a gap or in maintenance says nothing of the app", () => {
  const lengths = steady(10_000, MINUTE, [9 * MINUTE]);
  const long = lengths.indexOf(9 * MINUTE);
  const from = START + lengths.slice(0, long).reduce((sum, each) => sum + each, 0);
  const span = { from: from + MINUTE, to: from + 8 * MINUTE };

  assert.equal(proposed(lengths), "1m 15m");
  assert.equal(proposed(lengths, { gaps: [{ ...span, cause: "off" }], quiet: [] }), "1m 15s");
  assert.equal(proposed(lengths, { gaps: [], quiet: [span] }), "1m 15s");
});

Deno.test("with what is proposed, only what came once a week at most would have alarmed", () => {
  const length = fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 55 * SECOND, max: 65 * SECOND }) },
    { weight: 1, arbitrary: fc.integer({ min: SECOND, max: 2 * DAY }) },
  );
  fc.assert(fc.property(fc.array(length, { minLength: 50, maxLength: 500 }), (lengths) => {
    const { silences, now } = silencesOf(lengths);
    const found = propose(silences, NOTHING_ELSE, now);
    assert.ok(found);

    const { alarms } = judgeSilences(silences, NOTHING_ELSE, found);

    assert.ok(alarms <= Math.max((now - START) / (7 * DAY), 1), `${alarms} alarms`);
  }));
});

Deno.test("the longer the usual silence, the longer one may be without being a fall", () => {
  fc.assert(
    fc.property(fc.nat(30 * DAY), fc.nat(DAY), (usual, more) => {
      assert.ok(slackOf(usual + more) >= slackOf(usual));
    }),
  );
});

function minutes(count: number): Duration {
  return count * MINUTE;
}
