import assert from "node:assert/strict";
import type { Attempt } from "../support/herd.ts";
import { type Deafness, isFalse, owedAlarms } from "./reckoning.ts";

/** A second is longer than what two processes may differ by. */
const TERMS = { patience: 3_000, deaf: [] as readonly Deafness[], endedAt: 100_000 };

function heard(at: number): Attempt {
  return { sentAt: at, answeredAt: at };
}

function unheard(at: number): Attempt {
  return { sentAt: at, answeredAt: null };
}

Deno.test("the reckoning owes an alarm for a silence beyond the patience", async (t) => {
  const cases: readonly (readonly [string, readonly Attempt[], readonly Deafness[], number])[] = [
    ["one that goes on to the end", [heard(1_000)], [], 1],
    ["one that is broken too late", [heard(92_000), heard(97_500), heard(99_000)], [], 1],
    ["none where it is broken in time", [heard(95_000), heard(97_500), heard(99_000)], [], 0],
    ["none where nothing was ever heard", [unheard(1_000)], [], 0],
    ["none where it may have been heard", [heard(95_000), unheard(97_500), heard(99_000)], [], 0],
    ["none yet after a gap", [heard(95_000)], [{ from: 96_000, to: 98_000 }], 0],
    ["one after a gap that is long over", [heard(1_000)], [{ from: 2_000, to: 9_000 }], 1],
    ["none yet where only a later gap counts", [heard(91_000)], [
      { from: 91_100, to: 91_200 },
      { from: 93_500, to: 97_500 },
    ], 0],
    ["one after many gaps", [heard(1_000)], gaps(2_000, 40), 1],
  ];
  for (const [name, attempts, deaf, owed] of cases) {
    await t.step(name, () => {
      assert.equal(owedAlarms("23", attempts, { ...TERMS, deaf }).length, owed);
    });
  }
});

Deno.test("the reckoning calls an alarm false if the app was beating", async (t) => {
  const cases: readonly (readonly [string, readonly Attempt[], boolean])[] = [
    ["and was heard", [heard(10_000)], true],
    ["and was not heard", [unheard(10_000)], true],
    ["but not if it was silent", [heard(5_000)], false],
    ["but not if it only beat again", [heard(5_000), heard(13_000)], false],
  ];
  for (const [name, attempts, expected] of cases) {
    await t.step(name, () => assert.equal(isFalse(12_000, attempts, TERMS), expected));
  }
});

/** A second deaf, a second not, and so on. */
function gaps(first: number, count: number): readonly Deafness[] {
  return Array.from({ length: count }, (_, index) => {
    const from = first + 2_000 * index;
    return { from, to: from + 1_000 };
  });
}
