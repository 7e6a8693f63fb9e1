/**
 * What a page says of how old it is, in any language.
 *
 * @module
 */

import type { Language } from "../language.ts";

/** One language's words; "{}" stands for as of when the page is. */
export interface LiveWords {
  /** Before that time, on every page. */
  readonly asOf: string;
  /** Nobody answers. */
  readonly gone: string;
  /** Whoever looks at it is logged out. */
  readonly over: string;
  readonly logIn: string;
  /** What it shows is not there any more. */
  readonly missing: string;
  /** Another version runs, and something was typed into the page. */
  readonly renewed: string;
  /** Before the title, in the browser's tab. */
  readonly title: string;
}

const ENGLISH: LiveWords = {
  asOf: "As of",
  gone: "Not live any more: the server does not answer, and this is how things were at {}. " +
    "Trying again …",
  over: "Not live any more: you are logged out, and this is how things were at {}.",
  logIn: "Log in",
  missing: "What this page shows is not there any more. This is how it was at {}.",
  renewed: "Not live any more: another version of stillalive runs, and this is how things were " +
    "at {}. What you typed is kept: send it, or load the page again.",
  title: "(not live)",
};

const RUSSIAN: LiveWords = {
  asOf: "Состояние на",
  gone: "Страница больше не обновляется: сервер не отвечает. Показано состояние на {}. " +
    "Пробуем снова…",
  over: "Страница больше не обновляется: сеанс завершён. Показано состояние на {}.",
  logIn: "Войти",
  missing: "Того, что на этой странице, больше нет. Показано состояние на {}.",
  renewed: "Страница больше не обновляется: запущена другая версия stillalive. Показано " +
    "состояние на {}. Введённое осталось на странице: отправьте его или загрузите её заново.",
  title: "(не обновляется)",
};

/** The words of each language. */
export const LIVE_WORDS: Readonly<Record<Language, LiveWords>> = { en: ENGLISH, ru: RUSSIAN };
