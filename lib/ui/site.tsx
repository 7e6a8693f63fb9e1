/**
 * The pages: which there are, and who may see them.
 *
 * @module
 */

import { Hono } from "hono";
import { parseAppId } from "../app.ts";
import { AppError } from "../errors.ts";
import type { Watch } from "../watch.ts";
import { assetResponse, ASSETS } from "./assets.ts";
import { addApp } from "./app_routes.ts";
import type { AppParts } from "./app_sheet.tsx";
import { SAID_AGAIN } from "./form_desk.ts";
import { DEED_WORDS } from "./deed_words.ts";
import { Desk, type Visit } from "./desk.tsx";
import { FORM_WORDS } from "./form_words.ts";
import { addGaps } from "./gaps.tsx";
import { Live, REFUSAL, STREAM_HEADERS } from "./live.ts";
import { addLogin } from "./login_routes.ts";
import { addMaintenance } from "./maintenance_routes.tsx";
import { addOutbox } from "./outbox_site.tsx";
import { headline, OverviewPage } from "./overview.tsx";
import { overview, type OverviewQuery, STATUSES } from "./overview_view.ts";
import { factsOf } from "./origin.ts";
import { addPublic, type PublicParts } from "./public_routes.tsx";
import { type Env, type Exchange, MISSING, route } from "./routing.ts";
import { addSettings, type SettingsParts } from "./settings.tsx";

/** What the pages work with. */
export interface SiteParts extends AppParts, PublicParts, SettingsParts {
  readonly watch: Watch;
  /** Ends the streams of pages that are open. */
  readonly signal: AbortSignal;
}

/** What the first app is called in what is to be copied. */
const FIRST_APP = "my-first-app";

/** All pages, as one function; it answers null for what is none of them. */
export function makeSite(
  parts: SiteParts,
): (request: Request, env: Env["Bindings"]) => Promise<Response | null> {
  const { store, defaults } = parts;
  const site = new Hono<Env>({ strict: false });
  const desk = new Desk(parts);
  const live = new Live({ ...parts, isLoggedIn: (hash) => desk.entrance.isOpen(hash) });

  for (const asset of Object.values(ASSETS)) {
    route(site, asset.path, { GET: () => assetResponse(asset) });
  }
  route(site, "/events", {
    GET: async (exchange) => {
      const guest = await desk.entrance.guest(exchange);
      const address = parts.sender.address(exchange.req.raw, exchange.env.peer);
      const told = guest === null ? REFUSAL : live.stream({ login: guest.hash, address });
      // By the exchange, for a secret that was changed goes with it.
      return exchange.body(told, 200, STREAM_HEADERS);
    },
  });
  addLogin(site, desk, live);
  route(site, "/", {
    GET: desk.seen(async (visit) => {
      const view = await overview(store, defaults, readQuery(visit.exchange.req.query()));
      return await desk.show(visit, {
        title: headline(view, visit.speech),
        place: "/",
        isLive: true,
        asOf: view.at,
        content: (
          <OverviewPage
            view={view}
            notice={await noticeOf(visit, parts)}
            speech={visit.speech}
            facts={factsOf(visit.exchange, parts, FIRST_APP)}
          />
        ),
      });
    }),
  });
  addApp(site, desk, parts);
  addPublic(site, desk, parts);
  addGaps(site, desk, parts);
  addMaintenance(site, desk, parts);
  addSettings(site, desk, parts);
  addOutbox(site, desk, parts);
  site.onError((error, exchange) => desk.fault(exchange, error));
  const missing = desk.seen(({ exchange }) =>
    Promise.resolve(
      desk.fault(exchange, new AppError("not_found", "Cannot find this: there is no such page")),
    )
  );
  site.notFound((exchange) =>
    isBrowser(exchange) ? missing(exchange) : new Response(null, { headers: { [MISSING]: "" } })
  );
  return async (request, env) => {
    const response = await site.fetch(request, env);
    return response.headers.has(MISSING) ? null : response;
  };
}

/** Whether a person asks, who can read a page; a program is answered as the API answers. */
function isBrowser({ req }: Exchange): boolean {
  return req.method === "GET" && (req.header("Accept") ?? "").includes("text/html");
}

/** What led here, in words: an app was forgotten, and is not there again; null for nothing. */
async function noticeOf(
  { exchange, speech: { language } }: Visit,
  { store }: SiteParts,
): Promise<string | null> {
  const query = exchange.req.query();
  if (query.said === SAID_AGAIN) return FORM_WORDS[language].pressAgain;
  const [before, now] = [query["forgotten-already"], query.forgotten].map(parseAppId);
  const id = before ?? now ?? null;
  if (id === null || await store.app(id) !== null) return null;
  const words = DEED_WORDS[language];
  return before === null ? words.forgotten(id) : words.forgottenAlready(id);
}

/** What is wrong in a query is as if it were not there: a person sees that, and goes on. */
function readQuery(query: Readonly<Record<string, string>>): OverviewQuery {
  const [, rank, after = ""] = /^([a-z]+)\.(.*)$/.exec(query.after ?? "") ?? [];
  const status = STATUSES.find((each) => each === query.status) ?? null;
  const place = STATUSES.find((each) => each === rank) ?? null;
  return {
    text: query.q?.trim() || null,
    status,
    tag: query.tag?.trim() || null,
    after: place === null ? null : { status: place, after: parseAppId(after) },
  };
}
