/**
 * What is said of a form that came to nothing, in any language.
 *
 * @module
 */

import type { Language } from "../language.ts";

/** One language's words. */
export interface FormWords {
  /** On the login page, for who sent a form and was not logged in any more. */
  readonly over: string;
  /** The same, where what was typed is too long to be kept; for readers as well. */
  readonly overAndLost: string;
  /** The same, for who is logged in for reading. */
  readonly reader: string;
  /** Above a form that is shown again after a login. */
  readonly again: string;
  /** For a button, which shows nothing that was typed. */
  readonly pressAgain: string;
  readonly unavailable: string;
  /** Behind it stands why, in English. */
  readonly failed: string;
}

const ENGLISH: FormWords = {
  over: "Nothing was done: you are logged out by now. Log in, and you are back on the form, " +
    "with what you typed.",
  overAndLost: "Nothing was done: you have to log in first, and what you typed is too long to be " +
    "kept meanwhile. Your browser's Back shows it again: copy it before you log in.",
  reader: "Nothing was done: you are logged in with a token for reading. Log in with the admin " +
    "token, and you are back on the form, with what you typed.",
  again: "Nothing was done yet: you had to log in again meanwhile. Here is what you typed; look " +
    "at it, and send it once more.",
  pressAgain: "Nothing was done: you had to log in again meanwhile. Press it once more.",
  unavailable: "Nothing was saved: it cannot be stored now. Try again.",
  failed: "Nothing was saved.",
};

const RUSSIAN: FormWords = {
  over: "Ничего не сделано: сеанс завершён. Войдите, и вы вернётесь к форме — всё введённое " +
    "останется в ней.",
  overAndLost: "Ничего не сделано: сначала нужно войти, а введённое слишком длинно, чтобы его " +
    "сохранить. Вернитесь кнопкой «Назад» в браузере и скопируйте его, прежде чем входить.",
  reader: "Ничего не сделано: вы вошли с токеном только для чтения. Войдите с токеном " +
    "администратора, и вы вернётесь к форме — всё введённое останется в ней.",
  again: "Пока ничего не сделано: пришлось войти заново. Вот что вы ввели; проверьте и отправьте " +
    "ещё раз.",
  pressAgain: "Ничего не сделано: пришлось войти заново. Нажмите ещё раз.",
  unavailable: "Ничего не сохранено: сейчас это не удаётся. Попробуйте ещё раз.",
  failed: "Ничего не сохранено.",
};

/** The words of each language. */
export const FORM_WORDS: Readonly<Record<Language, FormWords>> = { en: ENGLISH, ru: RUSSIAN };
