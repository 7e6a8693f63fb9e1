/**
 * What is made of a body's bytes.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { excerpt } from "../printable.ts";
import { BodyError, tooLarge } from "./body_faults.ts";
import { joined } from "./pieces.ts";
import { type Packing, packingOf, UNPACKED_LIMIT, Unpacker } from "./unpacking.ts";

/** Registry and forms: what is stored must be as it was meant. */
const STRICT = new TextDecoder("utf-8", { fatal: true });

/** Heartbeats: that an app is alive is worth more than what it says. */
const LENIENT = new TextDecoder();

/** How much of an unknown packing's name an answer repeats, in code points. */
const EXCERPT_LENGTH = 60;

/** @throws {AppError} `invalid` for what is not UTF-8. */
export function strictText(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch (cause) {
    throw new AppError("invalid", "Cannot read the body: it is not UTF-8", { cause });
  }
}

/** The text; bytes that are none of UTF-8 are replaced. */
export function lenientText(bytes: Uint8Array): string {
  return LENIENT.decode(bytes);
}

/** @throws {BodyError} `invalid` for what is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = text.trim() === "" ? "it is empty" : (cause as SyntaxError).message;
    throw new BodyError("invalid", `Cannot read the body as JSON: ${why}`, {
      details: [{ path: "", message: 'Expected JSON like {"app_id": 23}' }],
      reason: "not_json",
      beginning: text,
      cause,
    });
  }
}

/**
 * Parses heartbeats. How they are packed is asked only of what is not JSON: to
 * look at one more header each time costs heartbeats.
 *
 * @throws {BodyError} `invalid`, `too_large`.
 */
export function parseHeartbeats(bytes: Uint8Array, request: Request): unknown {
  try {
    return parse(lenientText(bytes));
  } catch (error) {
    const packing = packingOf(request);
    if (packing !== null) return unpacked(bytes, packing).then(parse);
    const encoding = request.headers.get("Content-Encoding");
    throw encoding === null || encoding === "identity" ? error : unknownPacking(encoding);
  }
}

async function unpacked(bytes: Uint8Array, packing: Packing): Promise<string> {
  const pieces: Uint8Array[] = [];
  const unpacker = new Unpacker(packing, (piece) => pieces.push(piece));
  await unpacker.add(bytes);
  const outcome = await unpacker.end();
  const text = lenientText(joined(pieces));
  switch (outcome) {
    case "whole":
      return text;
    case "too_large":
      throw tooLarge(UNPACKED_LIMIT, text);
    case "broken":
      throw new BodyError("invalid", `Cannot read the body: it is no whole ${packing}`, {
        reason: "not_json",
        beginning: text,
      });
  }
}

function unknownPacking(encoding: string): BodyError {
  const shown = excerpt(encoding, EXCERPT_LENGTH);
  const message = `Cannot read the body as JSON: Content-Encoding cannot be "${shown}": ` +
    'expected "gzip", "deflate", or none';
  return new BodyError("invalid", message, { reason: "not_json", beginning: "" });
}
