/**
 * The entrance to the pages: who is logged in, by a cookie; and whether a form
 * that comes in is one of ours.
 *
 * @module
 */

import type { Clock, Duration } from "../clock.ts";
import { SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { LoginTries } from "../login_tries.ts";
import {
  type Doors,
  formKey,
  isToBeRenewed,
  LAST_USE,
  session,
  SESSION_LENGTH,
  type Visitor,
} from "../session.ts";
import type { Store } from "../store.ts";
import { hashToken, isSameSecret, makeToken } from "../token.ts";
import type { Exchange } from "./routing.ts";

/** What the browser keeps the session's secret in. */
export const COOKIE = "stillalive_session";

/** The field of a form that shows it to be one of ours. */
export const KEY_FIELD = "key";

/** What the entrance works with. */
export interface EntranceParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly doors: Doors;
  readonly sender: {
    address(request: Request, peer: string): string;
    isSecure(request: Request, peer: string): boolean;
  };
  readonly bodies: { text(request: Request): Promise<string> };
}

/** Somebody who is logged in. */
export interface Guest {
  readonly visitor: Visitor;
  /** What each form of theirs carries. */
  readonly key: string;
  readonly hash: string;
}

/** What became of a try to log in. */
export type Login =
  | { readonly outcome: "in"; readonly cookie: string; readonly guest: Guest }
  | { readonly outcome: "refused" }
  | { readonly outcome: "wait"; readonly wait: Duration };

/** Lets people in. */
export class Entrance {
  readonly #parts: EntranceParts;
  readonly #tries = new LoginTries();

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  /** Who sent this, or null for somebody who is not logged in. Gives them a new secret when it is time. */
  async guest(exchange: Exchange): Promise<Guest | null> {
    const { store, clock, doors } = this.#parts;
    const secret = secretOf(exchange.req.raw);
    if (secret === null) return null;
    const now = clock.now();
    const found = await store.session(hashToken(secret), now);
    const visitor = found === null ? null : await doors.visitor(found.openedBy);
    if (found === null || visitor === null) return null;
    const guest = { visitor, key: formKey(secret), hash: found.hash };
    if (!isToBeRenewed(found, now)) return guest;
    const renewed = makeToken();
    await store.openSession(session(renewed, found.openedBy, now), now);
    await store.endSession(found.hash, now + LAST_USE);
    exchange.header("Set-Cookie", this.#cookie(exchange, renewed, SESSION_LENGTH));
    return { visitor, key: formKey(renewed), hash: hashToken(renewed) };
  }

  /** Logs in by a token or a code. */
  async logIn(exchange: Exchange, given: string): Promise<Login> {
    const { store, clock, doors, log, sender } = this.#parts;
    const now = clock.now();
    const from = sender.address(exchange.req.raw, exchange.env.peer);
    const wait = this.#tries.wait(from, now);
    if (wait > 0) return { outcome: "wait", wait };
    // Noted first: of many tries at once none shall be free.
    this.#tries.failed(from, now);
    const openedBy = await doors.enter(given);
    if (openedBy === null) {
      log.warn("login refused", { from });
      return { outcome: "refused" };
    }
    this.#tries.succeeded(from);
    const visitor = await doors.visitor(openedBy);
    // Another has taken its place within this moment.
    if (visitor === null) return { outcome: "refused" };
    const secret = makeToken();
    const opened = session(secret, openedBy, now);
    await store.openSession(opened, now);
    log.info("logged in", { from });
    const guest = { visitor, key: formKey(secret), hash: opened.hash };
    return { outcome: "in", cookie: this.#cookie(exchange, secret, SESSION_LENGTH), guest };
  }

  /** Ends the session, and returns a cookie that takes the browser's away. */
  async logOut(exchange: Exchange, { hash }: Guest): Promise<string> {
    await this.#parts.store.endSession(hash, this.#parts.clock.now());
    return this.#cookie(exchange, "", 0);
  }

  /**
   * The fields of a form that was sent from one of our own pages.
   *
   * @throws {AppError} `forbidden` for a form from elsewhere.
   */
  async form(exchange: Exchange): Promise<URLSearchParams> {
    const request = exchange.req.raw;
    if (!isFromOurPage(request)) throw foreign();
    return new URLSearchParams(await this.#parts.bodies.text(request));
  }

  /**
   * Whether a form is of the session that it was sent in; of another one it
   * must not do anything. By the secret that came with it, which may just have
   * been changed.
   */
  isOwn(exchange: Exchange, fields: URLSearchParams): boolean {
    const secret = secretOf(exchange.req.raw);
    return secret !== null && isSameSecret(fields.get(KEY_FIELD) ?? "", formKey(secret));
  }

  #cookie(exchange: Exchange, secret: string, length: Duration): string {
    const isSecure = this.#parts.sender.isSecure(exchange.req.raw, exchange.env.peer);
    return `${COOKIE}=${secret}; Path=/; Max-Age=${length / SECOND}; HttpOnly; SameSite=Strict` +
      (isSecure ? "; Secure" : "");
  }
}

function secretOf(request: Request): string | null {
  const cookies = request.headers.get("Cookie")?.split(";") ?? [];
  const ours = cookies.map((each) => each.trim()).find((each) => each.startsWith(`${COOKIE}=`));
  return ours?.slice(COOKIE.length + 1) || null;
}

/**
 * As browsers tell it: `Sec-Fetch-Site` over https (Fetch Metadata, W3C), and
 * `Origin` wherever there is no such thing. Neither can be set by a page.
 */
function isFromOurPage({ headers }: Request): boolean {
  const site = headers.get("Sec-Fetch-Site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = headers.get("Origin");
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get("Host");
}

function foreign(): AppError {
  return new AppError("forbidden", "Cannot do this: the form did not come from a page of ours");
}
