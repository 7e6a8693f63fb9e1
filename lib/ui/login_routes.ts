/**
 * The routes that let people in and out.
 *
 * @module
 */

import type { Hono } from "hono";
import { said, SAID_AGAIN } from "./form_desk.ts";
import type { Desk } from "./desk.tsx";
import { type KeptForm, readKept, TOKEN_FIELD } from "./kept_form.ts";
import type { Live } from "./live.ts";
import { type LoginView, ownPath } from "./login.tsx";
import { type Env, type Exchange, MISSING, route } from "./routing.ts";

/** Adds them. */
export function addLogin(site: Hono<Env>, desk: Desk, live: Live): void {
  const { entrance } = desk;
  const show = (exchange: Exchange, view: Partial<LoginView>, status: 200 | 403 | 429) =>
    desk.logIn(exchange, { code: null, to: "/", kept: null, trouble: null, ...view }, status);

  route(site, "/login", {
    GET: (exchange) => {
      const code = exchange.req.query("code") ?? null;
      const to = ownPath(exchange.req.query("to") ?? null);
      return show(exchange, { code, to }, 200);
    },
    POST: async (exchange) => {
      const fields = await entrance.form(exchange);
      const view = { to: ownPath(fields.get("to")), kept: readKept(fields) };
      const login = await entrance.logIn(exchange, fields.get(TOKEN_FIELD) ?? "");
      switch (login.outcome) {
        case "refused":
          return show(exchange, { ...view, trouble: { kind: "refused" } }, 403);
        case "wait":
          return show(exchange, { ...view, trouble: { kind: "wait", wait: login.wait } }, 429);
        case "in":
          // With what is for reading nobody gets back to a form: it lets in whoever comes without one.
          if (view.kept !== null && login.guest.visitor !== "admin") {
            await entrance.logOut(exchange, login.guest);
            return show(exchange, { ...view, trouble: { kind: "reader" } }, 403);
          }
          return await goOn(exchange, view, login);
      }
    },
  });

  async function goOn(
    exchange: Exchange,
    { to, kept }: { readonly to: string; readonly kept: KeptForm | null },
    { cookie, guest }: Extract<Awaited<ReturnType<typeof entrance.logIn>>, { outcome: "in" }>,
  ): Promise<Response> {
    exchange.header("Set-Cookie", cookie);
    if (kept === null) return exchange.redirect(to, 303);
    const shown = await site.fetch(desk.forms.requestAgain(exchange, kept, guest), exchange.env);
    // No form of ours goes there: then to the page.
    if (shown.status === 405 || shown.headers.has(MISSING)) return exchange.redirect(to, 303);
    const headers = new Headers(shown.headers);
    headers.append("Set-Cookie", cookie);
    // Nothing was refused: somebody is logged in now.
    return new Response(shown.body, { status: shown.status === 403 ? 200 : shown.status, headers });
  }

  route(site, "/logout", {
    GET: (exchange) => exchange.redirect("/", 303),
    POST: async (exchange) => {
      const fields = await entrance.form(exchange);
      const guest = await entrance.guest(exchange);
      if (guest === null) return exchange.redirect("/login", 303);
      if (!entrance.isOwn(exchange, fields)) return said(exchange, "/", SAID_AGAIN);
      exchange.header("Set-Cookie", await entrance.logOut(exchange, guest));
      await live.look();
      return exchange.redirect("/login", 303);
    },
  });
}
