/**
 * Languages: which there are, and how each counts and lists.
 *
 * The grammar is Intl's. Only the words are ours, and they stand where they
 * are used.
 *
 * @module
 */

/** The languages of letters and pages. */
export type Language = "en" | "ru";

/**
 * Which conventions a language is written by. English is read all over the
 * world: `24 Nov` and a clock of 24 hours are misread by nobody.
 */
export const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", ru: "ru" };

/** The forms a word takes with numbers; a form that is missing is like `other`. */
export type Forms =
  & { readonly other: string }
  & {
    readonly [Rule in Intl.LDMLPluralRule]?: string;
  };

/** How a language counts and lists. */
interface Grammar {
  readonly plurals: Intl.PluralRules;
  readonly numbers: Intl.NumberFormat;
  readonly lists: Intl.ListFormat;
}

/** Each made at its first use: together they take 12 ms, which no start should wait for. */
const GRAMMARS = new Map<Language, Grammar>();

/** The form that goes with the number, without it: `apps`. */
export function plural(language: Language, count: number, forms: Forms): string {
  return forms[grammar(language).plurals.select(count)] ?? forms.other;
}

/** The number and the form that goes with it: `3 apps`, «21 приложение». */
export function counted(language: Language, count: number, forms: Forms): string {
  return `${numeral(language, count)} ${plural(language, count, forms)}`;
}

/** The number in digits, grouped as the language groups them. */
export function numeral(language: Language, count: number): string {
  return grammar(language).numbers.format(count);
}

/** The items, the last one after an "and". */
export function enumeration(language: Language, items: readonly string[]): string {
  return grammar(language).lists.format(items);
}

function grammar(language: Language): Grammar {
  const known = GRAMMARS.get(language);
  if (known !== undefined) return known;
  const locale = LOCALES[language];
  const made = {
    plurals: new Intl.PluralRules(locale),
    numbers: new Intl.NumberFormat(locale),
    lists: new Intl.ListFormat(locale, { type: "conjunction" }),
  };
  GRAMMARS.set(language, made);
  return made;
}
