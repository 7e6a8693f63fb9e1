/**
 * The text of `.env`, looked at before it is parsed: where programs read a line
 * in different ways a value could be cut without a word, so it is refused.
 *
 *  SMTP_PASSWORD=Qw#erty12      refused: is "#erty12" a comment?
 *  SMTP_PASSWORD='Qw#erty12'    clear
 *  PORT=8000 # for the proxy    clear
 *
 * @module
 */

import type { Detail } from "./errors.ts";
import { SETTING_KEYS } from "./settings.ts";

/** What is not clear, and the way out. */
type Doubt = readonly [what: string, remedy: string];

/** A name, what separates it, and the rest of the line; what dotenv takes for that. */
const ASSIGNMENT = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:(?=\s))(.*)$/;

/** Nothing, or a comment that stands apart. */
const END = /^\s*$|^\s+#/;

/** A "#" that everyone takes for the beginning of a comment. */
const COMMENT = /^\s#(?=[#\s]|$)/;

const NO_ASSIGNMENT: Doubt = ["is no NAME=VALUE", 'mend it, or begin it with "#"'];
const TWICE: Doubt = ["is set a second time", "expected it once"];
const NOT_UTF8: Doubt = ["is not in UTF-8", "save the file in UTF-8"];
const NOT_CLOSED: Doubt = ["has a quote that its line does not close", "close it"];
const BEFORE_QUOTE: Doubt = [
  "ends in a backslash and a quote, which do not close it for all programs",
  "leave the quotes out",
];
const BEHIND_QUOTE: Doubt = [
  "has a quote, or text behind one, within the value",
  "put all of it in quotes of a kind that is not in it",
];
const ESCAPE: Doubt = [
  'has a backslash in "double quotes", where some programs read more than that',
  "put the value in 'single quotes'",
];
const HASH: Doubt = [
  'has a "#", where some programs begin a comment',
  "put the value in 'single quotes', or a space on both sides of the \"#\" of a comment",
];

/** What is not clear, in the order of lines; never with a value. */
export function unclearLines(text: string): readonly Detail[] {
  const lines = text.split(/\r\n?|\n/);
  const found: Detail[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^\s*(#|$)/.test(line)) continue;
    const [, key = "", rest = ""] = ASSIGNMENT.exec(line) ?? [];
    const doubt = (subject: string, [what, remedy]: Doubt) => {
      found.push({
        path: subject,
        message: `${subject} ${what} (.env, line ${at + 1}): ${remedy}`,
      });
    };
    if (key === "") {
      doubt("A line", NO_ASSIGNMENT);
    } else if (!SETTING_KEYS.includes(key)) {
      const { last, isSure } = extentOf(lines, at, rest);
      if (lines.slice(at + 1, last + 1).some(isSetting)) doubt(key, NOT_CLOSED);
      else if (isSure) at = last;
    } else {
      if (seen.has(key)) doubt(key, TWICE);
      seen.add(key);
      const found = doubtOf(rest);
      if (found !== null) doubt(key, found);
    }
  }
  return found;
}

function doubtOf(rest: string): Doubt | null {
  const value = rest.trimStart();
  const [quote = ""] = value;
  if (/[\0\ufffd]/.test(value)) return NOT_UTF8;
  if (!`"'\``.includes(quote) || quote === "") {
    const hash = rest.indexOf("#");
    return hash < 0 || COMMENT.test(rest.slice(hash - 1)) ? null : HASH;
  }
  const end = value.indexOf(quote, 1);
  if (end < 0) return NOT_CLOSED;
  const isEscaped = value[end - 1] === "\\";
  if (isEscaped && !value.includes(quote, end + 1)) return BEFORE_QUOTE;
  if (isEscaped || !END.test(value.slice(end + 1))) return BEHIND_QUOTE;
  return quote === '"' && /\\[nr\\]/.test(value.slice(0, end)) ? ESCAPE : null;
}

/**
 * The last line that a value which is none of ours may reach to, for in quotes
 * it may have several; and whether it surely ends there.
 */
function extentOf(
  lines: readonly string[],
  at: number,
  rest: string,
): { readonly last: number; readonly isSure: boolean } {
  const value = rest.trimStart();
  const [quote = ""] = value;
  if (!`"'\``.includes(quote) || quote === "") return { last: at, isSure: true };
  let last = at;
  for (let line = at, text = value.slice(1); line < lines.length; text = lines[++line] ?? "") {
    // With a backslash before it, it closes where nothing better does.
    if (text.includes(quote)) last = line;
    const end = text.replaceAll(`\\${quote}`, "  ").indexOf(quote);
    if (end >= 0) return { last, isSure: END.test(text.slice(end + 1)) };
  }
  return { last, isSure: false };
}

function isSetting(line: string): boolean {
  return SETTING_KEYS.includes(ASSIGNMENT.exec(line)?.[1] ?? "");
}
