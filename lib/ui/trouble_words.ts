/**
 * What every page says on top when something is wrong with the service itself.
 *
 * @module
 */

import type { Occupancy } from "../capacity.ts";
import { enumeration, type Language, numeral } from "../language.ts";
import type { FileLoss } from "../store.ts";

/** One language's words. Instants come in written out. */
export interface TroubleWords {
  unstored(since: string): string;
  readonly unstoredAdvice: string;
  lost(what: FileLoss["what"]): string;
  /** There are nearly, or quite, as many apps as there may be. */
  capacity(occupancy: Occupancy): string;
  readonly capacityAdvice: string;
  /** Nobody can connect. */
  shut(since: string): string;
  readonly notSetUp: string;
  /** Which settings are missing. */
  setUp(settings: readonly string[]): string;
  /** The mail server lets nobody in. */
  unreachable(since: string): string;
  nextTry(at: string): string;
  /** The mail server lets us in, and takes no letter. */
  late(since: string): string;
  /** An address was refused for too long. */
  refused(address: string, since: string): string;
  readonly refusedAdvice: string;
  /** Requests come by a proxy nearby that is not trusted. */
  strangeProxy(address: string): string;
  /** What to set if it is a proxy of ours. */
  trustProxy(value: string): string;
  readonly toOutbox: string;
  /** On a button. */
  readonly test: string;
}

const LOST = {
  deleted: "удалён",
  replaced: "подменён",
  "taken over": "перешёл к другому stillalive",
} as const;

const ENGLISH: TroubleWords = {
  unstored: (since) => `Heartbeats have not been stored since ${since}.`,
  unstoredAdvice: "The disk may be full: make room.",
  lost: (what) => `The database file was ${what}: heartbeats cannot be stored.`,
  capacity: ({ apps, most }) =>
    apps >= most
      ? `No other app can register: there are ${numeral("en", apps)} of at most ` +
        `${numeral("en", most)} (MAX_APPS).`
      : `${numeral("en", apps)} of at most ${numeral("en", most)} apps are registered (MAX_APPS).`,
  capacityAdvice: "Raise MAX_APPS, or forget the apps that are none of yours.",
  shut: (since) => `Nobody can connect since ${since}: heartbeats are lost.`,
  notSetUp: "Mail is not set up: nobody is told when an app falls silent.",
  setUp: (settings) => `Set ${enumeration("en", settings)}, and start again.`,
  unreachable: (since) =>
    `Mail has not worked since ${since}: nobody is told when an app falls silent.`,
  nextTry: (at) => `The next try is at ${at}.`,
  late: (since) => `News has been waiting to be mailed since ${since}.`,
  refused: (address, since) =>
    `${address} has been refused since ${since}: what it was owed for 3 days has failed.`,
  refusedAdvice: "Mend the mailbox, or take the address out of ADMIN_EMAILS.",
  strangeProxy: (address) =>
    `Requests come by a proxy at ${address} that is not trusted: they all seem to come from it.`,
  trustProxy: (value) => `If it is yours, set TRUSTED_PROXIES=${value}, and start again.`,
  toOutbox: "See the outbox",
  test: "Send a test letter",
};

const RUSSIAN: TroubleWords = {
  unstored: (since) => `Сигналы не сохраняются с ${since}.`,
  unstoredAdvice: "Возможно, диск полон: освободите место.",
  lost: (what) => `Файл базы данных ${LOST[what]}: сигналы не удаётся сохранить.`,
  capacity: ({ apps, most }) =>
    apps >= most
      ? `Новые приложения не регистрируются: занято ${numeral("ru", apps)} мест из ` +
        `${numeral("ru", most)} (MAX_APPS).`
      : `Занято ${numeral("ru", apps)} мест для приложений из ${numeral("ru", most)} (MAX_APPS).`,
  capacityAdvice: "Увеличьте MAX_APPS или удалите приложения, которые вам не нужны.",
  shut: (since) => `Никто не может подключиться с ${since}: сигналы теряются.`,
  notSetUp: "Почта не настроена: никто не узнает, что приложение замолчало.",
  setUp: (settings) => `Задайте ${enumeration("ru", settings)} и запустите заново.`,
  unreachable: (since) =>
    `Почта не работает с ${since}: никто не узнает, что приложение замолчало.`,
  nextTry: (at) => `Следующая попытка в ${at}.`,
  late: (since) => `Новости ждут отправки с ${since}.`,
  refused: (address, since) =>
    `Сервер не принимает письма для ${address} с ${since}: за 3 дня новости туда не дошли.`,
  refusedAdvice: "Приведите ящик в порядок или уберите адрес из ADMIN_EMAILS.",
  strangeProxy: (address) =>
    `Запросы идут через прокси ${address}, которому не велено верить: все они будто бы от него.`,
  trustProxy: (value) => `Если он ваш, задайте TRUSTED_PROXIES=${value} и запустите заново.`,
  toOutbox: "Открыть почту",
  test: "Отправить пробное письмо",
};

/** The words of each language. */
export const TROUBLE_WORDS: Readonly<Record<Language, TroubleWords>> = {
  en: ENGLISH,
  ru: RUSSIAN,
};
