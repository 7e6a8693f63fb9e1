/**
 * Who may do what: one token a purpose.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Doors } from "../session.ts";
import type { Store } from "../store.ts";
import { hashToken, isSameSecret } from "../token.ts";

/** The tokens of the settings; null where none is set. */
export interface Tokens {
  /** Wins over one that was made. */
  readonly adminToken: string | null;
  readonly readToken: string | null;
  /** Null leaves heartbeats open to everyone. */
  readonly heartbeatToken: string | null;
}

/** What a request wants to do. */
export type Purpose = "heartbeat" | "read" | "write";

/** Who sent a request, by the token it carried. */
export type Bearer = "admin" | "command" | "reader" | "app" | "anyone";

/** Lets requests in, and people to the pages. */
export interface Access extends Doors {
  /** @throws {AppError} `unauthorized` without a token, `wrong_token` with one that opens nothing, `forbidden` with one that does not open this. */
  permit(request: Request, purpose: Purpose): Promise<Bearer>;
}

/** Access by the tokens of the settings and of the store. */
export function makeAccess(tokens: Tokens, store: Store, clock: Clock): Access {
  async function adminBy(token: string): Promise<"admin" | "command" | null> {
    if (tokens.adminToken !== null && isSameSecret(token, tokens.adminToken)) return "admin";
    const purpose = await store.admits(hashToken(token), clock.now());
    if (purpose === "pass") return "command";
    return purpose === "admin" && tokens.adminToken === null ? "admin" : null;
  }

  /** Of the token that opens the registry now. */
  async function adminHash(): Promise<string | null> {
    return tokens.adminToken === null ? await store.adminHash() : hashToken(tokens.adminToken);
  }

  return {
    async enter(secret) {
      if (await adminBy(secret) !== null) return await adminHash();
      return isSame(secret, tokens.readToken) ? hashToken(secret) : null;
    },

    async visitor(hash) {
      if (isSame(hash, await adminHash())) return "admin";
      const { readToken } = tokens;
      return readToken !== null && isSame(hash, hashToken(readToken)) ? "reader" : null;
    },

    async permit(request, purpose) {
      if (purpose === "heartbeat" && tokens.heartbeatToken === null) return "anyone";
      const token = bearer(request);
      if (token === null) throw refusal("unauthorized", "no token was sent");
      if (purpose === "heartbeat" && isSame(token, tokens.heartbeatToken)) return "app";
      if (purpose === "read" && isSame(token, tokens.readToken)) return "reader";
      const admin = await adminBy(token);
      if (admin !== null) return admin;
      if (isSame(token, tokens.readToken)) {
        throw new AppError("forbidden", "Cannot do this with a token that is for reading");
      }
      throw refusal("wrong_token", "the token is not the right one");
    },
  };
}

function isSame(token: string, expected: string | null): boolean {
  return expected !== null && isSameSecret(token, expected);
}

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1), or null. */
function bearer(request: Request): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? null;
}

function refusal(code: "unauthorized" | "wrong_token", why: string): AppError {
  return new AppError(code, `Cannot let you in: ${why}. Send "Authorization: Bearer …"`);
}
