/**
 * Messages: what is kept of what an app says.
 *
 *   up to 4,096 code points    |--------------- whole ---------------|
 *   longer                     |-- first 900 --|[…]|-- last 3,000 --|
 *
 * A job's output begins with what it set out to do and ends with what went
 * wrong: its middle is what nobody misses.
 *
 * @module
 */

/** How long a message is kept whole, in code points. */
export const MESSAGE_LENGTH = 4_096;

/** How much of a longer one's beginning is kept, in code points: some ten lines. */
export const BEGINNING_LENGTH = 900;

/** And how much of its end: that is where the error stands. */
export const END_LENGTH = 3_000;

/** Stands for what was left out, on a line of its own. */
export const LEFT_OUT = "\n[…]\n";

/** What is kept of a message, and whether that is less than it was. */
export function keptMessage(text: string): {
  readonly message: string;
  readonly isTruncated: boolean;
} {
  const isTruncated = isLonger(text);
  return { message: storable(isTruncated ? ends(text) : text), isTruncated };
}

/**
 * Text that comes back from the database as it went in: a lone half of a
 * surrogate pair has no UTF-8 form, and the driver reads up to the first NUL.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u2400");
}

/** Whether it has more code points than are kept; nearly none has as many units of UTF-16. */
function isLonger(text: string): boolean {
  return text.length > MESSAGE_LENGTH && pointsOn(text, MESSAGE_LENGTH) < text.length;
}

function ends(text: string): string {
  const beginning = text.slice(0, pointsOn(text, BEGINNING_LENGTH));
  return beginning + LEFT_OUT + text.slice(pointsBack(text, END_LENGTH));
}

/** Where so many code points end: a cut between the halves of a pair would leave broken text. */
function pointsOn(text: string, count: number): number {
  let at = 0;
  for (let points = 0; points < count && at < text.length; points++) {
    at += text.codePointAt(at) as number > 0xffff ? 2 : 1;
  }
  return at;
}

/** The same, counted from the end. */
function pointsBack(text: string, count: number): number {
  let at = text.length;
  for (let points = 0; points < count && at > 0; points++) {
    at -= at > 1 && text.codePointAt(at - 2) as number > 0xffff ? 2 : 1;
  }
  return at;
}
