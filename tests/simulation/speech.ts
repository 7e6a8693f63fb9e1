/**
 * What apps say with a heartbeat, and what must be kept of it: some speak JSON,
 * some send their output as it is (rule 13).
 */

/** How an app sends what it says. */
export type Manner =
  /** To the API. */
  | "json"
  /** By an address, in an encoding that nobody was told of. */
  | "foreign"
  /** By an address, all of a long output. */
  | "long";

/** In windows-1251; in UTF-8 none of it is a letter. */
const DONE = new Uint8Array([0x20, 0xc3, 0xee, 0xf2, 0xee, 0xe2, 0xee]);

const LINE = "one line of a job that says a lot, and then: 😀\n";
const LINES = 120;

/** What an app sends; each heartbeat says which it is. */
export function spoken(number: number, manner: Manner): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(manner === "long" ? long(number) : String(number));
  return manner === "foreign" ? new Uint8Array([...bytes, ...DONE]) : bytes;
}

/** What of it must be found in the history. */
export function kept(number: number, manner: Manner): string {
  switch (manner) {
    case "json":
      return String(number);
    case "foreign":
      return `${number} ${"\ufffd".repeat(DONE.length - 1)}`;
    case "long": {
      const points = [...long(number)];
      return `${points.slice(0, 900).join("")}\n[…]\n${points.slice(-3_000).join("")}`;
    }
  }
}

function long(number: number): string {
  return `${number} ${LINE.repeat(LINES)}`;
}
