/**
 * Letters: what is owed, written as subject, plain text and HTML.
 *
 * Data in, text out. Subject first, for it is what a phone shows.
 *
 * @module
 */

import type { Occupancy } from "./capacity.ts";
import type { Duration, Instant } from "./clock.ts";
import type { Digest } from "./digest.ts";
import type { GapCause } from "./gap.ts";
import type { Language } from "./language.ts";
import { body, troubleBody } from "./letter_body.ts";
import { htmlText } from "./letter_html.ts";
import { footer, notice, type Outline } from "./letter_outline.ts";
import { sampleFacts } from "./letter_sample.ts";
import { subject, troubleSubject } from "./letter_subject.ts";
import { plainText } from "./letter_text.ts";
import { voice } from "./letter_voice.ts";
import type { HeardAfterAll, PutOff } from "./put_off.ts";
import type { FileLoss } from "./store.ts";

/** A message's text. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** An app, as a letter names it. */
export interface Named {
  readonly appId: string;
  readonly name: string | null;
}

/** Apps that are down and of which this letter brings no news. */
export interface StillDown {
  /** In the order of precedence; at most a letter's limit of them. */
  readonly apps: readonly (Named & {
    readonly since: Instant;
    /** The flip that began it. */
    readonly incident: number;
  })[];
  /** The ids of those behind them that the letter names, too. */
  readonly others: readonly string[];
  /** How many there are in all. */
  readonly total: number;
}

/** News that could not be mailed to another address, and has not been named yet. */
export interface Undelivered {
  readonly address: string;
  readonly count: number;
  /** The mail server's words. */
  readonly reason: string;
}

/** What a letter tells. */
export type LetterFacts =
  | {
    readonly kind: "news";
    readonly digest: Digest;
    /** Apps of which nobody knows how they are, for gaps put their alarms off. */
    readonly putOffs: readonly PutOff[];
    /** How much news the next letter brings, for this one is full. */
    readonly left: number;
    readonly stillDown: StillDown;
    readonly failed: readonly Undelivered[];
    readonly heard: readonly HeardAfterAll[];
    /** News that was over before mail was set up. */
    readonly stale: number;
    /** Letters come thick: the next alarms are gathered for a mail interval. */
    readonly isCrowded: boolean;
  }
  /** Apps still down of which the address was told before. */
  | {
    readonly kind: "reminder";
    readonly stillDown: StillDown;
    readonly failed: readonly Undelivered[];
    readonly heard: readonly HeardAfterAll[];
  }
  /** We could not listen, and gave apps more time for it. */
  | {
    readonly kind: "gap";
    /** The last gap told. */
    readonly from: Instant;
    readonly to: Instant;
    /** How many gaps this letter tells of. */
    readonly gaps: number;
    /** How long they were in all. */
    readonly deaf: Duration;
    /** Why nothing could be heard in the last one. */
    readonly cause: GapCause;
    /** Apps whose deadline was moved. */
    readonly moved: number;
    /** Of these, the ones whose alarm comes more than an hour later: told of one by one, if they stay silent. */
    readonly putOff: number;
    readonly failed: readonly Undelivered[];
    readonly heard: readonly HeardAfterAll[];
  }
  /** Proves by arriving that alarms reach the reader. */
  | {
    readonly kind: "proof";
    readonly apps: {
      /** Judged ones: neither new, nor ignored, nor paused. */
      readonly total: number;
      readonly down: number;
      readonly unknown: number;
      /** Among those that are well. */
      readonly late: number;
      /** Beside these: they are judged from their first heartbeat on. */
      readonly new: number;
    };
    /** Falls since `since`. */
    readonly incidents: number;
    readonly since: Instant;
    readonly failed: readonly Undelivered[];
    readonly heard: readonly HeardAfterAll[];
  }
  /** There are nearly, or quite, as many apps as there may be. */
  | ({
    readonly kind: "capacity";
    readonly failed: readonly Undelivered[];
    readonly heard: readonly HeardAfterAll[];
  } & Occupancy);

/** The kinds of letters that are owed. */
export type LetterKind = LetterFacts["kind"];

/** What a letter of this kind tells. */
export type FactsOf<Kind extends LetterKind> = Extract<LetterFacts, { readonly kind: Kind }>;

/** What is told straight from memory, for it cannot be stored or cannot wait. */
export type Trouble =
  | {
    readonly kind: "unstored";
    readonly since: Instant;
    /** SQLite's words. */
    readonly reason: string;
  }
  /** The door cannot be opened again, so the program ends. */
  | {
    readonly kind: "unreachable";
    readonly since: Instant;
    /** The system's words. */
    readonly reason: string;
  }
  | LostDatabase;

/** The database file went from under us. */
export interface LostDatabase {
  readonly kind: "lost";
  /** What became of the file. */
  readonly what: FileLoss["what"];
  /** Its path. */
  readonly database: string;
}

/** How a letter is written. */
export interface LetterStyle {
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
  /** Where the pages are, without a trailing slash, or null if nobody said. */
  readonly baseUrl: string | null;
  /** Where the page is that acknowledges an incident, or null if nobody said where we are reached. */
  readonly acknowledgeUrl: ((incident: number) => string) | null;
  /** From a letter to the next one that gathers news. */
  readonly mailInterval: Duration;
  readonly now: Instant;
}

/**
 * The letter that tells these facts.
 *
 * Everything from outside may be hostile: it is cut, escaped, and what a
 * reader's program would obey is shown instead. Throws a `RangeError` for a
 * time zone that does not exist.
 */
export function letter(facts: LetterFacts, style: LetterStyle): Letter {
  const speaker = voice(style);
  return written(subject(facts, speaker), body(facts, speaker), style);
}

/**
 * The letter that tells of trouble with the service itself; from memory alone.
 *
 * Throws a `RangeError` for a time zone that does not exist.
 */
export function troubleLetter(trouble: Trouble, style: LetterStyle): Letter {
  const speaker = voice(style);
  return written(troubleSubject(trouble, speaker), troubleBody(trouble, speaker), style);
}

/** An alarm as it would look, which says first of all that it is none. */
export function sampleLetter(style: LetterStyle): Letter {
  // Its incidents are invented: a link would acknowledge somebody else's.
  const speaker = voice({ ...style, acknowledgeUrl: null });
  const { words } = speaker;
  const facts = sampleFacts(style.now);
  const told = body(facts, speaker);
  return written(
    words.sampleSubject(subject(facts, speaker)),
    { ...told, sections: [notice("calm", words.sampleNotice), ...told.sections] },
    style,
  );
}

/** A letter that proves, by arriving, that mail works. */
export function testLetter(
  style: LetterStyle,
  recipient: { readonly getsAlarms: boolean },
): Letter {
  const speaker = voice(style);
  const { words } = speaker;
  const told = {
    sections: [notice("good", words.testSubject)],
    notes: [words.testNotice(recipient)],
    footer: footer(speaker),
  };
  return written(words.testSubject, told, style);
}

function written(subject: string, told: Outline, { language }: LetterStyle): Letter {
  return { subject, text: plainText(told), html: htmlText(told, { subject, language }) };
}
