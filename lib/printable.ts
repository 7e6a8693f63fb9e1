/**
 * Text from outside, made safe to show on one line.
 *
 * What a terminal, a mail header or a reader's eye would obey instead of
 * show, or would not see at all, is written out as an escape: control
 * characters, line ends, changes of writing direction, characters without
 * width or without meaning, and marks that are heaped on one letter.
 *
 * Nothing is left out: the escapes are those of JSON.
 *
 * @module
 */

import { lazily } from "./lazily.ts";

/** Text that is as it should be, to be found out at once: nearly all there is. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Without any of these a text has nothing to write out, and may be cut between any two characters. */
const SUSPECT = /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/v;

/** The most marks on one letter: Tibetan and Burmese stack up to seven. */
const MARKS = 8;

/** The most of those that any script shares: Arabic has a vowel on a doubling on a hamza. */
const SHARED_MARKS = 4;

/** The most emoji that are drawn as one: four people, and what is between them. */
const JOINED = 8;

/** An emoji, drawn as a picture or as text, or in a colour of skin. */
const EMOJI = String.raw`\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?`;

/**
 * What characters without width belong to, one at a time: else they are
 * between letters to hide something, or to make two words of one.
 */
const KEPT = [
  // A flag that is spelled out in tags, as England's.
  String.raw`\p{RGI_Emoji_Tag_Sequence}`,
  // Several that are drawn as one: a family.
  `${EMOJI}(?:\\u200d${EMOJI}){0,${JOINED - 1}}`,
  // A digit on a key.
  String.raw`[0-9#*]\ufe0f\u20e3`,
  // How a letter joins the next one, in scripts that join; they have no capitals.
  String.raw`[\p{Lo}--[\p{Default_Ignorable_Code_Point}\p{Ideographic}\p{Script=Hangul}]]` +
  String.raw`\p{M}{0,${MARKS}}\p{Join_Control}`,
  // Which form of a character is meant, in names of people and places.
  String.raw`\p{Ideographic}\p{Variation_Selector}`,
  String.raw`\p{Script=Mongolian}[\u180b-\u180d\u180f]`,
].join("|");

/**
 * What is written out: controls, lone surrogates, line separators, what has
 * no meaning that all agree on, and what is not seen. Signs that stand around
 * numbers in Arabic are formats by name and seen by all; emoji that are not
 * there yet have their places.
 */
const UNPRINTABLE = String.raw`[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}` +
  String.raw`[\p{Cf}--[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]]` +
  String.raw`[\p{Cn}--\p{Extended_Pictographic}]]`;

/** A mark on a letter that has enough of them. */
const HEAPED = String.raw`(?<=\p{M}{${MARKS}})\p{M}` + "|" +
  String.raw`(?<=[\p{M}&&\p{Script=Inherited}]{${SHARED_MARKS}})[\p{M}&&\p{Script=Inherited}]`;

/** What is to be looked at in a text: what belongs together, and what is to be written out. */
const SPECIAL = `(?:${KEPT})|(?<out>${UNPRINTABLE}|${HEAPED})`;
const specials = lazily(() => new RegExp(SPECIAL, "gv"));

/** All of a text in pieces that must not be cut. */
const pieces = lazily(() => new RegExp(`${SPECIAL}|.`, "gsv"));

/** The escapes that everyone knows; the rest are written by number. */
const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** How much more room an excerpt may take than it has characters, for what is written out. */
const ROOM = { times: 2, more: 12 } as const;

/** The text with every character that is not to be obeyed written out: `\n`, `\u202e`. */
export function printable(text: string): string {
  if (isSimple(text)) return text;
  return text.replace(specials(), (piece, out) => out === undefined ? piece : writtenOut(out));
}

/** Text of several lines, each {@linkcode printable}; what is JSON stays so, with the same values. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** The text piece by piece, each {@linkcode printable}: to be cut between any two of them. */
export function* printablePieces(text: string): Generator<string> {
  for (const { 0: piece, groups } of text.matchAll(pieces())) {
    yield groups?.out === undefined ? piece : writtenOut(groups.out);
  }
}

/**
 * The first `length` code points of the text, {@linkcode printable}, with an
 * ellipsis where something was left out. No escape and no emoji is cut in half.
 */
export function excerpt(text: string, length: number): string {
  if (isSimple(text)) {
    const points = text.length <= length ? [] : Array.from(text);
    return points.length <= length ? text : `${points.slice(0, length).join("")}…`;
  }
  const room = ROOM.times * length + ROOM.more;
  let shown = "";
  let points = 0;
  for (const { 0: piece, groups } of text.matchAll(pieces())) {
    const isOut = groups?.out !== undefined;
    points += isOut ? 1 : Array.from(piece).length;
    const written = isOut ? writtenOut(piece) : piece;
    if (points > length || shown.length + written.length > room) return `${shown}…`;
    shown += written;
  }
  return shown;
}

function isSimple(text: string): boolean {
  return PLAIN.test(text) || !SUSPECT.test(text);
}

function writtenOut(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const numbers = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
  return SHORT.get(character) ?? numbers.join("");
}
