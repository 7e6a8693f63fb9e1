/**
 * SMTP as it goes over the wire, on sockets whose other side may be gone at any time.
 *
 * @module
 */

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

/** Writes all of it, or as much as the other side is there for. */
export async function write(connection: Deno.Conn, text: string): Promise<void> {
  await writeBytes(connection, new TextEncoder().encode(text));
}

/** Like {@linkcode write}, for bytes. */
export async function writeBytes(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch (error) {
    ignoreGone(error);
  }
}

/** What comes, as it comes, until the other side has ended or is gone. */
export async function* read(connection: Deno.Conn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const count = await connection.read(buffer);
      if (count === null) return;
      yield buffer.slice(0, count);
    }
  } catch (error) {
    ignoreGone(error);
  }
}

/** Closes it, if it is still open. */
export function close(connection: Disposable): void {
  try {
    connection[Symbol.dispose]();
  } catch (error) {
    ignoreGone(error);
  }
}

/** Throws what is not about a side that hung up, or does not like the certificate: that is what tests are about. */
export function ignoreGone(error: unknown): void {
  if (!GONE.some((kind) => error instanceof kind)) throw error;
}

const GONE = [
  Deno.errors.BadResource,
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionRefused,
  Deno.errors.ConnectionReset,
  Deno.errors.Interrupted,
  Deno.errors.InvalidData,
  Deno.errors.NotConnected,
  Deno.errors.UnexpectedEof,
];
