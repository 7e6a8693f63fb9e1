/**
 * Letters: what is owed, written as subject, plain text and HTML.
 *
 * Data in, text out. Subject first, for it is what a phone shows.
 *
 * @module
 */

import type { Instant } from "./clock.ts";
import type { Digest } from "./digest.ts";
import type { Language } from "./language.ts";
import { voice } from "./letter_entry.ts";
import { htmlText } from "./letter_html.ts";
import { footer, notice, type Outline, outline } from "./letter_outline.ts";
import { sampleFacts } from "./letter_sample.ts";
import { subject } from "./letter_subject.ts";
import { plainText } from "./letter_text.ts";
import { WORDS } from "./letter_words.ts";

/** A message's text. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a letter tells. */
export interface LetterFacts {
  readonly digest: Digest;
  /** Apps that are down and of which this letter brings no news. */
  readonly stillDown: {
    /** The longest down first; at most a letter's limit of them. */
    readonly apps: readonly {
      readonly appId: string;
      readonly name: string | null;
      readonly since: Instant;
    }[];
    /** How many there are in all. */
    readonly total: number;
  };
  /** News that could not be mailed to another address, and has not been named yet. */
  readonly failed: readonly {
    readonly address: string;
    readonly count: number;
    readonly reason: string;
  }[];
  /** News that was over before mail was set up. */
  readonly stale: number;
}

/** How a letter is written. */
export interface LetterStyle {
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
  /** Where the pages are, without a trailing slash, or null if nobody said. */
  readonly baseUrl: string | null;
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
  return written(subject(facts, style.language), outline(facts, style), style);
}

/** An alarm as it would look, which says first of all that it is none. */
export function sampleLetter(style: LetterStyle): Letter {
  const words = WORDS[style.language];
  const facts = sampleFacts(style.now);
  const body = outline(facts, style);
  return written(
    words.sampleSubject(subject(facts, style.language)),
    { ...body, sections: [notice("calm", words.sampleNotice), ...body.sections] },
    style,
  );
}

/** A letter that proves, by arriving, that mail works. */
export function testLetter(
  style: LetterStyle,
  recipient: { readonly getsAlarms: boolean },
): Letter {
  const words = WORDS[style.language];
  const body = {
    sections: [notice("good", words.testSubject)],
    notes: [words.testNotice(recipient)],
    footer: footer(voice(style)),
  };
  return written(words.testSubject, body, style);
}

function written(subject: string, body: Outline, { language }: LetterStyle): Letter {
  return { subject, text: plainText(body), html: htmlText(body, { subject, language }) };
}
