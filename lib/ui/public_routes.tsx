/**
 * The routes that anyone may ask: the status page, if tags are set for it, and
 * badges, for who has their address.
 *
 * @module
 */

import type { Hono } from "hono";
import { type Defaults, parseAppId, status } from "../app.ts";
import { readBadge } from "../badge.ts";
import { type Duration, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Language } from "../language.ts";
import { badgeJson, badgeSvg } from "./badge.ts";
import type { Desk, DeskParts } from "./desk.tsx";
import { nameOf } from "./standing.tsx";
import { type Env, route } from "./routing.ts";
import { speech } from "./speech.ts";
import { StatusPage, statusTitle } from "./status_page.tsx";
import { type StatusView, statusView } from "./status_view.ts";

/** How long what anyone may ask for is kept: a crowd that asks costs no more than one. */
const KEPT_FOR: Duration = 10 * SECOND;

/** What the routes work with. */
export interface PublicParts extends DeskParts {
  readonly defaults: Defaults;
  readonly statusTags: readonly string[];
  /** What the addresses of badges are signed with, as it is now. */
  readonly acknowledgeKey: () => string;
}

/** What was read, and the pages that were made of it. */
interface Kept {
  readonly view: Promise<StatusView>;
  readonly pages: Map<Language, Response>;
  readonly until: Duration;
}

/** Adds them. */
export function addPublic(site: Hono<Env>, desk: Desk, parts: PublicParts): void {
  if (parts.statusTags.length > 0) addStatus(site, desk, parts);
  const { store, clock, defaults, acknowledgeKey, language, timeZone } = parts;
  route(site, "/badge/:id/:file", {
    GET: async (exchange) => {
      const id = parseAppId(exchange.req.param("id") ?? "");
      const file = exchange.req.param("file") ?? "";
      const form = id === null ? null : readBadge(file, id, acknowledgeKey());
      const app = id === null || form === null ? null : await store.app(id);
      if (app === null) throw new AppError("not_found", "Cannot find this badge");
      const seen = status(app, store.judgedBy(), defaults);
      const word = speech(language, timeZone, clock.now()).words.status[seen];
      const view = { name: nameOf(app), status: seen, word };
      const headers = { "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" };
      return form === "svg"
        ? exchange.body(badgeSvg(view), 200, { ...headers, "Content-Type": "image/svg+xml" })
        : exchange.json(badgeJson(view), 200, headers);
    },
  });
}

function addStatus(site: Hono<Env>, desk: Desk, parts: PublicParts): void {
  const { store, clock, defaults, statusTags } = parts;
  let kept: Kept | null = null;
  const read = () => {
    if (kept === null || clock.elapsed() >= kept.until) {
      const view = statusView(store, defaults, statusTags);
      kept = { view, pages: new Map(), until: clock.elapsed() + KEPT_FOR };
      // What failed is not kept.
      view.catch(() => kept = null);
    }
    return kept;
  };
  route(site, "/status", {
    GET: async (exchange) => {
      const { view: reading, pages } = read();
      const view = await reading;
      const speech = desk.speech(exchange);
      let page = pages.get(speech.language);
      if (page === undefined) {
        const content = <StatusPage view={view} speech={speech} />;
        const state = { path: "/status", asOf: view.at };
        const sheet = { title: statusTitle(view, speech), content, state };
        page = await desk.showAnyone(exchange, sheet);
        pages.set(speech.language, page);
      }
      return page.clone();
    },
  });
}
