/**
 * A request's body, read whole or not at all.
 *
 * @module
 */

import { type Clock, type Duration, type Instant, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";

/** The most bytes a body may have: 1,000 heartbeats with messages of a kilobyte each. */
export const BODY_LIMIT = 1024 * 1024;

/** How long a body may take to come whole. */
export const BODY_PATIENCE: Duration = 10 * SECOND;

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/** A body that is on its way. */
interface Awaited {
  /** Its place among all of them. */
  place: number;
  readonly until: Instant;
  readonly giveUp: (error: AppError) => void;
}

/** Reads bodies. */
export class BodyReader {
  readonly #clock: Clock;
  /**
   * In no order. No Set: one that has got full is linked to the one it was before, and keeps alive
   * for long what was in that (tests/bench/: a tenth fewer heartbeats a second).
   */
  readonly #awaited: Awaited[] = [];
  /** Left to ring when nothing is awaited any more: to set one anew costs more than that. */
  #isAlarmSet = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Reads a body as JSON, whatever its content type says.
   *
   * @throws {AppError} `too_large`, `timeout`, or `invalid` for what is not JSON
   * in UTF-8, and for a body that ends too early.
   */
  json(request: Request): Promise<unknown> {
    return this.#inTime(request, parse);
  }

  /**
   * Reads a body as text.
   *
   * @throws {AppError} `too_large`, `timeout`, or `invalid` for what is not UTF-8,
   * and for a body that ends too early.
   */
  text(request: Request): Promise<string> {
    return this.#inTime(request, decode);
  }

  /** What was read is made something of at once: each promise between costs heartbeats. */
  #inTime<T>(request: Request, read: (bytes: Uint8Array) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const until = this.#clock.now() + BODY_PATIENCE;
      const awaited = { place: this.#awaited.length, until, giveUp: reject };
      this.#awaited.push(awaited);
      if (!this.#isAlarmSet) this.#wakeAt(until);
      readBytes(request).then((bytes) => {
        this.#drop(awaited);
        resolve(read(bytes));
      }).catch((error) => {
        this.#drop(awaited);
        reject(error instanceof AppError ? error : tooShort(error));
      });
    });
  }

  /** Takes it from among all; without effect once it was given up. */
  #drop(awaited: Awaited): void {
    const { place } = awaited;
    if (this.#awaited[place] !== awaited) return;
    const last = this.#awaited.pop();
    if (last === undefined || last === awaited) return;
    last.place = place;
    this.#awaited[place] = last;
  }

  #wakeAt(at: Instant): void {
    this.#isAlarmSet = true;
    this.#clock.wakeAt(at, () => this.#giveUp());
  }

  #giveUp(): void {
    this.#isAlarmSet = false;
    const now = this.#clock.now();
    for (const awaited of this.#awaited.filter(({ until }) => until <= now)) {
      this.#drop(awaited);
      awaited.giveUp(tooLate());
    }
    const next = this.#awaited.reduce((first, { until }) => Math.min(first, until), Infinity);
    if (next < Infinity) this.#wakeAt(next);
  }
}

/** A body whose length was said is no longer than that; of another every piece is weighed. */
function readBytes(request: Request): Promise<Uint8Array> {
  const { headers } = request;
  // Where it stands twice, Deno 2.9 gives both as one text, which is no number.
  const length = Number(headers.get("Content-Length") ?? NaN);
  if (length > BODY_LIMIT) return Promise.reject(tooLarge());
  // Deno 2.6 leaves a length that does not count beside the Transfer-Encoding that does.
  const isKnown = !Number.isNaN(length) && !headers.has("Transfer-Encoding");
  return isKnown ? request.bytes() : readPieces(request.body);
}

async function readPieces(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > BODY_LIMIT) throw tooLarge();
    pieces.push(piece);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function parse(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = text.trim() === "" ? "it is empty" : (cause as SyntaxError).message;
    throw new AppError("invalid", `Cannot read the body as JSON: ${why}`, {
      details: [{ path: "", message: 'Expected JSON like {"app_id": 23}' }],
      cause,
    });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch (cause) {
    throw new AppError("invalid", "Cannot read the body: it is not UTF-8", { cause });
  }
}

function tooLarge(): AppError {
  return new AppError("too_large", `Cannot take a body of more than ${BODY_LIMIT} bytes`);
}

function tooShort(cause: unknown): AppError {
  return new AppError("invalid", "Cannot read the body: it ended too early", { cause });
}

function tooLate(): AppError {
  const seconds = BODY_PATIENCE / SECOND;
  return new AppError("timeout", `Cannot wait longer: the body was not whole after ${seconds} s`);
}
