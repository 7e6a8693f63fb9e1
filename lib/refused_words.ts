/**
 * Why a heartbeat was refused, in words: they stand behind "was refused:".
 *
 * @module
 */

import type { Language } from "./language.ts";
import type { WhyRemembered } from "./refused.ts";

const ENGLISH: Readonly<Record<WhyRemembered, string>> = {
  no_token: "there was no token with it",
  wrong_token: "the token was wrong",
  cross_site: "a page of another site had sent it",
  prefetch: "a browser had only fetched it in advance",
  wrong_method: "heartbeats are not sent by that method",
  wrong_kind: "there is no such kind of heartbeat",
  wrong_message: "the message was neither text nor a number",
  not_json: "it was not JSON",
  beside_wrong: "others in the same array were wrong",
  wrong_array: "the array was empty or too long",
  too_slow: "it was not whole in time",
  too_large: "it was too large",
  cut_off: "it ended too early",
  crowded: "too much was on its way at once",
};

const RUSSIAN: Readonly<Record<WhyRemembered, string>> = {
  no_token: "в запросе нет токена",
  wrong_token: "неверный токен",
  cross_site: "его послала страница чужого сайта",
  prefetch: "браузер лишь открыл адрес заранее",
  wrong_method: "сигналы не шлют таким методом",
  wrong_kind: "такого вида сигналов нет",
  wrong_message: "message — не текст и не число",
  not_json: "это не JSON",
  beside_wrong: "в том же массиве были неверные сигналы",
  wrong_array: "массив пуст или слишком длинный",
  too_slow: "запрос не пришёл целиком вовремя",
  too_large: "запрос слишком большой",
  cut_off: "запрос оборвался",
  crowded: "слишком много запросов шло одновременно",
};

/** The words of each language. */
export const REFUSED_WORDS: Readonly<
  Record<Language, Readonly<Record<WhyRemembered, string>>>
> = { en: ENGLISH, ru: RUSSIAN };
