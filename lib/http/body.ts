/**
 * A request's body: read whole or not at all, but for the text of a heartbeat
 * that a path names, of which whatever comes is kept.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { tooLarge, tooLate, tooShort } from "./body_faults.ts";
import { lenientText, parse, parseHeartbeats, strictText } from "./body_json.ts";
import { BodyTurns, Turn } from "./body_turns.ts";
import { LargeBody } from "./large_body.ts";
import { Patience } from "./patience.ts";
import { joined, Pieces } from "./pieces.ts";
import { TextEnds } from "./text_ends.ts";
import { type Packing, packingOf, Unpacker } from "./unpacking.ts";

/** The most bytes a body may have: 1,000 heartbeats with messages of a kilobyte each. */
export const BODY_LIMIT = 1024 * 1024;

/** The most bytes of a form: the longest of ours, filled in Chinese, takes 60,000. */
export const FORM_LIMIT = 64 * 1024;

/**
 * Up to so many bytes heartbeats are read in one go, without a turn: piece by
 * piece a batch of 1,000 costs a twentieth more. Unfinished, one holds 0.3 MB.
 */
const IN_ONE_GO = 64 * 1024;

/** How much is read of a body that will be refused, in bytes: there it names its app. */
const BEGINNING = 16 * 1024;

/** What gzip begins with (RFC 1952 §2.3.1). */
const GZIP_MAGIC = 0x1f;

/** The text of a heartbeat. */
export interface HeartbeatText {
  /** Its beginning and its end, where it is long. */
  readonly text: string;
  /** Whether all of it came. */
  readonly isWhole: boolean;
}

/** Reads bodies. */
export class BodyReader {
  readonly #patience: Patience;
  readonly #turns: BodyTurns;

  constructor(clock: Clock) {
    this.#patience = new Patience(clock);
    this.#turns = new BodyTurns(clock);
  }

  /** How many bodies have begun to come, and are not whole yet. */
  get awaited(): number {
    return this.#patience.count;
  }

  /**
   * Reads a body as JSON, whatever its content type says.
   *
   * @throws {AppError} `too_large`, `timeout`, or `invalid` for what is not JSON
   * in UTF-8, and for a body that ends too early.
   */
  json(request: Request): Promise<unknown> {
    return this.#inTime(readBytes(request, BODY_LIMIT), (bytes) => parse(strictText(bytes)));
  }

  /**
   * Reads a form.
   *
   * @throws {AppError} `too_large`, `timeout`, or `invalid` for what is not UTF-8,
   * and for a body that ends too early.
   */
  text(request: Request): Promise<string> {
    return this.#inTime(readBytes(request, FORM_LIMIT), strictText);
  }

  /**
   * Reads heartbeats as JSON, packed or not: bytes in its texts that are none
   * of UTF-8 are replaced.
   *
   * @param from the sender's address.
   * @throws {AppError} `too_large`, `timeout`, `invalid`, or `unavailable` where
   * a large one has no turn.
   */
  heartbeats(request: Request, from: string): Promise<unknown> {
    const length = announced(request);
    if (length <= IN_ONE_GO) {
      return this.#inTime(request.bytes(), (bytes) => parseHeartbeats(bytes, request));
    }
    return this.#large(request, length, from);
  }

  /** Reads how a body begins that will be refused; "" for what does not come. */
  async beginning({ body }: Request): Promise<string> {
    if (body === null) return "";
    const pieces = new Pieces(body);
    const awaited = this.#patience.begin(() => pieces.cancel());
    const read: Uint8Array[] = [];
    let length = 0;
    try {
      for (let piece = await pieces.next(); piece !== null; piece = await pieces.next()) {
        read.push(piece.slice());
        length += piece.length;
        if (length >= BEGINNING) pieces.cancel();
      }
    } catch {
      // Its client has left. What came before says who that was.
    } finally {
      this.#patience.drop(awaited);
    }
    return lenientText(joined(read));
  }

  /**
   * Reads the text of a heartbeat that a path names. It is never refused:
   * packed text is unpacked as far as it can be, bytes that are none of UTF-8
   * are replaced, of what is long the middle is not kept, and what has not come
   * in time, or before its client left, is missing.
   *
   * @param from the sender's address.
   */
  message(request: Request, from: string): Promise<HeartbeatText> {
    const { body } = request;
    if (body === null) return Promise.resolve({ text: "", isWhole: true });
    return new Promise((resolve) => {
      const ends = new TextEnds();
      const pieces = new Pieces(body);
      const end = (isWhole: boolean) => {
        this.#patience.drop(awaited);
        turn.end();
        resolve({ text: ends.text(), isWhole });
      };
      const giveUp = () => {
        end(false);
        pieces.cancel();
      };
      const turn = new Turn(this.#turns, from, giveUp);
      const awaited = this.#patience.begin(giveUp);
      const parts = { pieces, turn, ends, packing: packingOf(request) };
      gather(parts).then(() => end(true), () => end(false));
    });
  }

  /** What was read is made something of at once: each promise between costs heartbeats. */
  #inTime<T>(
    reading: Promise<Uint8Array>,
    read: (bytes: Uint8Array) => T | Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const awaited = this.#patience.begin(() => reject(tooLate()));
      reading.then((bytes) => {
        this.#patience.drop(awaited);
        resolve(read(bytes));
      }).catch((error) => {
        this.#patience.drop(awaited);
        reject(error instanceof AppError ? error : tooShort(error));
      });
    });
  }

  async #large(request: Request, length: number, from: string): Promise<unknown> {
    if (request.body === null) return parseHeartbeats(new Uint8Array(), request);
    const bounds = { turns: this.#turns, patience: this.#patience, limit: BODY_LIMIT };
    const bytes = await new LargeBody(request.body, from, length).read(bounds);
    return await parseHeartbeats(bytes, request);
  }
}

/** How long a body is, by what its sender says; NaN where that is nothing to go by. */
function announced({ headers }: Request): number {
  // Where it stands twice, Deno 2.9 gives both as one text, which is no number.
  const length = Number(headers.get("Content-Length") ?? NaN);
  // Deno 2.6 leaves a length that does not count beside the Transfer-Encoding that does.
  return headers.has("Transfer-Encoding") ? NaN : length;
}

/** A body whose length was said is no longer than that; of another every piece is weighed. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const length = announced(request);
  if (length > limit) throw tooLarge(limit);
  if (!Number.isNaN(length)) return await request.bytes();
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of request.body ?? []) {
    total += piece.length;
    if (total > limit) throw tooLarge(limit);
    pieces.push(piece);
  }
  return joined(pieces);
}

/** Takes all that comes; throws where it ends too early. */
async function gather(
  { pieces, turn, ends, packing }: {
    readonly pieces: Pieces;
    readonly turn: Turn;
    readonly ends: TextEnds;
    readonly packing: Packing | null;
  },
): Promise<void> {
  let piece = await pieces.next();
  // Some say that it is packed and send it as it is.
  const isPacked = packing === "deflate" || (packing === "gzip" && piece?.[0] === GZIP_MAGIC);
  const unpacker = packing !== null && isPacked
    ? new Unpacker(packing, (unpacked) => ends.add(unpacked))
    : null;
  for (let isOfUse = true; piece !== null; piece = await pieces.next()) {
    const { length } = piece;
    if (unpacker === null) ends.add(piece);
    // What is of no use is read all the same: its client is to hear that it counted.
    else if (isOfUse) isOfUse = await unpacker.add(piece);
    await turn.read(length);
  }
  await unpacker?.end();
}
