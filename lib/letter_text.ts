/**
 * Letters as plain text.
 *
 * @module
 */

import type { Entry } from "./letter_entry.ts";
import { unlinkedText } from "./letter_links.ts";
import type { Footer, Outline, Section } from "./letter_outline.ts";

/** Where lines are wrapped, in code points: what a phone shows of them, held sideways. */
const WIDTH = 60;

const INDENT = "  ";

/** The outline as plain text, its lines ended by `\n`. */
export function plainText({ sections, notes, footer }: Outline): string {
  const paragraphs = [
    ...sections.map(sectionText),
    ...notes.map((each) => wrap(each)),
    footerText(footer),
  ];
  return `${paragraphs.join("\n\n\n")}\n`;
}

function footerText({ zone, sender, home }: Footer): string {
  return [zone, home === null ? sender : `${sender}: ${home}`].map((line) => wrap(line)).join("\n");
}

function sectionText({ heading, sentences, isCompact, entries, more }: Section): string {
  const head = `${wrap(heading)}\n${"=".repeat(Math.min(heading.length, WIDTH))}`;
  const said = sentences.map((each) => wrap(each));
  const rest = more === null ? [] : [more];
  if (isCompact) {
    return [head, ...said, [...entries.map(compactText), ...rest].join("\n")].join("\n\n");
  }
  return [head, ...said, ...entries.map(entryText), ...rest].join("\n\n");
}

function compactText(entry: Entry): string {
  const { fact, action } = entry;
  const line = wrap(`${title(entry)}: ${fact}`, { hanging: INDENT });
  if (action === null) return line;
  return `${line}\n${wrap(actionText(action), { first: INDENT, hanging: INDENT + INDENT })}`;
}

function entryText(entry: Entry): string {
  const { fact, message, asides, link, action } = entry;
  const lines = [
    fact,
    ...(message === null ? [] : [`${message.label}: ${unlinkedText(message.text)}`]),
    ...asides,
    ...(link === null ? [] : [link]),
    ...(action === null ? [] : [actionText(action)]),
  ];
  const inside = lines.map((line) => wrap(line, { first: INDENT, hanging: INDENT + INDENT }));
  return [wrap(title(entry)), ...inside].join("\n");
}

function actionText({ label, link }: NonNullable<Entry["action"]>): string {
  return `${label} ${link}`;
}

function title({ title, id }: Entry): string {
  return unlinkedText(id === null ? title : `${title} (${id})`);
}

/** Wraps at spaces; a word that is too long for a line is left whole, to be copied. */
function wrap(
  text: string,
  { first = "", hanging = "" }: { readonly first?: string; readonly hanging?: string } = {},
): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.trim().split(/ +/)) {
    if (!isEmpty && Array.from(line).length + 1 + Array.from(word).length > WIDTH) {
      lines.push(line);
      line = hanging;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}
