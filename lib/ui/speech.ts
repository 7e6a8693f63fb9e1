/**
 * A page's voice: a language's words, and how it writes times and numbers.
 *
 * @module
 */

import { type Calendar, calendar } from "../calendar.ts";
import type { Duration, Instant } from "../clock.ts";
import { spokenDuration } from "../duration.ts";
import { type Language, LOCALES } from "../language.ts";
import { type Hundredths, WHOLE } from "../share.ts";
import { WORDS, type Words } from "./words.ts";

/** How a page speaks. */
export interface Speech {
  readonly language: Language;
  readonly words: Words;
  readonly now: Instant;
  readonly calendar: Calendar;
  span(duration: Duration): string;
  /** An instant to the second. */
  seconds(at: Instant): string;
  /** A share, rounded as `hundredths()` has it: `99.99%` is not `100%`. */
  percent(share: Hundredths): string;
}

/** The voice of a page that is written at `now`. */
export function speech(language: Language, timeZone: string, now: Instant): Speech {
  return {
    language,
    words: WORDS[language],
    now,
    calendar: calendar(language, timeZone, { now }),
    span: (duration) => spokenDuration(duration, language),
    seconds: (at) => secondsFormat(language, timeZone).format(at),
    percent: (share) => percentFormat(language).format(share / WHOLE),
  };
}

/**
 * The language that a browser asks for first, of those there are
 * (RFC 9110 §12.5.4); the one of the settings where it asks for none of them.
 */
export function preferred(header: string | null, otherwise: Language): Language {
  const asked = (header ?? "").split(",").map((item) => {
    const [tag = "", ...parameters] = item.trim().toLowerCase().split(";");
    const weight = parameters.map((each) => /^\s*q=([\d.]{1,5})\s*$/.exec(each)?.[1]);
    return { tag: tag.split("-")[0], weight: Number(weight.find((each) => each) ?? 1) };
  });
  const known = asked.filter(({ tag, weight }) => (tag === "en" || tag === "ru") && weight > 0);
  const [first] = known.toSorted((one, other) => other.weight - one.weight);
  return first === undefined ? otherwise : first.tag as Language;
}

const PERCENTS = new Map<Language, Intl.NumberFormat>();

function percentFormat(language: Language): Intl.NumberFormat {
  const known = PERCENTS.get(language);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALES[language], {
    style: "percent",
    maximumFractionDigits: 2,
  });
  PERCENTS.set(language, made);
  return made;
}

/** The one for the last zone that was asked for: a service has only one. */
const SECONDS = new Map<
  Language,
  { readonly timeZone: string; readonly format: Intl.DateTimeFormat }
>();

function secondsFormat(language: Language, timeZone: string): Intl.DateTimeFormat {
  const known = SECONDS.get(language);
  if (known?.timeZone === timeZone) return known.format;
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  SECONDS.set(language, { timeZone, format });
  return format;
}
