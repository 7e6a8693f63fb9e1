/**
 * What every form goes over that changes something: admins alone may send it,
 * and only out of the session that it was shown in. Whatever comes of it, what
 * was typed comes back.
 *
 * @module
 */

import type { Hono } from "hono";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Desk, Visit } from "./desk.tsx";
import type { Guest } from "./entrance.ts";
import { keep, type KeptForm } from "./kept_form.ts";
import { type Env, type Exchange, type Handler, route } from "./routing.ts";
import type { Undone } from "./undone.tsx";

/** A form that changes something. */
export interface ActingForm {
  /** The path of the page that it stands on. */
  page(exchange: Exchange): string;
  act(visit: Visit, fields: URLSearchParams): Promise<Response>;
  /** Shows it as it was filled in, for nothing came of it. */
  refill(visit: Visit, fields: URLSearchParams, undone: Undone): Promise<Response>;
}

/** The query by which a page is told that a button was not obeyed, for it was of another session. */
export const SAID_AGAIN = "again";

const AGAIN: Undone = { kind: "again" };

/** Takes forms. */
export class FormDesk {
  readonly #desk: Desk;
  readonly #log: Log;
  /** Who has just logged in, by the requests that show them their forms again. */
  readonly #again = new WeakMap<Request, Guest>();

  constructor(desk: Desk, log: Log) {
    this.#desk = desk;
    this.#log = log;
  }

  /** Adds one. Whoever comes to its address by another way is sent to the page that it stands on. */
  add(site: Hono<Env>, path: string, form: ActingForm): void {
    route(site, path, {
      GET: (exchange) => exchange.redirect(form.page(exchange), 303),
      POST: this.taken(form),
    });
  }

  /** A handler for one. */
  taken(form: ActingForm): Handler {
    const { entrance } = this.#desk;
    return async (exchange) => {
      const fields = await entrance.form(exchange);
      const speech = this.#desk.speech(exchange);
      const back = this.#again.get(exchange.req.raw);
      if (back !== undefined) {
        return await form.refill({ exchange, guest: back, speech }, fields, AGAIN);
      }
      const guest = await entrance.guest(exchange);
      if (guest === null || guest.visitor !== "admin") {
        const kept = keep(new URL(exchange.req.url).pathname, fields);
        const trouble = { kind: guest === null ? "over" : "reader" } as const;
        const view = { code: null, to: form.page(exchange), kept, trouble };
        return this.#desk.logIn(exchange, view, 403);
      }
      const visit = { exchange, guest, speech };
      if (!entrance.isOwn(exchange, fields)) return await form.refill(visit, fields, AGAIN);
      try {
        return await form.act(visit, fields);
      } catch (error) {
        // A button throws it on, and it is logged where it is caught.
        const shown = await form.refill(visit, fields, { kind: "failed", error });
        if (!(error instanceof AppError)) this.#log.error("request failed", { error });
        return shown;
      }
    };
  }

  /** A request for a form to be shown again, as it was filled in, to who has just logged in. */
  requestAgain({ req }: Exchange, { path, fields }: KeptForm, guest: Guest): Request {
    const headers = new Headers(req.header());
    for (const name of ["Content-Length", "Transfer-Encoding", "Content-Type"]) {
      headers.delete(name);
    }
    const request = new Request(new URL(path, req.url), { method: "POST", headers, body: fields });
    this.#again.set(request, guest);
    return request;
  }
}

/** A form with nothing typed into it: a button, which is pressed once more where nothing came of it. */
export function button(
  page: (exchange: Exchange) => string,
  act: ActingForm["act"],
): ActingForm {
  return {
    page,
    act,
    refill: ({ exchange }, _, undone) => {
      if (undone.kind === "failed") return Promise.reject(undone.error);
      return Promise.resolve(said(exchange, page(exchange), SAID_AGAIN));
    },
  };
}

/** The answer that leads to a page, which then says what happened. */
export function said(
  exchange: Exchange,
  page: string,
  what: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  return exchange.redirect(`${page}?${new URLSearchParams({ said: what, ...more })}`, 303);
}
