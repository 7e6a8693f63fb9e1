/**
 * What letters say, in any language: each language fills this in.
 *
 * Spans and instants come in written out. Sentences about one app stand
 * alone, without its name, so that they read the same under any heading.
 *
 * @module
 */

import type { Language } from "./language.ts";
import { ENGLISH } from "./letter_english.ts";
import { RUSSIAN } from "./letter_russian.ts";

/** What became of apps, as a letter groups them. */
export type Change =
  /** Down, for their deadline passed. */
  | "silent"
  /** Down, for they said so. */
  | "failed"
  | "back"
  /** Down and back before anyone was told. */
  | "away"
  /** Down, and told of before. */
  | "stillDown";

/** One language's words. */
export interface Words {
  /** `3 apps are down`. */
  apps(change: Change, count: number): string;
  /** `3 are down`: the same, where "apps" has been said. */
  others(change: Change, count: number): string;
  /** `12 more`, the last item of a list. */
  more(count: number): string;
  /** `and 12 more`, on a line of its own. */
  andMore(count: number): string;

  /** The last heartbeat was at `since`. */
  noHeartbeat(span: string, since: string): string;
  reportedFailure(span: string, at: string): string;
  /** One absence, with its beginning and end. */
  away(span: string, times: string): string;
  /** Several, with the last one's beginning and end. */
  awayOften(count: number, total: string, lastTimes: string): string;
  /** Absences before the fall that is told. */
  awayBefore(count: number, total: string): string;
  /** Absences after the one that is told. */
  awayAgain(count: number, total: string): string;
  stillDown(span: string, since: string): string;
  /** How often it fell in 7 days. */
  falls(count: number): string;
  /** Before the message that an app sent last. */
  readonly lastMessage: string;
  /** Before the message of the very heartbeat that is told. */
  readonly message: string;

  /** News that another address did not get. */
  undelivered(count: number): string;
  news(count: number): string;
  /** Before a mail server's words. */
  readonly reason: string;
  /** News that was over before mail was set up. */
  stale(count: number): string;
  /** The subject where only {@linkcode stale} is told. */
  readonly staleSubject: string;
  /** The subject of a letter without anything to tell. */
  readonly nothing: string;

  /** Which clock the times are read from. */
  zone(name: string): string;
  /** Who sends it. */
  readonly sender: string;

  /** The subject of an alarm that is none. */
  sampleSubject(subject: string): string;
  readonly sampleNotice: string;
  readonly testSubject: string;
  /** What the reader of a test letter will get. */
  testNotice(recipient: { readonly getsAlarms: boolean }): string;
}

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ru: RUSSIAN };
