import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { letter } from "../lib/letter.ts";
import {
  away,
  back,
  facts,
  failing,
  HOME,
  HOSTILE,
  many,
  NOW,
  silent,
  stillDown,
  style,
} from "./support/letters.ts";

const nightly = { name: "Billing, nightly run" };

/** Something of everything. */
const MIXED = facts({
  down: [
    silent("23", { awayBefore: { times: 2, total: 25 * MINUTE } }),
    silent("billing", { ...nightly, heartbeat: { at: NOW - DAY, message: null }, falls: 1 }),
    failing("search"),
  ],
  back: [back("77", { awayAgain: { times: 1, total: 95 * SECOND } })],
  away: [away("mail"), away("web", { times: 3, total: HOUR, falls: 21 })],
  stillDown: { ...stillDown("backup", "printer"), total: 14 },
  failed: [{ address: "ops@example.org", count: 3, reason: "550 5.1.1 No such user" }],
  stale: 12,
});

Deno.test("the plain text of one silent app says since when, and what it said last", () => {
  const written = letter(facts({ down: [silent("23")] }), style("en", { baseUrl: HOME }));

  assert.equal(
    written.text,
    `1 app is down
=============

23
  No heartbeat for 2 h 10 min (since 09:50)
  Last message: OK:200
  Fell 3 times in 7 days
  https://alive.example.org/apps/23


Times are in Europe/Moscow (GMT+3)
Sent by stillalive: https://alive.example.org
`,
  );
});

Deno.test("the plain text tells everything, the worst first, in English", () => {
  assert.equal(
    letter(MIXED, style("en")).text,
    `2 apps are down
===============

23
  No heartbeat for 2 h 10 min (since 09:50)
  Last message: OK:200
  Before that: away twice, 25 min in all
  Fell 3 times in 7 days

Billing, nightly run (billing)
  No heartbeat for 1 d (since 23 Nov, 12:00)
  Fell once in 7 days


1 app reported a failure
========================

search
  Reported a failure 5 min ago (11:55)
  Message: disk full
  Fell once in 7 days


1 app is back
=============

77
  Was away for 2 h 10 min (09:49–11:59)
  Message: OK:200
  After that: away once more, 1 min 35 s
  Fell 3 times in 7 days


2 apps were away
================

mail
  Was away for 14 min (11:45–11:59)
  Fell once in 7 days

web
  Was away 3 times, 1 h in all (the last time 11:45–11:59)
  Fell 21 times in 7 days


14 apps are still down
======================

backup: for 3 d (since 21 Nov, 12:00)
printer: for 3 d (since 21 Nov, 12:00)
and 12 more


3 pieces of news could not be mailed
====================================

ops@example.org
  3 pieces of news
  Reason: 550 5.1.1 No such user


Before mail was set up there were 12 more pieces of news;
all of it is over.


Times are in Europe/Moscow (GMT+3)
Sent by stillalive
`,
  );
});

Deno.test("the plain text tells everything, the worst first, in Russian", () => {
  assert.equal(
    letter(MIXED, style("ru")).text,
    `2 приложения не отвечают
========================

23
  Нет сигнала 2 ч 10 мин (с 09:50)
  Последнее сообщение: OK:200
  До этого: 2 перерыва, всего 25 мин
  3 сбоя за 7 дней

Billing, nightly run (billing)
  Нет сигнала 1 дн. (с 23 нояб., 12:00)
  1 сбой за 7 дней


1 приложение сообщило об ошибке
===============================

search
  Сообщило об ошибке 5 мин назад (11:55)
  Сообщение: disk full
  1 сбой за 7 дней


1 приложение снова отвечает
===========================

77
  Перерыв 2 ч 10 мин (09:49–11:59)
  Сообщение: OK:200
  После этого: ещё 1 перерыв, 1 мин 35 с
  3 сбоя за 7 дней


2 приложения пропадали
======================

mail
  Перерыв 14 мин (11:45–11:59)
  1 сбой за 7 дней

web
  3 перерыва, всего 1 ч (последний 11:45–11:59)
  21 сбой за 7 дней


14 приложений всё ещё не в порядке
==================================

backup: уже 3 дн. (с 21 нояб., 12:00)
printer: уже 3 дн. (с 21 нояб., 12:00)
и ещё 12


Не доставлено: 3 уведомления
============================

ops@example.org
  3 уведомления
  Причина: 550 5.1.1 No such user


До настройки почты накопилось ещё 12 уведомлений; всё это
уже позади.


Часовой пояс: Europe/Moscow (GMT+3)
Отправил stillalive
`,
  );
});

Deno.test("a letter without anything to tell says so", () => {
  const written = letter(facts(), style("en", { timeZone: "UTC" }));

  assert.equal(written.text, "No news\n=======\n\n\nTimes are in UTC\nSent by stillalive\n");
});

Deno.test("an app that was never heard has been silent since it fell", () => {
  const told = facts({ down: [silent("23", { heartbeat: null })] });

  const { text } = letter(told, style("en"));

  assert.match(text, /^ {2}No heartbeat for 2 h 8 min \(since 09:52\)$/m);
  assert.doesNotMatch(text, /message/);
});

Deno.test("an app that has not fallen for a week has no count of falls", () => {
  const told = facts({ back: [back("23", { downAt: NOW - 10 * DAY, falls: 0, message: " " })] });

  assert.match(
    letter(told, style("en")).text,
    /\n23\n {2}Was away for 9 d 23 h \(14 Nov, 12:00 – 11:59\)\n\n/,
  );
});

Deno.test("an absence within one minute has one time", () => {
  const told = facts({
    away: [away("23", { total: SECOND, downAt: NOW - SECOND, upAt: NOW - 1 })],
  });

  assert.match(letter(told, style("en")).text, /^ {2}Was away for 1 s \(11:59\)$/m);
});

Deno.test("the plain text is wrapped at 60 columns, and a longer word left whole", () => {
  const message = `${"word ".repeat(20)}${"x".repeat(70)} end`;
  const told = facts({ down: [silent("23", { heartbeat: { at: NOW - HOUR, message } })] });

  const { text } = letter(told, style("en"));

  assert.ok(text.includes(
    `
  Last message: word word word word word word word word word
    word word word word word word word word word word word
    ${"x".repeat(70)}
    end
  Fell`,
  ));
});

Deno.test("a message is cut after 200 code points", () => {
  const emoji = { heartbeat: { at: NOW - HOUR, message: "😀".repeat(4_096) } };

  const { text } = letter(facts({ down: [silent("23", emoji)] }), style("en"));

  assert.ok(text.includes(`\n    ${"😀".repeat(200)}…\n`));
});

Deno.test("a section lists a hundred apps and names the rest", () => {
  const { text } = letter(facts({ down: many(102, silent) }), style("en"));

  assert.equal(text.match(/No heartbeat for/g)?.length, 100);
  assert.match(text, /\n100\n {2}No heartbeat[^]*\n\nand 2 more: 101, 102\n\n\nTimes/);
});

Deno.test("a letter lists 60 apps of very many, names all others, and the least urgent lose their room", () => {
  const told = facts({
    down: many(50, silent),
    back: many(50, (id) => back(`b${id}`)),
    away: many(50, (id) => away(`c${id}`)),
  });

  const { text } = letter(told, style("en"));

  assert.equal(text.match(/^ {2}No heartbeat for/gm)?.length, 50);
  assert.equal(text.match(/^ {2}Was away for/gm)?.length, 10);
  assert.match(
    text,
    /\n\nand 40 more: b11, b12, [^]* b50\n\n\n50 apps were away\n={17}\n\nc1, c2, /,
  );
  for (let id = 1; id <= 50; id++) assert.match(text, new RegExp(`\\bc${id}\\b`));
});

Deno.test("a letter that is full says how much the next one brings", () => {
  const { text } = letter(facts({ down: [silent("23")], left: 12 }), style("en"));

  assert.match(text, /\n\n\n12 more pieces of news come in the next letter\.\n/);
});

Deno.test("the last letter before alarms are gathered says so", () => {
  const crowded = facts({ down: [silent("23")], isCrowded: true });

  const told = letter(crowded, style("en"));
  const never = letter(crowded, style("en", { mailInterval: 0 }));

  const sentence =
    /from here on\nalarms are gathered, and the next letter comes in 1 min at\nthe earliest\./;
  assert.match(told.text, sentence);
  assert.doesNotMatch(never.text, sentence);
});

Deno.test("the plain text shows control characters and changes of direction instead of obeying them", () => {
  const heartbeat = { at: NOW - HOUR, message: HOSTILE };
  const told = facts({
    down: [silent("23", { name: HOSTILE, heartbeat })],
    failed: [{ address: HOSTILE, count: 1, reason: HOSTILE }],
  });

  const { text } = letter(told, style("en"));

  assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cs}\u200b\u202e\u2066\ufeff]/u);
  assert.doesNotMatch(text, /^\s*Bcc/m);
  const unwrapped = text.replace(/\s+/g, " ");
  assert.ok(unwrapped.includes("\\u202egnp.exe\\u2066 \\u200b\\ufeff\\u0000\\u001b[31m\\r\\nBcc:"));
});
