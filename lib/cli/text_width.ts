/**
 * Text in the columns of a terminal.
 *
 * @module
 */

import { printablePieces } from "../printable.ts";

/** Text of which each character is one column wide: nearly all there is. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Marks that stand on the character before, and what joins or is not seen; not the soft hyphen. */
const ZERO_WIDTH = /^(?!\u00ad)[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

/** Half-width forms of what is wide otherwise, and the letters that flags are spelled with. */
const NARROW = /^[\uff61-\uffdc\u{1f1e6}-\u{1f1ff}]$/u;

/** What takes two columns (Unicode Standard Annex 11, as far as scripts and emoji tell it). */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\u30fc\uff01-\uff60\uffe0-\uffe6]$/u;

/**
 * How many columns the text takes on a terminal. An emoji of several joined
 * ones counts as all of them, for many terminals show them so.
 */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const point of text) columns += pointWidth(point);
  return columns;
}

/** The most pieces of text in a column of the terminal: what has no width is not without end. */
const PIECES_A_COLUMN = 4;

/** The text made printable, and cut to at most `columns`, with an ellipsis where it was. */
export function fitted(text: string, columns: number): string {
  let whole = "";
  let width = 0;
  let pieces = 0;
  // What there is room for beside an ellipsis.
  let cut = "";
  for (const piece of printablePieces(text)) {
    width += textWidth(piece);
    if (width > columns || ++pieces > PIECES_A_COLUMN * columns) return `${cut}…`;
    whole += piece;
    if (width < columns) cut = whole;
  }
  return whole;
}

/** The text with blanks behind it, up to so many columns. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(columns - textWidth(text), 0));
}

function pointWidth(point: string): number {
  if (ZERO_WIDTH.test(point)) return 0;
  return WIDE.test(point) && !NARROW.test(point) ? 2 : 1;
}
