/**
 * What every page says on top when something is wrong with the service itself.
 *
 * @module
 */

import { enumeration, type Language } from "../language.ts";
import type { FileLoss } from "../store.ts";

/** One language's words. Instants come in written out. */
export interface TroubleWords {
  unstored(since: string): string;
  readonly unstoredAdvice: string;
  lost(what: FileLoss["what"]): string;
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
  readonly toOutbox: string;
  /** On a button. */
  readonly test: string;
}

const ENGLISH: TroubleWords = {
  unstored: (since) => `Heartbeats have not been stored since ${since}.`,
  unstoredAdvice: "The disk may be full: make room.",
  lost: (what) => `The database file was ${what}: heartbeats cannot be stored.`,
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
  toOutbox: "See the outbox",
  test: "Send a test letter",
};

const RUSSIAN: TroubleWords = {
  unstored: (since) => `Сигналы не сохраняются с ${since}.`,
  unstoredAdvice: "Возможно, диск полон: освободите место.",
  lost: (what) =>
    `Файл базы данных ${what === "deleted" ? "удалён" : "подменён"}: сигналы не удаётся сохранить.`,
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
  toOutbox: "Открыть почту",
  test: "Отправить пробное письмо",
};

/** The words of each language. */
export const TROUBLE_WORDS: Readonly<Record<Language, TroubleWords>> = {
  en: ENGLISH,
  ru: RUSSIAN,
};
