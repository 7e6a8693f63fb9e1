/**
 * Text from outside, made safe to show on one line.
 *
 * What a terminal, a mail header or a reader's eye would obey instead of
 * show — control characters, line ends, changes of writing direction,
 * characters without width — is written out as an escape.
 *
 * @module
 */

/**
 * Control characters (C0, DEL, C1), lone surrogates, line separators, the
 * controls of writing direction, and characters that are not seen at all.
 * Joiners stay: emoji and several scripts are spelled with them.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The escapes that everyone knows; the rest are written by number. */
const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** The text with every character that is not to be obeyed written out: `\n`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) =>
      SHORT.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * The first `length` code points of the text, {@linkcode printable}, with an
 * ellipsis where something was left out.
 *
 * Counted before anything is written out, so that no escape is cut in half.
 */
export function excerpt(text: string, length: number): string {
  const points = Array.from(text);
  if (points.length <= length) return printable(text);
  return `${printable(points.slice(0, length).join(""))}…`;
}
