/**
 * Voices: how a letter speaks, from its style.
 *
 * @module
 */

import { type Calendar, calendar } from "./calendar.ts";
import { type Duration, type Instant, MINUTE, type Span } from "./clock.ts";
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
  /** Both ends of a span, to the second where it is short. */
  seconds(span: Span): readonly [from: string, to: string];
}

/** A span up to here is told to the second. */
const TOLD_TO_THE_SECOND: Duration = 5 * MINUTE;

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
    seconds: ({ from, to }) => {
      const hasSeconds = to - from <= TOLD_TO_THE_SECOND;
      const { instant } = hasSeconds ? calendar(language, timeZone, { now, hasSeconds }) : known;
      return [instant(from), instant(to)];
    },
  };
}

function range(from: string, to: string): string {
  if (from === to) return to;
  // A dash stands close between single words, apart between groups of words.
  return `${from}${to}`.includes(" ") ? `${from} – ${to}` : `${from}–${to}`;
}
