/**
 * Voices: how a letter speaks, from its style.
 *
 * @module
 */

import { type Calendar, calendar } from "./calendar.ts";
import type { Duration, Instant } from "./clock.ts";
import { spokenDuration } from "./duration.ts";
import type { LetterStyle } from "./letter.ts";
import { WORDS, type Words } from "./letter_words.ts";

/** A style, made ready for use. */
export interface Voice extends Omit<LetterStyle, "timeZone"> {
  readonly words: Words;
  readonly calendar: Calendar;
  /** A duration, written out. */
  span(duration: Duration): string;
  /** From when to when; once, where both read the same. */
  times(from: Instant, to: Instant): string;
}

/** The voice of a style. Throws a `RangeError` for a time zone that does not exist. */
export function voice({ timeZone, ...style }: LetterStyle): Voice {
  const { language, now } = style;
  const known = calendar(language, timeZone, { now });
  return {
    ...style,
    words: WORDS[language],
    calendar: known,
    span: (duration) => spokenDuration(duration, language),
    times: (from, to) => range(known.instant(from), known.instant(to)),
  };
}

function range(from: string, to: string): string {
  if (from === to) return to;
  // A dash stands close between single words, apart between groups of words.
  return `${from}${to}`.includes(" ") ? `${from} – ${to}` : `${from}–${to}`;
}
