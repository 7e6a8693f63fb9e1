import assert from "node:assert/strict";
import { letter, sampleLetter, testLetter } from "../lib/letter.ts";
import { facts, HOME, silent, style } from "./support/letters.ts";

Deno.test("a letter is the same whenever the same is told", () => {
  const told = facts({ down: [silent("23")] });

  assert.deepEqual(letter(told, style("en")), letter(told, style("en")));
});

Deno.test("a letter for a place that does not exist is refused", () => {
  assert.throws(() => letter(facts(), style("en", { timeZone: "Mars/Olympus" })), RangeError);
});

Deno.test("a sample says before all else that nothing has happened", async (t) => {
  await t.step("in English", () => {
    const { subject, text, html } = sampleLetter(style("en"));

    assert.equal(
      subject,
      "Sample: 1 app is down: 23; 1 reported a failure: billing; 1 is back; 1 was away",
    );
    assert.ok(text.startsWith("Only a sample of an alarm: nothing has happened\n====="));
    assert.match(html, /display:none[^>]*>Only a sample of an alarm: nothing has happened · /);
  });

  await t.step("in Russian", () => {
    const { subject, text } = sampleLetter(style("ru"));

    assert.equal(
      subject,
      "Пример: 1 приложение не отвечает: 23; 1 сообщило об ошибке: billing; " +
        "1 снова отвечает; 1 пропадало",
    );
    assert.ok(text.startsWith("Только пример тревоги: ничего не случилось\n====="));
  });
});

Deno.test("a test letter says that mail works, and whether alarms come to its reader", async (t) => {
  await t.step("in English, to an admin", () => {
    const { subject, text } = testLetter(style("en", { baseUrl: HOME }), { getsAlarms: true });

    assert.equal(subject, "Mail from stillalive works");
    assert.equal(
      text,
      `Mail from stillalive works
==========================


When an app falls silent, the alarm comes to this address.


Times are in Europe/Moscow (GMT+3)
Sent by stillalive: https://alive.example.org
`,
    );
  });

  await t.step("in Russian, to someone else", () => {
    const { subject, text, html } = testLetter(style("ru"), { getsAlarms: false });

    assert.equal(subject, "Почта stillalive работает");
    assert.equal(
      text,
      `Почта stillalive работает
=========================


На этот адрес тревоги не приходят: его нет в ADMIN_EMAILS.


Часовой пояс: Europe/Moscow (GMT+3)
Отправил stillalive
`,
    );
    assert.ok(html.includes("<h2"));
  });
});
