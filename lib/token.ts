/**
 * Tokens: made at random, kept as hashes, compared in constant time. And signatures.
 *
 * @module
 */

import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 bits: beyond any guessing, so that one plain hash is enough. */
const TOKEN_BYTES = 32;

/** 128 bits: beyond any guessing, and short enough for a link that a mail program wraps. */
const SIGNATURE_BYTES = 16;

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

/**
 * A text's signature by a key (HMAC-SHA-256, cut): 22 characters of base64url.
 *
 * @param text says what it is for, so that no other signature by the key passes for it.
 */
export function sign(text: string, key: string): string {
  const whole = createHmac("sha256", key).update(text).digest();
  return whole.subarray(0, SIGNATURE_BYTES).toString("base64url");
}

function digestOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
