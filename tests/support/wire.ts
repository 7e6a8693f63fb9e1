/**
 * Sockets whose other side may be gone at any time.
 *
 * @module
 */

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
