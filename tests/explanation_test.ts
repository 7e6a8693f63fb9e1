import assert from "node:assert/strict";
import { type App, register, upFrom } from "../lib/app.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { explanation, type ExplanationFacts } from "../lib/explanation.ts";
import { explanationText } from "../lib/explanation_text.ts";
import type { KnownApp, OpenIncident } from "../lib/known_app.ts";
import type { MaintenanceWindow } from "../lib/maintenance.ts";
import type { Outbox, Queue } from "../lib/outbox.ts";
import { START } from "./support/fake_clock.ts";
import { ADMIN, DEFAULTS, SILENCE } from "./support/store.ts";

const NEW = register("23", { isIgnored: false });
const UP: App = {
  ...NEW,
  lastHeartbeat: { at: START, message: null },
  state: upFrom(START, DEFAULTS),
};
const DOWN: App = { ...UP, state: { kind: "down", since: START } };

const QUEUE: Queue = {
  address: ADMIN,
  owed: null,
  lastLetter: null,
  alarmsAt: [],
  messages: [],
  occasions: { remindedAt: null, gap: null, proofFrom: null, capacityAt: null },
};

const TIMING = {
  digestWindow: 3 * SECOND,
  mailInterval: MINUTE,
  remindEvery: DAY,
  mailProof: null,
};

/** What is different from an app that is up, an empty outbox, and mail that works. */
interface Given {
  readonly known?: Partial<KnownApp>;
  readonly queue?: Partial<Queue>;
  readonly server?: Partial<Outbox["server"]>;
  readonly facts?: Partial<ExplanationFacts>;
}

function explained({ known, queue, server, facts }: Given) {
  return explanation({
    known: {
      app: UP,
      flippedAt: null,
      snoozedUntil: null,
      flapping: null,
      incident: null,
      refusals: [],
      refused: null,
      ...known,
    },
    windows: [],
    defaults: DEFAULTS,
    outbox: {
      server: { failures: 0, nextTryAt: null, ...server },
      queues: [{ ...QUEUE, ...queue }],
    },
    timing: TIMING,
    hasMail: true,
    now: START,
    seenAt: facts?.now ?? START,
    ...facts,
  });
}

/** The sentences, in both languages; times are Moscow's, three hours ahead of the start's 07:20:49. */
function said(given: Given): { readonly en: readonly string[]; readonly ru: readonly string[] } {
  const found = explained(given);
  const style = { timeZone: "Europe/Moscow" } as const;
  return {
    en: explanationText(found, { ...style, language: "en" }),
    ru: explanationText(found, { ...style, language: "ru" }),
  };
}

function incident(more: Partial<OpenIncident>): { readonly known: Partial<KnownApp> } {
  const usual = { reason: "silence", acknowledgedAt: null, mute: null, debts: [] } as const;
  return { known: { app: DOWN, incident: { ...usual, ...more } } };
}

function owes(fate: OpenIncident["debts"][number]["fate"]): { readonly known: Partial<KnownApp> } {
  return incident({ debts: [{ address: ADMIN, fate }] });
}

const NIGHT: MaintenanceWindow = {
  id: 1,
  scope: { kind: "all" },
  recurrence: { kind: "once", at: START + MINUTE },
  length: HOUR,
  note: null,
};

Deno.test("a status is explained by the rule that decides it, in English and Russian", async (t) => {
  const late = { facts: { now: START + 70 * SECOND } };
  const excusedAt = START + 50 * SECOND;
  const excused: App = {
    ...UP,
    state: {
      kind: "up",
      successAt: START,
      excusedAt,
      unknownFrom: excusedAt - SECOND,
      deadlineAt: excusedAt + SILENCE,
      oldDeadlineAt: START + SILENCE,
      isPutOff: false,
    },
  };
  const deadlineAt = START + SILENCE + 2 * HOUR;
  // A clock was set ahead before anything was due. People are told of it once it is not snoozed.
  const unsure: App = {
    ...UP,
    state: {
      kind: "up",
      successAt: START,
      excusedAt: null,
      unknownFrom: START + SILENCE,
      deadlineAt,
      oldDeadlineAt: deadlineAt - MINUTE,
      isPutOff: false,
    },
  };
  const paused: App = { ...UP, state: { kind: "paused" } };
  const hour = { now: START + HOUR };
  const table: readonly (readonly [string, Given, string, string, string])[] = [
    [
      "heard",
      { facts: { now: START + 12 * SECOND } },
      "up",
      "Up: last heartbeat 12 s ago",
      "Отвечает: последний сигнал 12 с назад",
    ],
    [
      "overdue",
      late,
      "late",
      "Late: last heartbeat 1 min 10 s ago, due for 10 s",
      "Опаздывает на 10 с: последний сигнал 1 мин 10 с назад",
    ],
    [
      "excused",
      { known: { app: excused }, facts: { now: excusedAt } },
      "unknown",
      "Unknown since 10:21:38: a heartbeat was due while stillalive could not listen, and none has come after",
      "Под вопросом с 10:21:38: сигнал ожидался, пока приём не работал, и после его тоже не было",
    ],
    [
      "deaf",
      { facts: { now: START + 12 * SECOND, seenAt: START + HOUR } },
      "unknown",
      "Unknown since 10:21:19: stillalive cannot listen, and a heartbeat has been due in that time",
      "Под вопросом с 10:21:19: приём не работает, а сигнал за это время ожидался",
    ],
    [
      "put_off",
      { known: { app: unsure }, facts: hour },
      "unknown",
      "Unknown since 10:22:19: it was due at 10:21:49, but the clock went ahead or the machine slept, and nobody knows which",
      "Под вопросом с 10:22:19: сигнал ожидался в 10:21:49, но часы ушли вперёд или машина спала, и что из этого, неизвестно",
    ],
    [
      "unheard",
      { known: { app: NEW } },
      "new",
      "New: it is judged from its first heartbeat on",
      "Новое: следим с первого сигнала",
    ],
    [
      "paused",
      { known: { app: paused, flippedAt: START } },
      "paused",
      "Paused since 10:20:49: it is not judged",
      "На паузе с 10:20:49: за ним не следим",
    ],
    [
      "ignored",
      { known: { app: { ...NEW, isIgnored: true } } },
      "ignored",
      "Ignored, by IGNORED_APPS: it is recorded and never judged",
      "Не отслеживается (IGNORED_APPS): сигналы только записываются",
    ],
    [
      "silence",
      { ...incident({}), facts: hour },
      "down",
      "Down for 1 h, since 10:20:49: no heartbeat came in time",
      "Не отвечает уже 1 ч, с 10:20:49: сигнал не пришёл вовремя",
    ],
    [
      "fail",
      { ...incident({ reason: "fail" }), facts: hour },
      "down",
      "Down for 1 h, since 10:20:49: it reported a failure",
      "Не в порядке уже 1 ч, с 10:20:49: само сообщило об ошибке",
    ],
  ];
  for (const [rule, given, status, english, russian] of table) {
    await t.step(rule, () => {
      const found = explained(given);
      assert.deepEqual([found.why.rule, found.status], [rule, status]);
      assert.equal(said(given).en[0], english);
      assert.equal(said(given).ru[0], russian);
    });
  }
});

Deno.test("what comes next is said, up to the deadline and at it", () => {
  const next = (now: number) => said({ facts: { now: START + now } }).en[1];

  assert.equal(next(MINUTE - 1), "Due in 0 s; alarm at 10:22:19 if silent");
  assert.equal(next(MINUTE), "Alarm at 10:22:19, in 30 s, if silent");
  assert.equal(next(SILENCE), "Its deadline has just passed: the alarm is being made");
});

Deno.test("an alarm that falls into maintenance is told when that ends", () => {
  const found = explained({ facts: { windows: [NIGHT] } });
  const { en, ru } = said({ facts: { windows: [NIGHT] } });

  const mute = { reason: "maintenance", until: START + MINUTE + HOUR } as const;
  assert.equal(found.mute, null);
  assert.deepEqual(found.next, {
    kind: "alarm",
    dueAt: START + MINUTE,
    unknownAt: null,
    at: START + SILENCE,
    mute,
  });
  assert.deepEqual(en.slice(2), [
    "It will be in maintenance then, until 11:21:49: nobody is told before",
    "Mail to admin@example.org: if it is still down then, at 11:21:52 at the earliest",
  ]);
  assert.deepEqual(ru.slice(2), [
    "В это время будет обслуживание, до 11:21:49: раньше никому не сообщим",
    "Письмо на admin@example.org: если сбой к тому времени не кончится, не раньше 11:21:52",
  ]);
});

Deno.test("a snooze that goes over into maintenance lasts to the end of both", () => {
  const snoozedUntil = START + 30 * MINUTE;
  const fell = incident({ mute: { reason: "snoozed", until: snoozedUntil } }).known;

  const found = explained({ known: { ...fell, snoozedUntil }, facts: { windows: [NIGHT] } });

  const mute = { reason: "snoozed", until: START + MINUTE + HOUR };
  assert.deepEqual([found.mute, found.next], [mute, { kind: "told_after_all", mute }]);
});

Deno.test("when a letter comes at the earliest is said, with what it waits for", async (t) => {
  const letter = (isGoodNews: boolean) => ({
    lastLetter: { takenAt: START + SILENCE - SECOND, isGoodNews },
    alarmsAt: [1, 2, 3].map((seconds) => START + SILENCE - seconds * SECOND),
  });
  const open = { id: 1, kind: "news" as const, isFrozen: false, nextTryAt: START + HOUR };
  const flapping = { since: START, calmFrom: START + HOUR };
  const earlier = { firstAt: START, firstDownAt: START };
  const table: readonly (readonly [string, Given, number, string])[] = [
    ["for further news", {}, SILENCE + 3 * SECOND, "digest"],
    ["for the mail interval", { queue: letter(false) }, SILENCE + 59 * SECOND, "interval"],
    [
      "not for one after few alarms",
      { queue: { ...letter(false), alarmsAt: [START + SILENCE - SECOND] } },
      SILENCE + 3 * SECOND,
      "digest",
    ],
    ["not for a letter of good news", { queue: letter(true) }, SILENCE + 3 * SECOND, "digest"],
    ["for a letter that goes before", { queue: { owed: earlier } }, SILENCE + 3 * SECOND, "digest"],
    ["for the next try", { queue: { messages: [open] } }, HOUR, "retry"],
    [
      "not for a text that stands",
      { queue: { messages: [{ ...open, isFrozen: true }] } },
      SILENCE + 3 * SECOND,
      "digest",
    ],
    ["for the server", { server: { failures: 3, nextTryAt: START + HOUR } }, HOUR, "server"],
    ["for its hour", { known: { flapping } }, HOUR + 3 * SECOND, "flapping"],
    [
      "not for its hour once it is calm",
      { known: { flapping: { ...flapping, calmFrom: START } } },
      SILENCE + 3 * SECOND,
      "digest",
    ],
  ];
  for (const [name, given, at, heldBy] of table) {
    await t.step(name, () => {
      const { telling } = explained(given);
      assert.equal(telling.kind, "addresses");
      assert.deepEqual(telling.addresses[0]?.plan, { kind: "mail", at: START + at, heldBy });
    });
  }
});

Deno.test("what became of the news of a fall is said, in English and Russian", async (t) => {
  const reminded = { occasions: { ...QUEUE.occasions, remindedAt: START } };
  const sent = { state: "sent", takenAt: START } as const;
  const table: readonly (readonly [string, Given, string, string])[] = [
    [
      "about to go",
      owes({ state: "owed", from: START - MINUTE }),
      "about to go out",
      "вот-вот уйдёт",
    ],
    ["on its way", owes({ state: "trying", nextTryAt: null }), "on its way", "отправляется"],
    [
      "tried again",
      owes({ state: "trying", nextTryAt: START + MINUTE }),
      "at 10:21:49 at the earliest (the next try after one that was not taken)",
      "не раньше 10:21:49 (следующая попытка: прошлую не приняли)",
    ],
    [
      "sent",
      owes({ ...sent, isReminded: false }),
      "sent at 10:20:49, no reminder",
      "отправлено (10:20:49), напоминать не будем",
    ],
    [
      "reminded of",
      { ...owes({ ...sent, isReminded: true }), queue: reminded },
      "sent at 10:20:49, next reminder at 25 Nov, 10:20:49",
      "отправлено (10:20:49), следующее напоминание: 25 нояб., 10:20:49",
    ],
    [
      "kept back",
      owes({ state: "suppressed", reason: "stale" }),
      "none, for it was over before mail was set up",
      "не отправлено: всё кончилось до настройки почты",
    ],
    [
      "failed",
      owes({ state: "failed", reason: "550 no such user" }),
      "refused for 3 days and given up (550 no such user)",
      "не приняли за 3 дня, больше не пытаемся (550 no such user)",
    ],
    [
      "owed to others only",
      incident({}),
      "none, for it fell before the address was set up",
      "не отправлено: сбой начался до того, как появился адрес",
    ],
  ];
  for (const [name, given, english, russian] of table) {
    await t.step(name, () => {
      assert.equal(said(given).en.at(-1), `Mail to admin@example.org: ${english}`);
      assert.equal(said(given).ru.at(-1), `Письмо на admin@example.org: ${russian}`);
    });
  }
});

Deno.test("addresses that are told alike are named together, one that is refused by itself", () => {
  const refusals = [{ address: "b@example.org", since: START, reply: "550 5.1.1\u202e no" }];
  const queues = ["a@example.org", "b@example.org"].map((address) => ({ ...QUEUE, address }));
  const outbox = { server: { failures: 0, nextTryAt: null }, queues };

  const { en } = said({ known: { refusals }, facts: { outbox } });

  assert.deepEqual(en.slice(2), [
    "Mail to a@example.org and b@example.org: at 10:22:22 at the earliest",
    "The mail server refuses b@example.org since 10:20:49: 550 5.1.1\\u202e no; " +
    "it is tried again each hour",
  ]);
});

Deno.test("a fall that somebody knows of, and an app that is flapping, are told as such", () => {
  const known = {
    ...incident({ acknowledgedAt: START }).known,
    flapping: { since: START, calmFrom: START + HOUR },
  };

  const { en, ru } = said({ known });

  assert.deepEqual(en.slice(1, 3), [
    "Acknowledged (10:20:49): no more reminders",
    "Flapping since 10:20:49: its news comes once an hour",
  ]);
  assert.deepEqual(ru.slice(1, 3), [
    "Принято (10:20:49): больше не напоминаем",
    "С 10:20:49 то пропадает, то отвечает: новости об этом раз в час",
  ]);
});
