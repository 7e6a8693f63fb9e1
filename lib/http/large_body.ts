/**
 * A body that is worth counting what it holds while it comes.
 *
 * @module
 */

import { type BodyError, crowded, tooLarge, tooLate, tooShort } from "./body_faults.ts";
import { lenientText } from "./body_json.ts";
import type { BodyRoom, Holder } from "./body_room.ts";
import type { Patience } from "./patience.ts";
import { joined, Pieces } from "./pieces.ts";

/** How much is known of a body that was given up, in bytes. */
const BEGINNING = 16 * 1024;

/** What it is read within. */
interface Bounds {
  readonly room: BodyRoom;
  readonly patience: Patience;
  /** In bytes. */
  readonly limit: number;
}

/** Reads one body. */
export class LargeBody implements Holder {
  readonly from: string;
  held = 0;
  readonly #pieces: Pieces;
  readonly #read: Uint8Array[] = [];
  /** Why it was given up. */
  #fault: ((beginning: string) => BodyError) | null = null;

  constructor(body: ReadableStream<Uint8Array>, from: string) {
    this.#pieces = new Pieces(body);
    this.from = from;
  }

  /**
   * Reads it.
   *
   * @param announced how long it is, by its sender's word; NaN for unknown.
   * @throws {BodyError}
   */
  async read(announced: number, { room, patience, limit }: Bounds): Promise<Uint8Array> {
    const awaited = patience.begin(() => this.#giveUp(tooLate));
    try {
      let piece = await this.#pieces.next();
      // Of one that is too long the beginning is looked at all the same: there it names its app.
      for (; piece !== null && this.#fault === null; piece = await this.#pieces.next()) {
        this.#read.push(piece.slice());
        room.hold(this, piece.length);
        if (announced > limit || this.held > limit) {
          this.#giveUp((beginning) => tooLarge(limit, beginning));
        }
      }
    } catch (cause) {
      this.#fault ??= (beginning) => tooShort(cause, beginning);
    } finally {
      patience.drop(awaited);
      room.leave(this);
    }
    const whole = joined(this.#read);
    if (this.#fault === null) return whole;
    throw this.#fault(lenientText(whole.subarray(0, BEGINNING)));
  }

  /** Its room is needed. */
  giveUp(): void {
    this.#giveUp(crowded);
  }

  #giveUp(fault: (beginning: string) => BodyError): void {
    this.#fault ??= fault;
    this.#pieces.cancel();
  }
}
