/**
 * Letters in Russian.
 *
 * @module
 */

import { counted, type Forms, numeral, plural } from "./language.ts";
import type { Change, Words } from "./letter_words.ts";

const APPS: Forms = { one: "приложение", few: "приложения", other: "приложений" };
const NEWS: Forms = { one: "уведомление", few: "уведомления", other: "уведомлений" };
const ABSENCES: Forms = { one: "перерыв", few: "перерыва", other: "перерывов" };
const FALLS: Forms = { one: "сбой", few: "сбоя", other: "сбоев" };

const VERBS: Readonly<Record<Change, Forms>> = {
  silent: { one: "не отвечает", other: "не отвечают" },
  // One that said so itself does answer.
  failed: { one: "сообщило об ошибке", other: "сообщили об ошибке" },
  back: { one: "снова отвечает", other: "снова отвечают" },
  // Not "не отвечало", which at night is misread as «не отвечает».
  away: { one: "пропадало", other: "пропадали" },
  // Whether it is silent or failing is not known here.
  stillDown: { other: "всё ещё не в порядке" },
};

/** Russian words. */
export const RUSSIAN: Words = {
  apps: (change, count) => `${counted("ru", count, APPS)} ${plural("ru", count, VERBS[change])}`,
  others: (change, count) => counted("ru", count, VERBS[change]),
  more: (count) => `ещё ${numeral("ru", count)}`,
  andMore: (count) => `и ещё ${numeral("ru", count)}`,

  noHeartbeat: (span, since) => `Нет сигнала ${span} (с ${since})`,
  reportedFailure: (span, at) => `Сообщило об ошибке ${span} назад (${at})`,
  away: (span, times) => `Перерыв ${span} (${times})`,
  awayOften: (count, total, lastTimes) =>
    `${counted("ru", count, ABSENCES)}, всего ${total} (последний ${lastTimes})`,
  awayBefore: (count, total) =>
    `До этого: ${counted("ru", count, ABSENCES)}, ${count > 1 ? "всего " : ""}${total}`,
  awayAgain: (count, total) =>
    `После этого: ещё ${counted("ru", count, ABSENCES)}, ${count > 1 ? "всего " : ""}${total}`,
  stillDown: (span, since) => `уже ${span} (с ${since})`,
  falls: (count) => `${counted("ru", count, FALLS)} за 7 дней`,
  lastMessage: "Последнее сообщение",
  message: "Сообщение",

  undelivered: (count) => `Не доставлено: ${counted("ru", count, NEWS)}`,
  news: (count) => counted("ru", count, NEWS),
  reason: "Причина",
  stale: (count) =>
    `До настройки почты накопилось ещё ${counted("ru", count, NEWS)}; всё это уже позади.`,
  staleSubject: "Что было до настройки почты",
  nothing: "Новостей нет",

  zone: (name) => `Часовой пояс: ${name}`,
  sender: "Отправил stillalive",

  sampleSubject: (subject) => `Пример: ${subject}`,
  sampleNotice: "Только пример тревоги: ничего не случилось",
  testSubject: "Почта stillalive работает",
  testNotice: ({ getsAlarms }) =>
    getsAlarms
      ? "Когда приложение замолчит, тревога придёт на этот адрес."
      : "На этот адрес тревоги не приходят: его нет в ADMIN_EMAILS.",
};
