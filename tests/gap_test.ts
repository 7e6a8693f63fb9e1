import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { type Cadence, compare, type Finding, type GapCause } from "../lib/gap.ts";
import { START } from "./support/fake_clock.ts";

const CADENCE: Cadence = { lookEvery: SECOND, markEvery: 5 * SECOND };

const BEFORE = { now: START, elapsed: 7 * HOUR };

/** What is found when so much time has passed and the clock on the wall strayed by so much. */
function found({ passed, ahead = 0 }: { passed: number; ahead?: number }): Finding {
  const after = { now: BEFORE.now + passed + ahead, elapsed: BEFORE.elapsed + passed };
  return compare(BEFORE, after, CADENCE);
}

Deno.test("compare finds a step beyond two seconds, and a look more than 750 ms late", async (t) => {
  const cases: readonly (readonly [
    name: string,
    given: { passed: number; ahead?: number },
    back: number,
    cause: GapCause | null,
  ])[] = [
    ["in time", { passed: SECOND }, 0, null],
    ["early", { passed: 0 }, 0, null],
    ["750 ms late", { passed: SECOND + 750 }, 0, null],
    ["751 ms late", { passed: SECOND + 751 }, 0, "stalled"],
    ["2 s ahead", { passed: SECOND, ahead: 2 * SECOND }, 0, null],
    ["2,001 ms ahead", { passed: SECOND, ahead: 2 * SECOND + 1 }, 0, "clock"],
    ["a night ahead, and late", { passed: MINUTE, ahead: 8 * HOUR }, 0, "clock"],
    ["2 s back", { passed: SECOND, ahead: -2 * SECOND }, 0, null],
    ["2,001 ms back", { passed: SECOND, ahead: -2 * SECOND - 1 }, 2 * SECOND + 1, null],
    ["a day back, and 750 ms late", { passed: SECOND + 750, ahead: -DAY }, DAY, null],
    ["a day back, and 751 ms late", { passed: SECOND + 751, ahead: -DAY }, DAY, "stalled"],
    ["2 s ahead, and 751 ms late", { passed: SECOND + 751, ahead: 2 * SECOND }, 0, "stalled"],
  ];
  for (const [name, given, back, cause] of cases) {
    await t.step(name, () => {
      const finding = found(given);

      assert.equal(finding.back, back);
      assert.equal(finding.gap?.cause ?? null, cause);
    });
  }
});

Deno.test("a gap reaches from the look before to this one, by the clock on the wall as it is now", async (t) => {
  const cases = [
    ["stalled", { passed: MINUTE }, START, START + MINUTE],
    ["set ahead", { passed: SECOND, ahead: HOUR }, START, START + HOUR + SECOND],
    ["set back and stalled", { passed: MINUTE, ahead: -HOUR }, START - HOUR, START - HOUR + MINUTE],
  ] as const;
  for (const [name, given, from, to] of cases) {
    await t.step(name, () => {
      const { gap } = found(given);

      assert.deepEqual([gap?.from, gap?.to], [from, to]);
    });
  }
});
