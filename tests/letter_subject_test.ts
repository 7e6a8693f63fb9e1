import assert from "node:assert/strict";
import { MINUTE } from "../lib/clock.ts";
import type { LetterFacts } from "../lib/letter.ts";
import { subject } from "../lib/letter_subject.ts";
import { voice } from "../lib/letter_voice.ts";
import { away, back, facts, failing, many, silent, stillDown, style } from "./support/letters.ts";

const EN = voice(style("en"));
const RU = voice(style("ru"));

const billing = [silent("23"), silent("77"), silent("billing")];
const undelivered = { address: "ops@example.org", count: 3, reason: "550 no" };

Deno.test("a subject tells the worst first, in one line", async (t) => {
  const table: readonly (readonly [LetterFacts, string, string])[] = [
    [facts({ down: [silent("23")] }), "1 app is down: 23", "1 приложение не отвечает: 23"],
    [
      facts({ down: billing }),
      "3 apps are down: 23, 77, billing",
      "3 приложения не отвечают: 23, 77, billing",
    ],
    [
      facts({ down: [failing("23")] }),
      "1 app reported a failure: 23",
      "1 приложение сообщило об ошибке: 23",
    ],
    [
      facts({ down: [failing("23"), failing("77")] }),
      "2 apps reported a failure: 23, 77",
      "2 приложения сообщили об ошибке: 23, 77",
    ],
    [
      facts({ down: [failing("billing"), silent("23"), silent("77")] }),
      "2 apps are down: 23, 77; 1 reported a failure: billing",
      "2 приложения не отвечают: 23, 77; 1 сообщило об ошибке: billing",
    ],
    [facts({ back: [back("23")] }), "1 app is back: 23", "1 приложение снова отвечает: 23"],
    [
      facts({ back: [back("23"), back("77")] }),
      "2 apps are back: 23, 77",
      "2 приложения снова отвечают: 23, 77",
    ],
    [
      facts({ away: [away("23")] }),
      "1 app was away: 23 (14 min)",
      "1 приложение пропадало: 23 (14 мин)",
    ],
    [
      facts({ away: [away("23"), away("77", { times: 2, total: 95 * MINUTE })] }),
      "2 apps were away: 23 (14 min), 77 (1 h 35 min)",
      "2 приложения пропадали: 23 (14 мин), 77 (1 ч 35 мин)",
    ],
    [
      facts({ down: [silent("23"), silent("77")], back: [back("billing")] }),
      "2 apps are down: 23, 77; 1 is back",
      "2 приложения не отвечают: 23, 77; 1 снова отвечает",
    ],
    [
      facts({ down: [silent("23")], back: many(2, back), away: many(5, away) }),
      "1 app is down: 23; 2 are back; 5 were away",
      "1 приложение не отвечает: 23; 2 снова отвечают; 5 пропадали",
    ],
    [
      facts({ back: [back("23")], stillDown: stillDown("77") }),
      "1 app is back: 23",
      "1 приложение снова отвечает: 23",
    ],
    [
      facts({ stillDown: { ...stillDown("23", "77"), total: 14 } }),
      "14 apps are still down: 23, 77 and 12 more",
      "14 приложений всё ещё не в порядке: 23, 77 и ещё 12",
    ],
    [
      facts({ failed: [undelivered] }),
      "3 pieces of news could not be mailed",
      "Не доставлено: 3 уведомления",
    ],
    [facts({ stale: 12 }), "What happened before mail was set up", "Что было до настройки почты"],
    [facts(), "No news", "Новостей нет"],
  ];
  for (const [told, english, russian] of table) {
    await t.step(english, () => {
      assert.equal(subject(told, EN), english);
      assert.equal(subject(told, RU), russian);
    });
  }
});

Deno.test("a subject names five apps and counts the rest", async (t) => {
  const table: readonly (readonly [number, string, string])[] = [
    [5, "5 apps are down: 1, 2, 3, 4, 5", "5 приложений не отвечают: 1, 2, 3, 4, 5"],
    [
      6,
      "6 apps are down: 1, 2, 3, 4, 5 and 1 more",
      "6 приложений не отвечают: 1, 2, 3, 4, 5 и ещё 1",
    ],
    [
      21,
      "21 apps are down: 1, 2, 3, 4, 5 and 16 more",
      "21 приложение не отвечает: 1, 2, 3, 4, 5 и ещё 16",
    ],
    [
      10_000,
      "10,000 apps are down: 1, 2, 3, 4, 5 and 9,995 more",
      "10\u00a0000 приложений не отвечают: 1, 2, 3, 4, 5 и ещё 9\u00a0995",
    ],
  ];
  for (const [count, english, russian] of table) {
    await t.step(`${count} apps`, () => {
      const told = facts({ down: many(count, silent) });

      assert.equal(subject(told, EN), english);
      assert.equal(subject(told, RU), russian);
    });
  }
});

Deno.test("a subject calls an app by its app_id, whatever its name", () => {
  const told = facts({ down: [silent("23", { name: "Billing\r\nBcc: all@example.org" })] });

  assert.equal(subject(told, EN), "1 app is down: 23");
});

Deno.test("a subject stays one line even for an app_id that cannot be", () => {
  const told = facts({ down: [silent("23\r\nBcc: all@example.org\u202e")] });

  assert.equal(subject(told, EN), "1 app is down: 23\\r\\nBcc: all@example.org\\u202e");
});
