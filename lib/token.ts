/**
 * Tokens: made at random, kept as hashes, compared in constant time.
 *
 * @module
 */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 bits: beyond any guessing, so that one plain hash is enough. */
const TOKEN_BYTES = 32;

/** A new token, safe in a URL, a header and a shell. */
export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** The form in which a token is kept: its SHA-256 in hexadecimal. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Whether two secrets are the same, in a time that does not depend on where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
