import assert from "node:assert/strict";
import fc from "fast-check";
import { excerpt, printable } from "../lib/printable.ts";

Deno.test("printable writes out what would be obeyed instead of shown", async (t) => {
  const table: readonly (readonly [string, string, string])[] = [
    ["a line end", "a\r\nb", "a\\r\\nb"],
    ["a tab", "a\tb", "a\\tb"],
    ["C0", "\u0000\u001b[31m\u001f", "\\u0000\\u001b[31m\\u001f"],
    ["DEL and C1", "\u007f\u0080\u0085\u009f", "\\u007f\\u0080\\u0085\\u009f"],
    ["line separators", "\u2028\u2029", "\\u2028\\u2029"],
    ["marks of direction", "\u061c\u200e\u200f", "\\u061c\\u200e\\u200f"],
    ["overrides", "\u202a\u202b\u202c\u202d\u202e", "\\u202a\\u202b\\u202c\\u202d\\u202e"],
    ["isolates", "\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"],
    ["no width", "\u200b\ufeff", "\\u200b\\ufeff"],
    ["lone surrogates", "\ud800a\udfff", "\\ud800a\\udfff"],
  ];
  for (const [name, text, expected] of table) {
    await t.step(name, () => assert.equal(printable(text), expected));
  }
});

Deno.test("printable leaves all other text as it is", async (t) => {
  for (
    const text of ["", "OK:200", "Счёт №7", "بايثون", "👩‍👩‍👧", "क्‍ष", "a\u00a0b", 'C:\\n "quoted"']
  ) {
    await t.step(JSON.stringify(text), () => assert.equal(printable(text), text));
  }
});

Deno.test("printable text is one line, and stays as it is when asked again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const once = printable(text);

      assert.doesNotMatch(once, /[\p{Cc}\p{Cs}\u2028\u2029]/u);
      assert.equal(printable(once), once);
    }),
  );
});

Deno.test("excerpt cuts between code points, before anything is written out", async (t) => {
  const table: readonly (readonly [string, number, string])[] = [
    ["abc", 3, "abc"],
    ["abcd", 3, "abc…"],
    ["😀😀😀", 2, "😀😀…"],
    ["\u202e\u202e\u202e", 2, "\\u202e\\u202e…"],
    ["", 3, ""],
  ];
  for (const [text, length, expected] of table) {
    await t.step(`${printable(text)} to ${length}`, () => {
      assert.equal(excerpt(text, length), expected);
    });
  }
});
