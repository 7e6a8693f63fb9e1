/**
 * What is compared where a person searches: text as it is meant, however it
 * was typed.
 *
 * - Case: by the lower case of Unicode, which is the same in every locale, with one sigma.
 * - Letters made of two code points and of one: by NFC. Not by NFKC: it would make one of much that
 *   reads differently ("²" and "2"), and is of no use for what people type.
 * - "ё" and "е": most who type the one write the other.
 * - White space: around it none, within it one blank for however much.
 * - What is not seen at all, as a soft hyphen that came along with a copied name: nothing.
 *
 * @module
 */

/** All but the blanks that stay as they are: they are many. */
const WHITE_SPACE = /\s{2,}|[^\S ]/g;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const SAME: readonly (readonly [letter: string, as: string])[] = [["ё", "е"], ["ς", "σ"]];

/**
 * The text as it is compared. Of texts with control characters between them
 * it makes what it makes of each, but for blanks at their ends: whoever has
 * thousands need not take them one by one.
 */
export function searchable(text: string): string {
  // A letter may have its one code point only in lower case: "J̌", but "ǰ".
  const composed = text.replace(UNSEEN, "").toLowerCase().normalize("NFC");
  const same = SAME.reduce((each, [letter, as]) => each.replaceAll(letter, as), composed);
  return same.replace(WHITE_SPACE, " ").trim();
}
