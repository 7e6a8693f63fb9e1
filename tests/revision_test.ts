import assert from "node:assert/strict";
import fc from "fast-check";
import { type AppSettings, NO_SETTINGS } from "../lib/registry.ts";
import { marksOf, revise, SETTING_KEYS, settingsMark } from "../lib/revision.ts";

const SEEN: AppSettings = {
  name: "Shop",
  note: null,
  tags: ["eu"],
  period: 60_000,
  grace: null,
};

Deno.test("what one changes is set, what the other changed stays, what both changed clashes", async (t) => {
  const mine = { ...SEEN, period: 120_000, note: "ask Ann" };
  const cases = [
    ["nobody else did anything", {}, {
      settings: { period: 120_000, note: "ask Ann" },
      theirs: [],
      clashes: [],
    }],
    ["the other changed something else", { tags: ["us"], grace: 1_000 }, {
      settings: { period: 120_000, note: "ask Ann" },
      theirs: ["tags", "grace"],
      clashes: [],
    }],
    ["both changed one setting", { period: 300_000 }, {
      settings: { note: "ask Ann" },
      theirs: [],
      clashes: ["period"],
    }],
    ["both changed it to the same", { period: 120_000 }, {
      settings: { note: "ask Ann" },
      theirs: [],
      clashes: [],
    }],
  ] as const;
  for (const [name, changes, expected] of cases) {
    await t.step(name, () => {
      assert.deepEqual(revise(mine, { ...SEEN, ...changes }, marksOf(SEEN)), expected);
    });
  }
});

Deno.test("who has seen nothing clashes wherever the settings differ", () => {
  const { clashes, settings } = revise({ ...SEEN, name: "Store" }, SEEN, {});

  assert.deepEqual([clashes, settings], [["name"], {}]);
});

const SETTINGS: fc.Arbitrary<AppSettings> = fc.record({
  name: fc.constantFrom(null, "a", "b"),
  note: fc.constantFrom(null, "a", "b"),
  tags: fc.constantFrom([], ["a"], ["a", "b"]),
  period: fc.constantFrom(null, 1_000, 2_000),
  grace: fc.constantFrom(null, 1_000, 2_000),
});

Deno.test("nothing that another has changed is ever overwritten, and nothing wanted is dropped in silence", () => {
  fc.assert(fc.property(SETTINGS, SETTINGS, SETTINGS, (seen, mine, theirs) => {
    const { settings, clashes } = revise(mine, theirs, marksOf(seen));
    const after = { ...theirs, ...settings };
    for (const key of SETTING_KEYS) {
      const [was, is, wanted, becomes] = [seen, theirs, mine, after].map((each) =>
        JSON.stringify(each[key])
      );
      if (is !== was) assert.equal(becomes, is);
      if (wanted !== was && !clashes.includes(key)) assert.equal(becomes, wanted);
      if (wanted === was) assert.equal(becomes, is);
    }
  }));
});

Deno.test("one mark stands for all settings, and for them alone", () => {
  assert.notEqual(settingsMark(SEEN), settingsMark(NO_SETTINGS));
  assert.equal(settingsMark({ ...SEEN }), settingsMark(SEEN));
  assert.equal(settingsMark({ ...SEEN, ...{ heartbeats: 7 } }), settingsMark(SEEN));
});
