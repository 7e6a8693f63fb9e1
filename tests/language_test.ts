import assert from "node:assert/strict";
import { counted, enumeration, numeral, plural } from "../lib/language.ts";

const APPS = { one: "app", other: "apps" };
const RUSSIAN_APPS = { one: "приложение", few: "приложения", other: "приложений" };

Deno.test("counted puts the form of the word that goes with the number", async (t) => {
  const table: readonly (readonly [number, string, string])[] = [
    [0, "0 apps", "0 приложений"],
    [1, "1 app", "1 приложение"],
    [2, "2 apps", "2 приложения"],
    [4, "4 apps", "4 приложения"],
    [5, "5 apps", "5 приложений"],
    [11, "11 apps", "11 приложений"],
    [12, "12 apps", "12 приложений"],
    [21, "21 apps", "21 приложение"],
    [22, "22 apps", "22 приложения"],
    [111, "111 apps", "111 приложений"],
    [121, "121 apps", "121 приложение"],
    [10_000, "10,000 apps", "10\u00a0000 приложений"],
  ];
  for (const [count, english, russian] of table) {
    await t.step(english, () => {
      assert.equal(counted("en", count, APPS), english);
      assert.equal(counted("ru", count, RUSSIAN_APPS), russian);
    });
  }
});

Deno.test("plural takes the form for all others where there is none of its own", () => {
  assert.equal(plural("ru", 1, { other: "всё ещё" }), "всё ещё");
  assert.equal(plural("ru", 2, { one: "падает", other: "падают" }), "падают");
});

Deno.test("numeral groups digits as the language does", () => {
  assert.equal(numeral("en", 1_234_567), "1,234,567");
  assert.equal(numeral("ru", 1_234_567), "1\u00a0234\u00a0567");
});

Deno.test("enumeration puts an and before the last item", () => {
  assert.equal(enumeration("en", ["23", "77", "12 more"]), "23, 77 and 12 more");
  assert.equal(enumeration("ru", ["23", "77", "ещё 12"]), "23, 77 и ещё 12");
  assert.equal(enumeration("en", ["23"]), "23");
});
