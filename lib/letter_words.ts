/**
 * What letters say, in any language: each language fills this in.
 *
 * Spans and instants come in written out. Sentences about one app stand
 * alone, without its name, so that they read the same under any heading.
 *
 * @module
 */

import type { Occupancy } from "./capacity.ts";
import type { Language } from "./language.ts";
import type { GapCause } from "./gap.ts";
import type { LostDatabase } from "./letter.ts";
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
  /** Down, up, down again … so often that each change is no letter of its own any more. */
  | "flapping"
  /** Down, and told of before. */
  | "stillDown"
  /** Silent, and nobody knows why: gaps put its alarm off. */
  | "unknown"
  /** Heard after people had been told that nobody knows. */
  | "heard";

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
  /** Something that it sent at `at` was refused: why, and from which address it came. */
  refused(at: string, why: string, address: string): string;
  /** Absences before the fall that is told. */
  awayBefore(count: number, total: string): string;
  /** Absences after the one that is told. */
  awayAgain(count: number, total: string): string;
  stillDown(span: string, since: string): string;
  /** How an app is that keeps falling and coming back. */
  nowDown(span: string, since: string): string;
  /** When it came back: whether it is still up, nobody may know, for we may have been deaf since. */
  cameBack(span: string, at: string): string;
  /** In the subject, behind one of these that is down. */
  readonly down: string;
  /** When news of them comes again. */
  readonly flappingNote: string;
  /** On the link that acknowledges an incident. */
  readonly acknowledge: string;
  /** How often it fell in 7 days. */
  falls(count: number): string;
  /** Before the message that an app sent last. */
  readonly lastMessage: string;
  /** Before the message of the very heartbeat that is told. */
  readonly message: string;

  /** When an app of which nobody knows was due, and its old deadline. */
  expected(dueAt: string, at: string): string;
  /** Why its heartbeat may be lost: the first gap, and how many others there were. */
  missed(cause: GapCause, times: readonly [from: string, to: string], others: number): string;
  /** When it is down, if it stays silent. */
  downAt(at: string): string;
  /** When an app was heard of which nobody knew. */
  heardAt(at: string): string;

  /** News that the next letter brings, for this one is full. */
  left(count: number): string;
  /** That the next alarms are gathered for so long. */
  gathered(span: string): string;

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

  /** A gap, with its beginning and end. */
  deaf(from: string, to: string, span: string): string;
  /** Several, with the last one's beginning and end. */
  deafOften(count: number, total: string, lastTimes: string): string;
  /** Why nothing could be heard; after several gaps, in the last one. */
  because(cause: GapCause, gaps: number): string;
  /** So many apps were given more time, in the subject. */
  moreTime(count: number): string;
  /** What more time the apps were given: counted from `end`, or null after several gaps. */
  moved(count: number, end: string | null): string;
  /** So many more apps, whose alarms come more than an hour later. */
  putOffLater(count: number): string;

  /** How many of all apps are well. */
  well(count: number, total: number): string;
  /** How many are down, behind {@linkcode well}. */
  notWell(count: number): string;
  /** How many have not been heard since a gap, behind {@linkcode well}. */
  unknown(count: number): string;
  /** What unknown means. */
  readonly unknownNote: string;
  /** How many are late, behind {@linkcode well}: they are well so far. */
  tardy(count: number): string;
  /** How many are new, behind {@linkcode well}. */
  unheard(count: number): string;
  /** What new means. */
  readonly unheardNote: string;
  incidents(count: number, since: string): string;
  readonly proof: string;

  /** How near the apps are to as many as there may be. */
  capacity(occupancy: Occupancy): string;
  /** What that means, and what to do, a paragraph each. */
  capacityAdvice(isFull: boolean): readonly string[];

  /** We cannot store heartbeats. */
  readonly unstored: string;
  /** Since when, and why, in SQLite's words. */
  unstoredSince(span: string, since: string, reason: string): string;
  /** What that means for the apps, and what to do, a paragraph each. */
  readonly unstoredAdvice: readonly string[];
  /** Nobody can connect, and we end for it. */
  readonly unreachable: string;
  /** Since when, and why, in the system's words. */
  unreachableSince(span: string, since: string, reason: string): string;
  /** What that means, and what to do, a paragraph each. */
  readonly unreachableAdvice: readonly string[];
  /** What became of the database. */
  lost(what: LostDatabase["what"]): string;
  /** Which file it was, what we do, and what its admin can do, a paragraph each. */
  lostAdvice(what: LostDatabase["what"], database: string): readonly string[];

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
