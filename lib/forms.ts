/**
 * Forms that text can have: words, numbers, spans, lists.
 *
 * Nothing here throws: text that is not of its form reads as null, and whoever
 * reads it says what was expected.
 *
 * @module
 */

import { DAY, type Duration } from "./clock.ts";
import { DURATION_FORM, durationText, parseDuration } from "./duration.ts";
import { printable } from "./printable.ts";

/** What text must be. */
export interface Form<Value> {
  /** For messages, after "expected". */
  readonly expected: string;
  /** The value, or null for text that is not of this form. */
  readonly read: (text: string) => Value | null;
}

/** A year, where things are kept for years: there a leap day does not matter. */
const YEAR: Duration = 365 * DAY;

/** One of the words. */
export function choice<Word extends string>(words: readonly Word[]): Form<Word> {
  const quoted = words.map((word) => `"${word}"`);
  return {
    expected: `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`,
    read: (text) => words.find((word) => word === text) ?? null,
  };
}

/** A whole number, both ends included. */
export function count(least: number, most: number): Form<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    read: (text) => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return number >= least && number <= most ? number : null;
    },
  };
}

/** A duration, both ends included. */
export function span(shortest: Duration, longest: Duration): Form<Duration> {
  return {
    expected: `${DURATION_FORM}, from ${durationText(shortest)} to ${durationText(longest)}`,
    read: (text) => {
      const duration = parseDuration(text);
      return duration !== null && duration >= shortest && duration <= longest ? duration : null;
    },
  };
}

/** A duration that can also be counted in years, from `shortest` to so many years. */
export function longSpan(shortest: Duration, years: number): Form<Duration> {
  const days = span(shortest, years * YEAR);
  return {
    expected: `${DURATION_FORM}, or like "2y", from ${durationText(shortest)} to ${years}y`,
    read: (text) => days.read(text.replace(/^(\d{1,4})y$/, (_, count) => `${count * YEAR / DAY}d`)),
  };
}

/** What `form` reads, or the word "never". */
export function orNever<Value>(form: Form<Value>): Form<Value | "never"> {
  return {
    expected: `${form.expected}, or "never"`,
    read: (text) => text === "never" ? text : form.read(text),
  };
}

/** Values separated by commas, each once, in the order given. */
export function list<Value>(item: Form<Value>, most: number): Form<readonly Value[]> {
  return {
    expected: `${item.expected}; several are separated by commas, at most ${most}`,
    read: (text) => {
      const items = new Set<Value>();
      for (const each of text.split(",").map((part) => part.trim())) {
        // A comma too many is no mistake worth stopping for.
        if (each === "") continue;
        const value = item.read(each);
        if (value === null) return null;
        items.add(value);
      }
      return items.size > 0 && items.size <= most ? [...items] : null;
    },
  };
}

/** `true` or `false`. */
export const YES_OR_NO: Form<boolean> = {
  expected: '"true" or "false"',
  read: (text) => text === "true" ? true : text === "false" ? false : null,
};

/** Text that shows whole on one line, and not longer than so many characters; `what` names it. */
export function line(what: string, most: number): Form<string> {
  return {
    expected: `${what} of at most ${most} characters, none of them a control character`,
    read: (text) => text.length <= most && printable(text) === text ? text : null,
  };
}
