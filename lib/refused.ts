/**
 * Refused heartbeats: why, and what is remembered of them for the app that
 * they named, so that whoever asks why it is down finds out.
 *
 * @module
 */

import { parseAppId } from "./app.ts";
import type { Instant } from "./clock.ts";

/** Why a heartbeat was refused. */
export type WhyRefused =
  | WhyRemembered
  /** It was sent to nowhere. */
  | "wrong_path"
  /** It names no app, in no form that an id has. */
  | "wrong_app_id"
  /** Its app is not known, and may not register itself. */
  | "unknown_app"
  /** Its app is not known, and there are as many as there may be. */
  | "too_many_apps";

/** Those that befall an app which is known. */
export type WhyRemembered =
  | "no_token"
  | "wrong_token"
  /** A page of another site had a browser send it. */
  | "cross_site"
  /** A browser asked for it before anybody wanted it. */
  | "prefetch"
  | "wrong_method"
  | "wrong_kind"
  | "wrong_message"
  | "not_json"
  /** Others in the same array were wrong. */
  | "beside_wrong"
  /** Its array was empty, or too long. */
  | "wrong_array"
  | "too_slow"
  | "too_large"
  /** It ended before its end. */
  | "cut_off"
  /** Too many large bodies were on their way. */
  | "crowded";

/** The last one of an app. */
export interface RefusedHeartbeat {
  readonly at: Instant;
  readonly reason: WhyRemembered;
  /** The sender's network address. */
  readonly address: string;
  /** How many there have been, this one included. */
  readonly times: number;
}

/** The most apps that are looked for in a text: each is looked up, for whoever sends it. */
const NAMED_LIMIT = 100;

/** A name and its value, as JSON has them; within a text each quote would stand behind a backslash. */
const NAMED = /(?<!\\)"app_id"\s*:\s*(?:"([\w.-]{1,100})"|(\d{1,16})(?![\d.eE]))/g;

/** The apps that a text names which may be JSON, or the beginning of some. */
export function appsNamedIn(text: string): readonly string[] {
  const named = new Set<string>();
  for (const [, name, number] of text.matchAll(NAMED)) {
    const id = parseAppId(name ?? Number(number));
    if (id !== null) named.add(id);
    if (named.size === NAMED_LIMIT) break;
  }
  return [...named];
}
