/**
 * Letters as their reader has them: what each says of which app.
 *
 * @module
 */

import { type ParsedMail, simpleParser } from "mailparser";
import type { KeptLetter } from "./post_office.ts";

/** What a letter says of an app. */
export type Said = "down" | "back" | "away" | "still down";

/** A letter, read. */
export interface ReadLetter extends KeptLetter {
  readonly subject: string;
  readonly text: string;
  /** The apps that it names, by what it says of them. */
  readonly named: Readonly<Record<Said, readonly string[]>>;
  /** How many apps its headings count. */
  readonly counted: Readonly<Record<Said, number>>;
}

const HEADINGS: readonly (readonly [Said, RegExp])[] = [
  ["still down", /^([\d,]+) apps? (?:is|are) still down$/],
  ["down", /^([\d,]+) apps? (?:is|are) down$/],
  ["down", /^([\d,]+) apps? reported a failure$/],
  ["back", /^([\d,]+) apps? (?:is|are) back$/],
  ["away", /^([\d,]+) apps? (?:was|were) away$/],
];

/** An entry's first line: the app's id at its beginning, or behind its name. */
const ENTRY = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?::.*)?$/;

/** Reads a letter. */
export async function readLetter(letter: KeptLetter): Promise<ReadLetter> {
  const parsed: ParsedMail = await simpleParser(letter.raw);
  const text = parsed.text ?? "";
  const named: Record<Said, string[]> = { down: [], back: [], away: [], "still down": [] };
  const counted: Record<Said, number> = { down: 0, back: 0, away: 0, "still down": 0 };
  let said: Said | null = null;
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (/^=+$/.test(lines[index + 1] ?? "")) {
      const heading = headingOf(line);
      said = heading?.said ?? null;
      if (heading !== null) counted[heading.said] += heading.count;
    } else if (said !== null) {
      const appId = ENTRY.exec(line)?.[1];
      if (appId !== undefined) named[said].push(appId);
    }
  }
  return { ...letter, subject: parsed.subject ?? "", text, named, counted };
}

function headingOf(line: string): { readonly said: Said; readonly count: number } | null {
  for (const [said, pattern] of HEADINGS) {
    const match = pattern.exec(line);
    if (match !== null) return { said, count: Number(match[1]?.replaceAll(",", "")) };
  }
  return null;
}
