/**
 * The entrance to the pages: who is logged in, by a cookie; and whether a form
 * that comes in is one of ours.
 *
 * @module
 */

import type { Clock, Duration } from "../clock.ts";
import { SECOND } from "../clock.ts";
import type { Guesses } from "../guesses.ts";
import type { Log } from "../log.ts";
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
import { checkOrigin } from "./form_origin.ts";
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
  /** Where a browser sees us, if the settings say it. */
  readonly baseUrl: string | null;
  readonly guesses: Guesses;
  readonly sender: {
    address(request: Request, peer: string): string;
    isSecure(request: Request, peer: string): boolean;
    hosts(request: Request, peer: string): readonly string[];
    /** The address of a proxy that is not trusted, if there was one. */
    readonly strangeProxy: string | null;
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

  /** Whether a session is still one, by its hash. */
  async isOpen(hash: string): Promise<boolean> {
    const { store, clock, doors } = this.#parts;
    const found = await store.session(hash, clock.now());
    return found !== null && await doors.visitor(found.openedBy) !== null;
  }

  /** Logs in by a token or a code. */
  async logIn(exchange: Exchange, given: string): Promise<Login> {
    const { store, clock, doors, log, sender, guesses } = this.#parts;
    const now = clock.now();
    const from = sender.address(exchange.req.raw, exchange.env.peer);
    const openedBy = await doors.enter(given);
    if (openedBy === null) {
      log.warn("login refused", { from });
      const wait = guesses.wrong(from, now);
      return wait > 0 ? { outcome: "wait", wait } : { outcome: "refused" };
    }
    guesses.right(from);
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
    const { baseUrl, sender, bodies } = this.#parts;
    checkOrigin(request, { hosts: sender.hosts(request, exchange.env.peer), baseUrl });
    return new URLSearchParams(await bodies.text(request));
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
