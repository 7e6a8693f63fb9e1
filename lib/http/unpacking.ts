/**
 * Bodies that come packed (`Content-Encoding`, RFC 9110 §8.4.1).
 *
 * @module
 */

import { drained } from "../loop.ts";

/** The most bytes that are made of a packed body: a thousandth of it may be enough for them. */
export const UNPACKED_LIMIT = 1024 * 1024;

/**
 * How many packed bytes are unpacked at a time. Where one of them is broken,
 * those before it in the same slice are lost.
 */
const SLICE = 512;

/** How many are unpacked between two turns of the event loop: some 3 ms. */
const REST_AFTER = 64 * 1024;

/** A packing that we know. */
export type Packing = "gzip" | "deflate";

/** How the body is packed, by its header; null for what is not, or in a way we do not know. */
export function packingOf({ headers }: Request): Packing | null {
  switch (headers.get("Content-Encoding")?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
      return "deflate";
    default:
      return null;
  }
}

/** What became of a packed body. */
export type Unpacked =
  | "whole"
  /** It is broken, or ended too early: what came before was unpacked. */
  | "broken"
  /** {@linkcode UNPACKED_LIMIT} bytes were unpacked. */
  | "too_large";

/** Unpacks a body bit by bit. */
export class Unpacker {
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #read: Promise<void>;
  #length = 0;
  #isTooLarge = false;

  /** @param take is given each piece that was unpacked. */
  constructor(packing: Packing, take: (piece: Uint8Array) => void) {
    const { writable, readable } = new DecompressionStream(packing);
    this.#writer = writable.getWriter();
    this.#read = this.#readAll(readable.getReader(), take);
    // Whoever adds is told of what is broken; the other ends of the stream say the same again.
    this.#read.catch(() => {});
    this.#writer.closed.catch(() => {});
  }

  /** Adds packed bytes, and resolves when they are unpacked; returns whether more are of use. */
  async add(piece: Uint8Array): Promise<boolean> {
    try {
      for (let at = 0; at < piece.length && !this.#isTooLarge; at += SLICE) {
        if (at > 0 && at % REST_AFTER === 0) await drained();
        await this.#writer.write(piece.slice(at, at + SLICE));
      }
    } catch {
      // Broken: `end()` says so.
      return false;
    }
    return !this.#isTooLarge;
  }

  /** All was added. */
  async end(): Promise<Unpacked> {
    if (this.#isTooLarge) return "too_large";
    try {
      await this.#writer.close();
      await this.#read;
    } catch {
      return this.#isTooLarge ? "too_large" : "broken";
    }
    return this.#isTooLarge ? "too_large" : "whole";
  }

  async #readAll(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    take: (piece: Uint8Array) => void,
  ): Promise<void> {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const room = UNPACKED_LIMIT - this.#length;
      this.#length += value.length;
      take(value.subarray(0, room));
      if (value.length <= room) continue;
      this.#isTooLarge = true;
      return await reader.cancel();
    }
  }
}
