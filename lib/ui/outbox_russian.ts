/** What the outbox says in Russian. */

import { counted } from "../language.ts";
import type { OutboxWords } from "./outbox_words.ts";

const letters = (count: number) =>
  counted("ru", count, { one: "письмо", few: "письма", other: "писем" });
const news = (count: number) =>
  counted("ru", count, { one: "уведомление", few: "уведомления", other: "уведомлений" });

export const RUSSIAN: OutboxWords = {
  title: "Почта",
  state: {
    waiting: "ждёт",
    trying: "отправляется",
    sent: "отправлено",
    failed: "не доставлено",
    suppressed: "отменено",
  },
  kind: {
    news: "Новости",
    reminder: "Напоминание",
    gap: "Перерыв",
    proof: "Проверка связи",
    capacity: "Места для приложений",
  },
  debt: {
    waiting: "ждёт",
    sent: "сообщено",
    suppressed: "отменено",
    failed: "не доставлено",
  },
  reasons: {
    stale: "всё кончилось до того, как почту настроили",
    heard: "сигнал пришёл раньше, чем письмо приняли",
    down: "вместо этого сообщили о сбое",
    paused: "приложение поставили на паузу",
    ignored: "приложение без присмотра",
    snoozed: "тревога была отложена",
    maintenance: "шло обслуживание",
    "address removed": "адрес убрали из ADMIN_EMAILS",
  },

  lettersTitle: "Письма",
  stateFilter: "Письма по состоянию",
  anyState: "все",
  empty: "Ни одного письма ещё не написано.",
  nothingFound: "Таких писем нет.",
  more: "Более ранние",
  newest: "К новым",

  owedTitle: "Ещё не в письмах",
  news,
  goesOut: (span) => `письмо уйдёт через ${span}`,
  goesOutNow: "письмо уходит сейчас",
  needsMail: "ждут, пока почту не настроят",

  retry: "Повторить сейчас",
  test: "Отправить пробное письмо",
  retried: (sent, waiting) =>
    `Отправка повторена: принято ${letters(sent)}, пока не принято ${letters(waiting)}.`,
  nothingDue: "Отправлять было нечего: ни одно письмо не ждёт, или его уже отправляют. " +
    "Новости собираются немного, прежде чем из них пишется письмо.",
  stillTrying: "Почтовый сервер не торопится: письма ещё отправляются.",

  tries: (count) => counted("ru", count, { one: "попытка", few: "попытки", other: "попыток" }),
  again: (span) => `снова через ${span}`,
  againNow: "снова сейчас",
  noReply: "Ответа ещё нет",

  letter: {
    to: "Кому",
    kind: "Вид",
    state: "Состояние",
    begun: "Первая попытка",
    written: "Написано",
    taken: "Принято",
    nextTry: "Следующая",
    tries: "Попыток",
    reply: "Ответ",
    advice: "Что делать",
    messageId: "Message-ID",
    news: "О чём оно",
    noNews: "Новостей за ним нет: это письмо другого рода, или приложения забыты.",
    unlisted: (count) => `ещё ${news(count)}`,
    silent: "не отвечает",
    failed: "сообщило об ошибке",
    back: "снова отвечает",
    unknown: "было неизвестно, что с ним",
    text: "Простым текстом",
    html: "В HTML",
    isSent: "Письмо в том виде, в каком оно ушло.",
    isFrozen: "В конце одной из попыток сервер не ответил и, возможно, письмо принял: " +
      "оно уйдёт снова без изменений.",
    isRewritten: "Это текст последней попытки, которую сервер не принял. Для следующей письмо " +
      "будет написано заново, по новостям на ту минуту; тексты прежних попыток не хранятся.",
    isUnderWay: "Это сейчас и отправляется.",
    isClosed: "Это текст последней попытки; ни один сервер письмо не принял.",
    masked: "Ссылки «Я в курсе» не показываются тем, кто может только смотреть.",
    toOutbox: "К почте",
  },

  tested: {
    title: "Пробное письмо",
    none: "С момента запуска пробных писем не было.",
    at: (instant) => `Попытка в ${instant}`,
    outcome: (outcome, address) => {
      switch (outcome) {
        case "sent":
          return `Отправлено на ${address}`;
        case "unreachable":
          return "Не отправлено: почтовый сервер не пускает";
        case "deferred":
          return `Не отправлено на ${address}: сейчас не вышло`;
        case "rejected":
          return `Не отправлено на ${address}: сервер не принимает это письмо`;
        case "refused":
          return `Не отправлено на ${address}: сервер не принимает этот адрес`;
        case "unanswered":
          return `Возможно, отправлено на ${address}: сервер в конце не ответил`;
      }
    },
    underWay: (instant) =>
      `Отправляется с ${instant}. Почтовый сервер не спешит: на приветствие ему отводится ` +
      "до 5 минут, на письмо — до 10. Результат появится здесь.",
    again: "Отправить ещё одно",
  },
};
