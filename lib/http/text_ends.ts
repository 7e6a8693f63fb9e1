/**
 * The beginning and the end of a text that may be of any length, in bounded
 * memory: as much of it as a message can be made of.
 *
 * @module
 */

import { END_LENGTH, MESSAGE_LENGTH } from "../message.ts";

/** The most bytes that a code point takes (RFC 3629). */
const POINT = 4;

/** Enough for more code points than are kept whole, and a byte order mark. */
const BEGINNING_BYTES = POINT * (MESSAGE_LENGTH + 2);

const END_BYTES = POINT * END_LENGTH;

/** Takes bytes, and gives back what is kept of them as text. */
export class TextEnds {
  readonly #beginning: Uint8Array[] = [];
  #room = BEGINNING_BYTES;
  /** The last bytes behind the beginning, the newest in place of the oldest. */
  #ring: Uint8Array | null = null;
  /** How many bytes there were behind the beginning. */
  #behind = 0;

  /** Takes the next piece; it may be used for something else afterwards. */
  add(piece: Uint8Array): void {
    const first = piece.slice(0, this.#room);
    if (first.length > 0) this.#beginning.push(first);
    this.#room -= first.length;
    if (piece.length > first.length) this.#addBehind(piece.subarray(first.length));
  }

  /** What is kept; bytes that are none of UTF-8 are replaced. */
  text(): string {
    const decoder = new TextDecoder();
    const parts = [...this.#beginning, ...this.#end()];
    return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  }

  #addBehind(piece: Uint8Array): void {
    const ring = this.#ring ??= new Uint8Array(END_BYTES);
    this.#behind += piece.length;
    const last = piece.subarray(-END_BYTES);
    const at = (this.#behind - last.length) % END_BYTES;
    const upToEdge = last.subarray(0, END_BYTES - at);
    ring.set(upToEdge, at);
    ring.set(last.subarray(upToEdge.length), 0);
  }

  #end(): readonly Uint8Array[] {
    if (this.#ring === null) return [];
    if (this.#behind <= END_BYTES) return [this.#ring.subarray(0, this.#behind)];
    const at = this.#behind % END_BYTES;
    return [this.#ring.subarray(at), this.#ring.subarray(0, at)];
  }
}
