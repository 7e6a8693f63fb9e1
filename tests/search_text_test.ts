import assert from "node:assert/strict";
import fc from "fast-check";
import { searchable } from "../lib/search_text.ts";

Deno.test("what means the same is compared as the same", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    [" бэкап ", "бэкап"],
    ["БЭКАП", "бэкап"],
    ["Счётчик", "счетчик"],
    ["СЧЁТЧИК", "счетчик"],
    // Decomposed, as names of files on a Mac are.
    ["НОЧНОИ\u0306 СЧЕ\u0308Т", "ночной счет"],
    ["Cafe\u0301", "café"],
    ["CAFÉ", "café"],
    ["J\u030c", "ǰ"],
    ["ΟΔΟΣ", "οδοσ"],
    ["οδος", "οδοσ"],
    ["\u00a0a\u2003 b\t", "a b"],
    ["back\u00adup\u200b", "backup"],
    ["İ", "i\u0307"],
    ["", ""],
    [" \u200b ", ""],
  ];
  for (const [text, expected] of cases) {
    await t.step(JSON.stringify(text), () => assert.equal(searchable(text), expected));
  }
});

Deno.test("what is another letter stays another", () => {
  for (const [one, other] of [["й", "и"], ["²", "2"], ["e", "е"], ["a-b", "ab"]] as const) {
    assert.notEqual(searchable(one), searchable(other));
  }
});

/** Any text as a name or an id can be, without control characters: much of what is special in it. */
const UNIT = fc.oneof(
  fc.constantFrom(..."еЕёЁиИйЙaAIİJßẞΣσς \u0308\u0301\u0306\u030c\u0307\u0345\u00ad\u00a0\u200d"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const TEXT = fc.array(UNIT, { maxLength: 8 }).map((units) =>
  units.join("").replace(/[\p{Cc}\p{Cs}]/gu, "")
);

Deno.test("text is compared the same however its letters are composed", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      const expected = searchable(text);
      assert.equal(searchable(text.normalize("NFD")), expected);
      assert.equal(searchable(text.normalize("NFC")), expected);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("texts together are compared as each of them alone", () => {
  fc.assert(
    fc.property(fc.array(TEXT, { minLength: 1 }), (texts) => {
      const together = searchable(texts.join("\x1f")).split("\x1f").map((each) => each.trim());
      assert.deepEqual(together, texts.map(searchable));
    }),
    { numRuns: 2_000 },
  );
});
