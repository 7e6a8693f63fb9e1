/**
 * A body that may be large, read whole in its turn.
 *
 * @module
 */

import { type BodyError, crowded, tooLarge, tooLate, tooShort } from "./body_faults.ts";
import { lenientText } from "./body_json.ts";
import { type BodyTurns, Turn } from "./body_turns.ts";
import type { Patience } from "./patience.ts";
import { joined, Pieces } from "./pieces.ts";

/** How much is known of a body that was given up, in bytes. */
const BEGINNING = 16 * 1024;

/** What it is read within. */
interface Bounds {
  readonly turns: BodyTurns;
  readonly patience: Patience;
  /** In bytes. */
  readonly limit: number;
}

/** Reads one body. */
export class LargeBody {
  readonly #pieces: Pieces;
  readonly #from: string;
  readonly #announced: number;
  readonly #read: Uint8Array[] = [];
  #length = 0;
  #isWaiting = false;
  /** Why it was given up. */
  #fault: ((beginning: string) => BodyError) | null = null;

  /**
   * @param from the sender's address.
   * @param announced how long it is, by its sender's word; NaN for unknown.
   */
  constructor(body: ReadableStream<Uint8Array>, from: string, announced: number) {
    this.#pieces = new Pieces(body, announced);
    this.#from = from;
    this.#announced = announced;
  }

  /**
   * Reads it.
   *
   * @throws {BodyError}
   */
  async read({ turns, patience, limit }: Bounds): Promise<Uint8Array> {
    const turn = new Turn(turns, this.#from, () => this.#giveUp(crowded));
    const awaited = patience.begin(() => {
      this.#giveUp(this.#isWaiting ? crowded : tooLate);
      turn.end();
    });
    try {
      let piece = await this.#pieces.next();
      for (; piece !== null && this.#fault === null; piece = await this.#pieces.next()) {
        this.#read.push(piece.slice());
        this.#length += piece.length;
        // Of one that is too long the beginning is looked at all the same: there it names its app.
        if (this.#announced > limit || this.#length > limit) {
          this.#giveUp((beginning) => tooLarge(limit, beginning));
          break;
        }
        this.#isWaiting = true;
        await turn.read(piece.length);
        this.#isWaiting = false;
      }
    } catch (cause) {
      this.#fault ??= (beginning) => tooShort(cause, beginning);
    } finally {
      patience.drop(awaited);
      turn.end();
    }
    const whole = joined(this.#read);
    if (this.#fault === null) return whole;
    throw this.#fault(lenientText(whole.subarray(0, BEGINNING)));
  }

  #giveUp(fault: (beginning: string) => BodyError): void {
    this.#fault ??= fault;
    this.#pieces.cancel();
  }
}
