/**
 * Explanations in Russian.
 *
 * @module
 */

import type { ExplanationWords } from "./explanation_words.ts";
import type { Mute } from "./mute.ts";
import type { HeldBy, Unheeded } from "./telling.ts";

const MUTES: Readonly<Record<Mute["reason"], string>> = {
  snoozed: "Тревога отложена",
  maintenance: "Идёт обслуживание",
};

const MUTES_THEN: Readonly<Record<Mute["reason"], string>> = {
  snoozed: "Тревога к тому времени ещё отложена",
  maintenance: "В это время будет обслуживание",
};

const NOBODY: Readonly<Record<Unheeded, string>> = {
  ignored: "Никто не узнает: приложение не отслеживается",
  paused: "Никто не узнает: приложение на паузе",
  unheard: "До первого сигнала никому ничего не сообщаем",
  no_address: "Никто не узнает: в ADMIN_EMAILS нет ни одного адреса",
  no_mail: "Никто не узнает: почта не настроена; всё, о чём надо сообщить, ждёт",
};

const HELD: Readonly<Record<HeldBy, string>> = {
  digest: "",
  interval: " (после прошлого письма нужен перерыв)",
  flapping: " (раз в час, пока всё не успокоится)",
  retry: " (следующая попытка: прошлую не приняли)",
  server: " (почтовый сервер никого не пускает: следующая попытка)",
};

const SUPPRESSED: ReadonlyMap<string, string> = new Map([
  ["snoozed", "тревога была отложена"],
  ["maintenance", "шло обслуживание"],
  ["paused", "приложение было на паузе"],
  ["ignored", "приложение не отслеживалось"],
  ["stale", "всё кончилось до настройки почты"],
  ["address removed", "адрес убран"],
  ["unowed", "сбой начался до того, как появился адрес"],
]);

/** Russian words. */
export const RUSSIAN: ExplanationWords = {
  heard: (span) => `Отвечает: последний сигнал ${span} назад`,
  overdue: (span, dueFor) => `Опаздывает на ${dueFor}: последний сигнал ${span} назад`,
  excused: (since) =>
    `Под вопросом с ${since}: сигнал ожидался, пока приём не работал, и после его тоже не было`,
  deaf: (since) => `Под вопросом с ${since}: приём не работает, а сигнал за это время ожидался`,
  putOff: (since, dueAt) =>
    `Под вопросом с ${since}: сигнал ожидался в ${dueAt}, но часы ушли вперёд или машина спала, ` +
    "и что из этого, неизвестно",
  unheard: "Новое: следим с первого сигнала",
  paused: (since) => `На паузе${since === null ? "" : ` с ${since}`}: за ним не следим`,
  ignored: "Не отслеживается (IGNORED_APPS): сигналы только записываются",
  silent: (span, since) => `Не отвечает уже ${span}, с ${since}: сигнал не пришёл вовремя`,
  failed: (span, since) => `Не в порядке уже ${span}, с ${since}: само сообщило об ошибке`,
  acknowledged: (at) => `Принято (${at}): больше не напоминаем`,
  flapping: (since) => `С ${since} то пропадает, то отвечает: новости об этом раз в час`,

  heartbeatRefused: (at, why, address) =>
    `Сигнал приходил и был отклонён (${at}): ${why} (с адреса ${address})`,

  dueIn: (span, alarmAt) => `Сигнал ждём через ${span}; если промолчит, тревога в ${alarmAt}`,
  alarmIn: (span, at) => `Если промолчит, тревога через ${span}, в ${at}`,
  unknownAt: (at) =>
    `Сигнал мог пропасть: если промолчит, в ${at} напишем, что с ним неизвестно что`,
  alarmNow: "Срок только что вышел: тревога вот-вот уйдёт",
  muted: (reason, until) => `${MUTES[reason]} до ${until}: раньше никому не сообщим`,
  mutedThen: (reason, until) => `${MUTES_THEN[reason]}, до ${until}: раньше никому не сообщим`,

  nobody: (because) => NOBODY[because],
  mailTo: (addresses) => `Письмо на ${addresses}`,
  earliest: (at, heldBy) => `не раньше ${at}${HELD[heldBy]}`,
  aboutToGo: "вот-вот уйдёт",
  sending: "отправляется",
  told: (at, reminderAt) =>
    `отправлено (${at}), ${
      reminderAt === null ? "напоминать не будем" : `следующее напоминание: ${reminderAt}`
    }`,
  afterMute: (at) => `если сбой к тому времени не кончится, не раньше ${at}`,
  suppressed: (reason) => `не отправлено: ${SUPPRESSED.get(reason) ?? reason}`,
  undelivered: (reason) => `не приняли за 3 дня, больше не пытаемся (${reason})`,
  refused: (address, since, reply) =>
    `Почтовый сервер не принимает письма на ${address} с ${since}: ${reply}; пробуем каждый час`,
};
