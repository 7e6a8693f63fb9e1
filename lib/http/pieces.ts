/**
 * A body piece by piece, as it comes.
 *
 * @module
 */

/**
 * The bytes of a first piece, where nobody has said how much will come: what one
 * that does not come on holds all the while. Who fills one has the next one
 * twice as large, for each costs some 30 µs.
 */
const FIRST_PIECE = 4 * 1024;

/** The most bytes of a piece. */
const LARGEST_PIECE = 64 * 1024;

/** Reads a body's pieces. */
export class Pieces {
  readonly #reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array>;
  #buffer: Uint8Array<ArrayBuffer>;

  /** @param announced how long the body is, by its sender's word; NaN for unknown. */
  constructor(body: ReadableStream<Uint8Array>, announced = NaN) {
    this.#reader = readerOf(body);
    const isSaid = announced >= FIRST_PIECE;
    this.#buffer = new Uint8Array(isSaid ? Math.min(announced, LARGEST_PIECE) : FIRST_PIECE);
  }

  /** The next piece, good until the one after it is asked for; null at the end. Throws where it ends too early. */
  async next(): Promise<Uint8Array | null> {
    const reader = this.#reader;
    if (!(reader instanceof ReadableStreamBYOBReader)) return (await reader.read()).value ?? null;
    const size = this.#buffer.length;
    const { value, done } = await reader.read(this.#buffer);
    if (done || value === undefined) return null;
    const isFull = value.length === size && size < LARGEST_PIECE;
    this.#buffer = new Uint8Array(isFull ? new ArrayBuffer(2 * size) : value.buffer);
    return value;
  }

  /**
   * Reads no more. Who waits for a piece is told that there is none; the
   * connection stays until its client sends or leaves, for Deno cannot cut off
   * a read that is under way (tried on 2.6 and 2.9).
   */
  cancel(): void {
    // What ends it early is known to who reads.
    this.#reader.cancel().catch(() => {});
  }
}

/** Bodies that come over a connection fill a buffer of ours; others, made in the program, bring theirs. */
function readerOf(
  body: ReadableStream<Uint8Array>,
): ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array> {
  try {
    return body.getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return body.getReader();
    throw error;
  }
}

/** Pieces as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
