import assert from "node:assert/strict";
import type { Language } from "../../lib/language.ts";
import { preferred, speech } from "../../lib/ui/speech.ts";
import { START } from "../support/fake_clock.ts";

Deno.test("a page speaks the language that the browser asks for first", async (t) => {
  const cases: readonly (readonly [string | null, Language])[] = [
    [null, "en"],
    ["", "en"],
    ["ru", "ru"],
    ["ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"],
    ["de-DE,en;q=0.4,ru;q=0.6", "ru"],
    ["en;q=0.5, ru;q=0.4", "en"],
    ["ru;q=0, en;q=0.1", "en"],
    ["de, fr;q=0.5", "en"],
    ["*", "en"],
    [";;;q=,", "en"],
  ];
  for (const [header, expected] of cases) {
    await t.step(`${header}`, () => assert.equal(preferred(header, "en"), expected));
  }
  assert.equal(preferred("de", "ru"), "ru");
});

Deno.test("a share is never rounded up to a whole", () => {
  const { percent } = speech("en", "UTC", START);

  assert.deepEqual([1, 0.99999, 0.5, 0].map(percent), ["100%", "99.99%", "50%", "0%"]);
});
