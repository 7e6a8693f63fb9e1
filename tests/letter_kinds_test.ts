import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import type { GapCause } from "../lib/gap.ts";
import { GAP_CAUSES } from "../lib/gap_words.ts";
import { letter, sampleLetter, troubleLetter } from "../lib/letter.ts";
import {
  acknowledgeUrl,
  facts,
  flapping,
  gap,
  HOME,
  HOSTILE,
  NOW,
  proof,
  reminder,
  silent,
  stillDown,
  style,
} from "./support/letters.ts";

const ENGLISH_FOOT = "\n\n\nTimes are in Europe/Moscow (GMT+3)\nSent by stillalive\n";
const RUSSIAN_FOOT = "\n\n\nЧасовой пояс: Europe/Moscow (GMT+3)\nОтправил stillalive\n";

Deno.test("a reminder names what is still down, and where each is acknowledged", async (t) => {
  const told = {
    ...reminder("23", "backup"),
    failed: [{ address: "ops@example.org", count: 3, reason: "550 5.1.1 No such user" }],
  };

  await t.step("in English", () => {
    const { subject, text } = letter(told, style("en", { acknowledgeUrl }));

    assert.equal(subject, "2 apps are still down: 23, backup");
    assert.equal(
      text,
      `2 apps are still down
=====================

23: for 3 d (since 21 Nov, 12:00)
  Acknowledge: no more reminders
    https://alive.example.org/ack/2.0123456789abcdefghijkA
backup: for 3 d (since 21 Nov, 12:00)
  Acknowledge: no more reminders
    https://alive.example.org/ack/2.0123456789abcdefghijkA


3 pieces of news could not be mailed
====================================

ops@example.org
  3 pieces of news
  Reason: 550 5.1.1 No such user${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = letter(told, style("ru", { acknowledgeUrl }));

    assert.equal(subject, "2 приложения всё ещё не в порядке: 23, backup");
    assert.equal(
      text,
      `2 приложения всё ещё не в порядке
=================================

23: уже 3 дн. (с 21 нояб., 12:00)
  Я в курсе: больше не напоминать
    https://alive.example.org/ack/2.0123456789abcdefghijkA
backup: уже 3 дн. (с 21 нояб., 12:00)
  Я в курсе: больше не напоминать
    https://alive.example.org/ack/2.0123456789abcdefghijkA


Не доставлено: 3 уведомления
============================

ops@example.org
  3 уведомления
  Причина: 550 5.1.1 No such user${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a flapping app is told as it was last heard of, and when it is told of again", async (t) => {
  const told = facts({
    flapping: [
      flapping("23"),
      flapping("web", { isDown: false, incident: null, times: 0, total: 0 }),
    ],
  });

  await t.step("in English", () => {
    const { subject, text } = letter(told, style("en", { acknowledgeUrl }));

    assert.equal(subject, "2 apps are flapping: 23 (down), web");
    assert.equal(
      text,
      `2 apps are flapping
===================

News of this comes once an hour, until it calms down.

23
  Now down, for 5 min (since 11:55)
  Last message: OK:200
  Before that: away twice, 12 min in all
  Fell 7 times in 7 days
  Acknowledge: no more reminders
    https://alive.example.org/ack/4.0123456789abcdefghijkA

web
  Came back 5 min ago (11:55)
  Last message: OK:200
  Fell 7 times in 7 days${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = letter(told, style("ru", { acknowledgeUrl }));

    assert.equal(subject, "2 приложения то пропадают, то отвечают: 23 (не в порядке), web");
    assert.equal(
      text,
      `2 приложения то пропадают, то отвечают
======================================

Новости об этом приходят раз в час, пока всё не успокоится.

23
  Сейчас не в порядке, уже 5 мин (с 11:55)
  Последнее сообщение: OK:200
  До этого: 2 перерыва, всего 12 мин
  7 сбоев за 7 дней
  Я в курсе: больше не напоминать
    https://alive.example.org/ack/4.0123456789abcdefghijkA

web
  Снова ответило 5 мин назад (11:55)
  Последнее сообщение: OK:200
  7 сбоев за 7 дней${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a gap letter counts the apps that have more time, and those that are told of by themselves", async (t) => {
  const told = gap({ moved: 34, putOff: 3 });

  await t.step("in English", () => {
    const { subject, text } = letter(told, style("en"));

    assert.equal(
      subject,
      "Nothing could be heard from 23 Nov, 22:00 to 05:10 (7 h 10 min); 31 apps get more time",
    );
    assert.equal(
      text,
      `Nothing could be heard from 23 Nov, 22:00 to 05:10 (7 h 10
min)
============================================================

Why: stillalive did not run.

31 apps had a heartbeat due in that time. What was sent then
is lost, so silence counts only after a whole period and
grace from 05:10 on.

3 more alarms may come over an hour later than usual. Of
each of these a letter comes at its usual time, if it stays
silent.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = letter(told, style("ru"));

    assert.equal(
      subject,
      "Сигналы не принимались с 23 нояб., 22:00 до 05:10 (7 ч 10 мин); отсрочка для 31 приложения",
    );
    assert.equal(
      text,
      `Сигналы не принимались с 23 нояб., 22:00 до 05:10 (7 ч 10
мин)
============================================================

Причина: stillalive не работал.

В это время ожидались сигналы от 31 приложения. Посланное
тогда потеряно, поэтому молчание станет тревогой не раньше,
чем через целый период и запас после 05:10.

Ещё 3 тревоги могут прийти больше чем на час позже обычного.
О каждом таком приложении напишем в обычный срок, если оно
промолчит.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a letter of several gaps adds them up and names the last one", async (t) => {
  const told = gap({ gaps: 3, deaf: 8 * HOUR, moved: 1 });

  await t.step("in English", () => {
    const { subject, text } = letter(told, style("en"));

    assert.equal(
      subject,
      "Nothing could be heard in 3 gaps, 8 h in all (the last one 23 Nov, 22:00 – 05:10); 1 app gets more time",
    );
    assert.equal(
      text,
      `Nothing could be heard in 3 gaps, 8 h in all (the last one
23 Nov, 22:00 – 05:10)
============================================================

Why, the last time: stillalive did not run.

1 app had a heartbeat due in that time. What was sent then
is lost, so silence counts later than usual.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = letter(told, style("ru"));

    assert.equal(
      subject,
      "Сигналы не принимались 3 раза, всего 8 ч (в последний раз 23 нояб., 22:00 – 05:10); отсрочка для 1 приложения",
    );
    assert.equal(
      text,
      `Сигналы не принимались 3 раза, всего 8 ч (в последний раз 23
нояб., 22:00 – 05:10)
============================================================

Причина в последний раз: stillalive не работал.

В это время ожидались сигналы от 1 приложения. Посланное
тогда потеряно, поэтому молчание станет тревогой позже
обычного.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a letter of a gap says in words why nothing could be heard, whatever the cause", () => {
  const causes = Object.keys(GAP_CAUSES.en) as readonly GapCause[];
  for (const cause of causes) {
    const english = letter(gap({ cause }), style("en"));
    const russian = letter(gap({ cause }), style("ru"));

    assert.ok(english.text.includes(`Why: ${GAP_CAUSES.en[cause]}.`), cause);
    assert.ok(russian.text.includes(`Причина: ${GAP_CAUSES.ru[cause]}.`), cause);
  }
  const shut = letter(gap({ cause: "unreachable" }), style("en"));
  assert.match(shut.text, /^Why: nobody could connect\.$/m);
});

Deno.test("a proof counts the apps that are well, and the incidents", async (t) => {
  const told = proof({ apps: { total: 31, down: 1, unknown: 1, late: 0, new: 0 } });

  await t.step("in English", () => {
    const { subject, text } = letter(told, style("en"));

    assert.equal(subject, "29 of 31 apps are well; 1 is down, 1 is unknown");
    assert.equal(
      text,
      `29 of 31 apps are well; 1 is down, 1 is unknown
===============================================

2 incidents since 17 Nov, 12:00

Unknown: due while stillalive could not listen, and not
heard since.

This letter proves that alarms reach you.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = letter(told, style("ru"));

    assert.equal(subject, "В порядке 29 из 31 приложения; 1 не в порядке, 1 под вопросом");
    assert.equal(
      text,
      `В порядке 29 из 31 приложения; 1 не в порядке, 1 под
вопросом
============================================================

2 сбоя с 17 нояб., 12:00

Под вопросом: сигнал ожидался, пока приём не работал, и с
тех пор его нет.

Это письмо показывает, что тревоги до вас доходят.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a letter says how near the apps are to as many as there may be, and what to do", async (t) => {
  const scarce = { kind: "capacity", apps: 80_000, most: 100_000, failed: [], heard: [] } as const;
  const full = { ...scarce, apps: 100_000 };

  await t.step("in English", () => {
    const { subject, text } = letter(full, style("en"));

    assert.equal(
      letter(scarce, style("en")).subject,
      "80,000 of at most 100,000 apps are registered (MAX_APPS)",
    );
    assert.equal(subject, "No other app can register: there are 100,000 (MAX_APPS)");
    assert.equal(
      text,
      `No other app can register: there are 100,000 (MAX_APPS)
=======================================================

The heartbeats of apps that are not known yet are refused
(429), and nobody will be told that they fall silent. Apps
that are known count as ever.

What to do: raise MAX_APPS, or forget the apps that are none
of yours. Where strangers register them, set
HEARTBEAT_TOKEN, or AUTO_REGISTER=false.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = letter(scarce, style("ru"));

    assert.equal(
      letter(full, style("ru")).subject,
      "Новые приложения не регистрируются: их уже 100 000 (MAX_APPS)",
    );
    assert.equal(subject, "Занято 80 000 из 100 000 мест для приложений (MAX_APPS)");
    assert.equal(
      text,
      `Занято 80 000 из 100 000 мест для приложений (MAX_APPS)
=======================================================

Когда места кончатся, сигналы приложений, которых мы ещё не
знаем, будут отклоняться (429), и об их молчании никто не
узнает. За известными приложениями следим, как и прежде.

Что делать: увеличьте MAX_APPS или удалите приложения,
которые вам не нужны. Если их регистрируют посторонние,
задайте HEARTBEAT_TOKEN или AUTO_REGISTER=false.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a letter says that heartbeats cannot be stored, why, and what to do", async (t) => {
  const told = {
    kind: "unstored",
    since: NOW - 2 * MINUTE,
    reason: "database or disk is full",
  } as const;

  await t.step("in English", () => {
    const { subject, text } = troubleLetter(told, style("en"));

    assert.equal(subject, "Heartbeats cannot be stored: database or disk is full");
    assert.equal(
      text,
      `Heartbeats cannot be stored
===========================

For 2 min (since 11:58). SQLite says: database or disk is
full

Apps are answered 503 and asked to try again. Nothing is
lost that was answered 200, and no app is taken for silent
because of this time.

What to do: mostly the disk is full, so make room on it;
else remove what SQLite complains of. stillalive then goes
on by itself, without a restart.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = troubleLetter(told, style("ru"));

    assert.equal(subject, "Сигналы не записываются: database or disk is full");
    assert.equal(
      text,
      `Сигналы не записываются
=======================

Уже 2 мин (с 11:58). SQLite говорит: database or disk is
full

Приложениям отвечаем 503 и просим повторить. Ничто из того,
на что ответили 200, не потеряно, и замолчавшим из-за этого
никто не сочтён.

Что делать: чаще всего кончилось место на диске — освободите
его; иначе уберите то, на что жалуется SQLite. Дальше
stillalive продолжит сам, без перезапуска.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a letter says that the database was deleted, and that nobody watches", async (t) => {
  const told = {
    kind: "lost",
    what: "deleted",
    database: "/var/lib/stillalive.db",
  } as const;

  await t.step("in English", () => {
    const { subject, text } = troubleLetter(told, style("en"));

    assert.equal(subject, "The database was deleted: stillalive stops");
    assert.equal(
      text,
      `The database was deleted: stillalive stops
==========================================

"/var/lib/stillalive.db" was deleted while stillalive was at
work on it.

It stops now (exit code 1): else it would answer 200 for
what is on no disk. Until it runs again nobody watches your
apps.

What to do: put the file back where it was, if need be from
a backup, and start stillalive. Without the file it begins
an empty database, which knows no app.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = troubleLetter(told, style("ru"));

    assert.equal(subject, "База данных удалена: stillalive останавливается");
    assert.equal(
      text,
      `База данных удалена: stillalive останавливается
===============================================

Файл «/var/lib/stillalive.db» удалён во время работы.

stillalive останавливается (код выхода 1): иначе он отвечал
бы 200 на то, чего нет на диске. Пока он не запущен, за
приложениями никто не следит.

Что делать: верните файл на место, при нужде из резервной
копии, и запустите stillalive. Без файла он начнёт с пустой
базы, в которой нет ни одного приложения.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("an alarm says where it is acknowledged, in text and in HTML", () => {
  const { text, html } = letter(
    facts({ down: [silent("23", { incident: 77 })], stillDown: stillDown("backup") }),
    style("en", { baseUrl: HOME, acknowledgeUrl }),
  );

  assert.match(
    text,
    /apps\/23\n {2}Acknowledge: no more reminders\n {4}https:\S+\/ack\/77\.\S+\n\n/,
  );
  assert.match(html, /<a [^>]*href="https:[^"]+\/ack\/77\.[^"]+"[^>]*>Acknowledge: no more/);
  assert.equal(html.match(/\/ack\//g)?.length, 1);
});

Deno.test("a sample acknowledges nothing: its incidents are invented", () => {
  const { text, html } = sampleLetter(style("en", { acknowledgeUrl }));

  assert.doesNotMatch(text + html, /\/ack\//);
});

Deno.test("a proof's subject says how all is, in one line", async (t) => {
  const table = [
    [
      { total: 31, down: 0, unknown: 0, late: 0, new: 0 },
      "All 31 apps are well",
      "Все приложения в порядке: 31",
    ],
    [
      { total: 1, down: 0, unknown: 0, late: 0, new: 0 },
      "The only app is well",
      "Все приложения в порядке: 1",
    ],
    [
      { total: 1, down: 1, unknown: 0, late: 0, new: 0 },
      "0 of 1 app is well; 1 is down",
      "В порядке 0 из 1 приложения; 1 не в порядке",
    ],
    [
      { total: 40, down: 2, unknown: 0, late: 0, new: 0 },
      "38 of 40 apps are well; 2 are down",
      "В порядке 38 из 40 приложений; 2 не в порядке",
    ],
    [
      { total: 2, down: 0, unknown: 1, late: 0, new: 0 },
      "1 of 2 apps is well; 1 is unknown",
      "В порядке 1 из 2 приложений; 1 под вопросом",
    ],
    [
      { total: 31, down: 1, unknown: 2, late: 3, new: 4 },
      "28 of 31 apps are well; 1 is down, 2 are unknown, 3 are late, 4 are new",
      "В порядке 28 из 31 приложения; 1 не в порядке, 2 под вопросом, 3 опаздывают, 4 новых",
    ],
    [
      { total: 5, down: 0, unknown: 0, late: 1, new: 1 },
      "All 5 apps are well; 1 is late, 1 is new",
      "Все приложения в порядке: 5; 1 опаздывает, 1 новое",
    ],
    [
      { total: 0, down: 0, unknown: 0, late: 0, new: 2 },
      "No apps are watched; 2 are new",
      "Следить пока не за чем; 2 новых",
    ],
    [
      { total: 0, down: 0, unknown: 0, late: 0, new: 0 },
      "No apps are watched",
      "Следить пока не за чем",
    ],
  ] as const;
  for (const [apps, english, russian] of table) {
    await t.step(english, () => {
      assert.equal(letter(proof({ apps }), style("en")).subject, english);
      assert.equal(letter(proof({ apps }), style("ru")).subject, russian);
    });
  }
});

Deno.test("a proof says so when nothing has happened", () => {
  const quiet = proof({ incidents: 0 });

  assert.match(letter(quiet, style("en")).text, /^No incidents since 17 Nov, 12:00$/m);
  assert.match(letter(quiet, style("ru")).text, /^Ни одного сбоя с 17 нояб\., 12:00$/m);
});

Deno.test("an app that is flapping is named in the subject, behind what is worse", () => {
  const told = facts({
    down: [silent("23")],
    flapping: [flapping("77"), flapping("web", { isDown: false, incident: null })],
  });

  assert.equal(
    letter(told, style("en")).subject,
    "1 app is down: 23; 2 are flapping: 77 (down), web",
  );
  assert.equal(
    letter(told, style("ru")).subject,
    "1 приложение не отвечает: 23; 2 то пропадают, то отвечают: 77 (не в порядке), web",
  );
});

Deno.test("a letter says that nobody can connect, why, and that the program ends for it", async (t) => {
  const told = {
    kind: "unreachable",
    since: NOW - 15 * SECOND,
    reason: "another program listens there",
  } as const;

  await t.step("in English", () => {
    const { subject, text } = troubleLetter(told, style("en"));

    assert.equal(subject, "Nobody can connect: stillalive stops");
    assert.equal(
      text,
      `Nobody can connect: stillalive stops
====================================

For 15 s (since 11:59): another program listens there

It could not open its port again, and stops now (exit code
1), so that whatever keeps it running starts it anew. Until
it runs again nobody watches your apps; no app is taken for
silent because of this time.

What to do: see that it runs. If it has too few descriptors
for all who connect, give it more: LimitNOFILE=65536 in its
systemd unit, or --ulimit nofile=65536:65536 with Docker.${ENGLISH_FOOT}`,
    );
  });

  await t.step("in Russian", () => {
    const { subject, text } = troubleLetter(told, style("ru"));

    assert.equal(subject, "Никто не может подключиться: stillalive останавливается");
    assert.equal(
      text,
      `Никто не может подключиться: stillalive останавливается
=======================================================

Уже 15 с (с 11:59): another program listens there

Заново открыть свой порт не удалось, поэтому stillalive
останавливается (код выхода 1), чтобы тот, кто следит за его
работой, запустил его снова. Пока он не запущен, за
приложениями никто не следит; замолчавшим из-за этого
времени никто не сочтён.

Что делать: проверьте, что он запущен. Если дескрипторов не
хватает на всех, кто подключается, дайте больше:
LimitNOFILE=65536 в юните systemd или --ulimit
nofile=65536:65536 в Docker.${RUSSIAN_FOOT}`,
    );
  });
});

Deno.test("a database that was replaced is told so, and what a start would take", () => {
  const lost = { kind: "lost", what: "replaced", database: "/var/lib/stillalive.db" } as const;

  const english = troubleLetter(lost, style("en"));
  const russian = troubleLetter(lost, style("ru"));

  assert.equal(english.subject, "The database was replaced: stillalive stops");
  assert.match(english.text, /would\s+start\s+with\s+the\s+file\s+that\s+is\s+there\s+now\./);
  assert.equal(russian.subject, "База данных подменена: stillalive останавливается");
  assert.match(russian.text, /запустился\s+бы\s+с\s+тем\s+файлом,\s+который\s+там\s+лежит\./);
});

Deno.test("trouble is told with whatever words SQLite and the path may have, unobeyed", () => {
  const unstored = { kind: "unstored", since: NOW, reason: HOSTILE } as const;
  const unreachable = { kind: "unreachable", since: NOW, reason: HOSTILE } as const;
  const lost = { kind: "lost", what: "deleted", database: HOSTILE } as const;

  for (const trouble of [unstored, unreachable, lost]) {
    const { subject, text, html } = troubleLetter(trouble, style("en"));

    assert.doesNotMatch(subject, /[\p{Cc}\p{Cs}\u200b\u202e]/u);
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cs}\u200b\u202e]/u);
    assert.doesNotMatch(html, /<script|<img/);
  }
});

Deno.test("a letter of paragraphs shows the first one beside its subject", () => {
  const { html } = letter(proof(), style("en"));

  assert.match(html, /display:none[^>]*>2 incidents since 17 Nov, 12:00</);
});
