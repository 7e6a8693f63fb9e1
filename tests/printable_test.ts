import assert from "node:assert/strict";
import fc from "fast-check";
import { excerpt, printable, printablePieces } from "../lib/printable.ts";

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
    ["a soft hyphen", "a\u00adb", "a\\u00adb"],
    ["word joiners and invisible signs", "a\u2060b\u2063", "a\\u2060b\\u2063"],
    ["tags", "x\u{e0041}\u{e007f}", "x\\udb40\\udc41\\udb40\\udc7f"],
    ["tags on a flag that is none", "🏴\u{e0041}", "🏴\\udb40\\udc41"],
    ["fillers", "\u115f\u1160\u3164\uffa0", "\\u115f\\u1160\\u3164\\uffa0"],
    ["a joiner of graphemes", "a\u034fb", "a\\u034fb"],
    ["annotations", "\ufff9a\ufffab\ufffb", "\\ufff9a\\ufffab\\ufffb"],
    ["private use", "\ue000\u{f0000}", "\\ue000\\udb80\\udc00"],
    ["unassigned", "\u0378\uffff", "\\u0378\\uffff"],
    ["a joiner between letters that do not join", "pay\u200cments", "pay\\u200cments"],
    ["the same in Cyrillic and Chinese", "а\u200dб監\u200d視", "а\\u200dб監\\u200d視"],
    ["more joiners than one", "क\u200d\u200d", "क\u200d\\u200d"],
    ["a selector on what has no forms", "1\ufe0f2a\ufe0f", "1\\ufe0f2a\\ufe0f"],
    ["more selectors than one", "❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"],
    ["hidden bytes", "葛\u{e0100}\u{e0101}", "葛\u{e0100}\\udb40\\udd01"],
    ["marks in a heap", `e${"\u0301".repeat(6)}`, `e${"\u0301".repeat(4)}\\u0301\\u0301`],
    ["marks of a script", `ก${"\u0e47".repeat(9)}`, `ก${"\u0e47".repeat(8)}\\u0e47`],
    ["formats of hieroglyphs", "\u{13430}", "\\ud80d\\udc30"],
  ];
  for (const [name, text, expected] of table) {
    await t.step(name, () => assert.equal(printable(text), expected));
  }
});

Deno.test("printable leaves all other text as it is", async (t) => {
  const texts: Readonly<Record<string, string>> = {
    nothing: "",
    ASCII: "OK:200",
    Russian: "Счёт №7: «готово», ёлка",
    "Russian, decomposed": "Счёт, йод".normalize("NFD"),
    Vietnamese: "Tiếng Việt, đã xong".normalize("NFD"),
    "a blank that does not break": "a\u00a0b",
    backslashes: 'C:\\n "quoted"',
    Arabic: "السَّلَامُ عَلَيْكُم، ٱللَّٰهِ \u0600١٢",
    Persian: "می\u200cخواهم",
    Hebrew: "שָׁלוֹם",
    Hindi: "क्\u200dष, शक्ति, भारत में",
    Bengali: "র\u200d্য",
    Sinhala: "ශ්\u200dරී ලංකා",
    Malayalam: "അവന്\u200d",
    Tamil: "தமிழ்",
    Thai: "ไม่เป็นไร น้ำ",
    Burmese: "တြွှေ့",
    Khmer: "ខ្មែរ",
    Tibetan: "ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ",
    Mongolian: "ᠠ\u180b",
    Chinese: "監視系統",
    Japanese: "葛\u{e0100}城市のバックアップ",
    Korean: "한국어",
    "Old Korean": "ᄀᆞᆫ",
    "a family": "👩\u200d👩\u200d👧",
    "a heart on fire": "❤\ufe0f\u200d🔥",
    "a kiss": "👩🏻\u200d❤️\u200d💋\u200d👩🏼",
    "a colour of skin": "👍🏽 🕵🏻\u200d♂️",
    "a sign drawn as text": "☎\ufe0e",
    flags: "🇷🇺 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🏳️\u200d🌈 🏳️\u200d⚧️",
    keys: "1️⃣ #️⃣",
    "an emoji to come": "\u{1faff}",
    mathematics: "∀x ∈ ℝ: x² ≥ 0",
  };
  for (const [name, text] of Object.entries(texts)) {
    await t.step(name, () => {
      assert.equal(printable(text), text);
      assert.equal([...printablePieces(text)].join(""), text);
      assert.equal(excerpt(text, 100), text);
    });
  }
});

Deno.test("printable text is one line, and stays as it is when asked again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const once = printable(text);

      assert.doesNotMatch(once, /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      assert.doesNotMatch(once, /\p{M}{9}/u);
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
    ["👩‍👩‍👧👩‍👩‍👧", 7, "👩‍👩‍👧…"],
    ["क्‍ष", 3, "क्‍…"],
  ];
  for (const [text, length, expected] of table) {
    await t.step(`${printable(text)} to ${length}`, () => {
      assert.equal(excerpt(text, length), expected);
    });
  }
});

Deno.test("what printable writes out can be read back: nothing is lost", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(JSON.parse(printable(JSON.stringify(text))), text);
    }),
  );
});

Deno.test("an excerpt takes no more than twice its room, whatever is written out in it", () => {
  for (
    const flood of ["\u202e", "\u{e0041}", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\u200d", "\0"]
  ) {
    assert.ok(excerpt(flood.repeat(10_000), 200).length <= 420, JSON.stringify(flood));
  }
});

Deno.test("no text costs more than a moment, however it is made", async (t) => {
  for (
    const flood of [
      "\u200d",
      "\u0301",
      "क\u200d",
      "👩\u200d",
      "🏴\u{e0067}",
      "葛\u{e0100}",
      "\u{e0041}",
    ]
  ) {
    await t.step(JSON.stringify(flood), () => {
      const text = flood.repeat(20_000);
      const began = performance.now();
      printable(text);
      excerpt(text, 200);
      assert.ok(performance.now() - began < 1_000, `took ${performance.now() - began} ms`);
    });
  }
});
