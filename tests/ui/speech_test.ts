import assert from "node:assert/strict";
import type { Language } from "../../lib/language.ts";
import { hundredths } from "../../lib/share.ts";
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

Deno.test("a share is never rounded up to a whole, nor down to nothing", () => {
  const { percent } = speech("en", "UTC", START);

  const share = (part: number) => percent(hundredths(part, 100_000));
  assert.deepEqual([100_000, 99_999, 50_000, 1, 0].map(share), [
    "100%",
    "99.99%",
    "50%",
    "0.01%",
    "0%",
  ]);
});
