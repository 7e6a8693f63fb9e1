/**
 * Spans of time, read and written.
 *
 * @module
 */

import { DAY, type Duration, HOUR, MINUTE, SECOND, WEEK } from "./clock.ts";
import type { Language } from "./language.ts";

/** The form of a duration, for messages. */
export const DURATION_FORM = 'a form like "90s", "5m", "2h", "1d" or "1w"';

const UNITS: readonly (readonly [string, Duration])[] = [
  ["w", WEEK],
  ["d", DAY],
  ["h", HOUR],
  ["m", MINUTE],
  ["s", SECOND],
];

/** Reads a duration like `"90s"`, or null if it is none; one beyond 2^53 ms is none. */
export function parseDuration(text: string): Duration | null {
  const match = /^(\d{1,15})([smhdw])$/.exec(text);
  const unit = UNITS.find(([name]) => name === match?.[2])?.[1];
  if (match === null || unit === undefined) return null;
  const duration = Number(match[1]) * unit;
  return Number.isSafeInteger(duration) ? duration : null;
}

/**
 * Writes a duration of whole seconds so that {@linkcode parseDuration} reads
 * it back: in the largest unit that divides it, `"1m"` and not `"60s"`.
 */
export function durationText(duration: Duration): string {
  for (const [name, unit] of UNITS) {
    if (duration !== 0 && duration % unit === 0) return `${duration / unit}${name}`;
  }
  return `${Math.floor(duration / SECOND)}s`;
}

/**
 * Units as they are spoken, the largest first. Symbols, for they stay the same
 * with every number; `Intl.DurationFormat` says "2 hr, 10 min" in English.
 */
const SPOKEN: Readonly<Record<Language, readonly (readonly [Duration, string])[]>> = {
  en: [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]],
  ru: [[DAY, "дн."], [HOUR, "ч"], [MINUTE, "мин"], [SECOND, "с"]],
};

/**
 * A duration for people: `2 h 10 min`, «2 ч 10 мин».
 *
 * Two neighbouring units at most, and none that is zero; what is smaller is
 * dropped, so that it never says more than has passed. A negative duration,
 * which a clock set back can leave, is spoken as none.
 */
export function spokenDuration(duration: Duration, language: Language): string {
  const units = SPOKEN[language];
  const found = units.findIndex(([unit]) => duration >= unit);
  const first = found === -1 ? units.length - 1 : found;
  let rest = Math.max(duration, 0);
  const parts: string[] = [];
  for (const [unit, symbol] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0 || parts.length === 0) parts.push(`${count} ${symbol}`);
  }
  return parts.join(" ");
}
