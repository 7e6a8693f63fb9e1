/**
 * SMTP as it goes over the wire.
 *
 * @module
 */

import { read } from "./wire.ts";

/** The points at which a server speaks: connected, asked, and `letter` after the final dot. */
export type Cue = "greeting" | Verb | "letter";

/** What a client may ask. */
type Verb = typeof VERBS[number];

const VERBS = ["EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"] as const;

/** What a line asks; null if it is nothing we know. */
export function cueOf(line: string): Cue | null {
  const verb = line.split(/[ :]/)[0]?.toUpperCase();
  return VERBS.find((each) => each === verb) ?? null;
}

/** A reply as it is sent; several lines are joined by `\n`. */
export function reply(text: string): string {
  return `${text.replaceAll("\n", "\r\n")}\r\n`;
}

/** What comes, line by line, a byte a character, so that letters can be compared as they came. */
export async function* lines(connection: Deno.Conn): AsyncGenerator<string> {
  const decoder = new TextDecoder("latin1");
  let rest = "";
  for await (const bytes of read(connection)) {
    const parts = (rest + decoder.decode(bytes)).split("\r\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}
