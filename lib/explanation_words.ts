/**
 * What an explanation says, in any language: each language fills this in.
 *
 * Spans and instants come in written out. Each sentence stands alone.
 *
 * @module
 */

import { ENGLISH } from "./explanation_english.ts";
import { RUSSIAN } from "./explanation_russian.ts";
import type { Language } from "./language.ts";
import type { Mute } from "./mute.ts";
import type { HeldBy, Unheeded } from "./telling.ts";

/** One language's words. */
export interface ExplanationWords {
  /** Its last success was so long ago, and the next one is not due yet. */
  heard(span: string): string;
  /** The same, and the next one has been due for so long. */
  overdue(span: string, dueFor: string): string;
  /** It was expected in a gap, and is unknown since then. */
  excused(since: string): string;
  /** It was due before a gap of which nobody knows how long it was; since when. */
  putOff(since: string, dueAt: string): string;
  /** It is expected while we are deaf, and unknown since then. */
  deaf(since: string): string;
  readonly unheard: string;
  /** Null where nobody knows since when. */
  paused(since: string | null): string;
  readonly ignored: string;
  silent(span: string, since: string): string;
  failed(span: string, since: string): string;
  acknowledged(at: string): string;
  flapping(since: string): string;

  /** A heartbeat of it was refused: when, why, and from which address it came. */
  heartbeatRefused(at: string, why: string, address: string): string;

  /** The next heartbeat is due, and when there is an alarm without. */
  dueIn(span: string, alarmAt: string): string;
  /** It has been due, and there is an alarm in so long. */
  alarmIn(span: string, at: string): string;
  /** Gaps put its alarm off: when a letter says so, if it stays silent. */
  unknownAt(at: string): string;
  /** Its deadline has passed, and that is about to be noticed. */
  readonly alarmNow: string;
  /** Nobody is told before that ends. */
  muted(reason: Mute["reason"], until: string): string;
  /** The alarm falls into it. */
  mutedThen(reason: Mute["reason"], until: string): string;

  nobody(because: Unheeded): string;
  /** To these addresses: before what follows. */
  mailTo(addresses: string): string;
  earliest(at: string, heldBy: HeldBy): string;
  readonly aboutToGo: string;
  readonly sending: string;
  /** With the next reminder, or null where none comes. */
  told(at: string, reminderAt: string | null): string;
  afterMute(at: string): string;
  /** Why there is none, by the reason that is stored of it. */
  suppressed(reason: string): string;
  undelivered(reason: string): string;
  refused(address: string, since: string, reply: string): string;
}

/** The words of each language. */
export const EXPLANATION_WORDS: Readonly<Record<Language, ExplanationWords>> = {
  en: ENGLISH,
  ru: RUSSIAN,
};
