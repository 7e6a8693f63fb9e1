import assert from "node:assert/strict";
import fc from "fast-check";
import { fitted, padded, textWidth } from "../../lib/cli/text_width.ts";

Deno.test("textWidth() counts the columns of a terminal", async (t) => {
  const cases: readonly (readonly [string, number])[] = [
    ["", 0],
    ["OK:200", 6],
    ["Счётчик", 7],
    ["e\u0301", 1],
    ["soft\u00adhyphen", 11],
    ["監視", 4],
    ["カタカナ", 8],
    ["ｶﾀｶﾅ", 4],
    ["한글", 4],
    ["ＡＢ！", 6],
    ["🔥", 2],
    ["♥", 1],
    ["🇷🇺", 2],
    ["👩‍🚒", 4],
  ];
  for (const [text, columns] of cases) {
    await t.step(text, () => assert.equal(textWidth(text), columns));
  }
});

Deno.test("fitted() cuts at a width, and no escape or wide character in half", async (t) => {
  const cases: readonly (readonly [string, number, string])[] = [
    ["billing", 7, "billing"],
    ["billing", 6, "billi…"],
    ["監視監視", 8, "監視監視"],
    ["監視監視", 7, "監視監…"],
    ["監視監視", 6, "監視…"],
    ["a\u001bb", 8, "a\\u001bb"],
    ["a\u001bb", 7, "a…"],
    ["\ud800", 6, "\\ud800"],
    ["😀😀😀", 5, "😀😀…"],
  ];
  for (const [text, columns, expected] of cases) {
    await t.step(`${JSON.stringify(text)} in ${columns}`, () => {
      assert.equal(fitted(text, columns), expected);
    });
  }
});

Deno.test("whatever is fitted and padded is as wide as its column, on one line", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 60 }), (given, columns) => {
    const cell = padded(fitted(given, columns), columns);
    assert.equal(textWidth(cell), columns);
    assert.doesNotMatch(cell, /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e]/u);
    assert.ok(cell.length <= 12 * columns);
  }));
});
