/**
 * The text of a file that a person, or an editor of theirs, has written.
 *
 * @module
 */

/** The byte order marks of UTF-16 (https://www.unicode.org/faq/utf_bom.html). */
const UTF_16: readonly (readonly [number, number, string])[] = [
  [0xff, 0xfe, "utf-16le"],
  [0xfe, 0xff, "utf-16be"],
];

/**
 * Reads UTF-8, with a byte order mark or without, and UTF-16 with one, as
 * Windows writes it. What is not UTF-8 becomes U+FFFD: it may stand in a
 * comment, where it does no harm.
 *
 * @throws {TypeError} for what is no text in either.
 */
export function textOf(bytes: Uint8Array): string {
  const encoding = UTF_16.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2];
  const text = new TextDecoder(encoding ?? "utf-8").decode(bytes);
  if (text.includes("\0")) throw new TypeError("it is not in UTF-8; save it in that");
  return text;
}
