/**
 * The routes of an app's page.
 *
 * @module
 */

import type { Hono } from "hono";
import { type Defaults, parseAppId } from "../app.ts";
import { backtestText } from "../backtest_words.ts";
import type { Backtests } from "../backtests.ts";
import { badgePath } from "../badge.ts";
import { eraseForgotten } from "../erasing.ts";
import { AppError, type Detail } from "../errors.ts";
import { explain } from "../explaining.ts";
import { explanationText } from "../explanation_text.ts";
import { type AppSettings, parseSettings } from "../registry.ts";
import { parseSnooze } from "../snooze.ts";
import type { Changed, HeartbeatCursor } from "../store.ts";
import { ForgetPage } from "./app_actions.tsx";
import { AppPage } from "./app_page.tsx";
import { type FormState, settingsOf, type Typed, typedOf } from "./app_settings.tsx";
import { type AppView, appView, type Range, RANGES } from "./app_view.ts";
import type { Desk, DeskParts, Visit } from "./desk.tsx";
import { nameOf } from "./standing.tsx";
import { factsOf, type OriginParts } from "./origin.ts";
import { type Env, type Exchange, route } from "./routing.ts";

/** What the routes work with. */
export interface AppParts extends DeskParts, OriginParts {
  readonly defaults: Defaults;
  readonly backtests: Backtests;
  /** What the addresses of badges are signed with, as it is now. */
  readonly acknowledgeKey: () => string;
}

/** Adds them. */
export function addApp(site: Hono<Env>, desk: Desk, parts: AppParts): void {
  const { store, clock, log, sender, defaults, backtests } = parts;

  const show = async (visit: Visit, view: AppView, form: Partial<FormState> = {}) => {
    const next = view.next === null ? null : pathTo(view, view.next);
    const usual = { typed: typedOf(view.app), details: [], isSaved: false, backtest: null };
    const state = { ...usual, ...form };
    const hasMail = parts.mail.kind === "ready";
    const found = await explain(store, view.app.id, { ...parts, hasMail });
    const why = found === null ? [] : explanationText(found, {
      language: visit.speech.language,
      timeZone: parts.timeZone,
    });
    return await desk.show(visit, {
      title: nameOf(view.app),
      place: "/",
      isLive: state.details.length === 0 && state.backtest === null,
      content: (
        <AppPage
          view={view}
          speech={visit.speech}
          guest={visit.guest}
          form={{ ...state, defaults: parts.defaults }}
          why={why}
          facts={factsOf(visit.exchange, parts, view.app.id)}
          badge={{
            svg: badgePath(view.app.id, parts.acknowledgeKey(), "svg"),
            json: badgePath(view.app.id, parts.acknowledgeKey(), "json"),
          }}
          older={next}
          isOlder={visit.exchange.req.query("before") !== undefined}
        />
      ),
    }, state.details.length === 0 ? 200 : 400);
  };

  /** Leaves a line in the log of who did something, as one by the API does. */
  const note = (
    event: string,
    { exchange, guest }: Visit,
    id: string,
  ) => {
    const from = sender.address(exchange.req.raw, exchange.env.peer);
    log.info(event, { by: guest.visitor, from, app_id: id });
  };

  /** A button: does something to an app, and shows it. */
  const act = (
    name: string,
    event: string,
    work: (id: string, fields: URLSearchParams) => Promise<Changed | null>,
  ) =>
    route(site, `/apps/:id/${name}`, {
      POST: desk.acted(async (visit, fields) => {
        const { exchange } = visit;
        const id = idOf(exchange);
        if (await work(id, fields) === null) throw unknown();
        note(event, visit, id);
        return exchange.redirect(`/apps/${id}`, 303);
      }),
    });

  route(site, "/apps/:id", {
    GET: desk.seen(async (visit) => {
      const isSaved = visit.exchange.req.query("saved") !== undefined;
      return await show(visit, await read(visit.exchange, parts), { isSaved });
    }),
  });
  route(site, "/apps/:id/settings", {
    POST: desk.acted(async (visit, fields) => {
      const { exchange } = visit;
      const id = idOf(exchange);
      const typed = typedIn(fields);
      const settings = parseSettings(settingsOf(typed));
      if (isRefused(settings)) {
        return await show(visit, await read(exchange, parts), { typed, details: settings });
      }
      if (await store.change(id, settings, clock.now()) === null) throw unknown();
      note("app changed", visit, id);
      return exchange.redirect(`/apps/${id}?saved#settings`, 303);
    }),
  });
  route(site, "/apps/:id/backtest", {
    POST: desk.acted(async (visit, fields) => {
      const { exchange, speech: { language } } = visit;
      const view = await read(exchange, parts);
      const typed = typedIn(fields);
      const settings = parseSettings(settingsOf(typed));
      if (isRefused(settings)) return await show(visit, view, { typed, details: settings });
      // What the app has no setting of its own for is as by default.
      const { period, grace } = settings;
      const asked = { period: period ?? defaults.period, grace: grace ?? defaults.grace };
      const found = await backtests.run(view.app.id, asked);
      if (found === null) throw unknown();
      return await show(visit, view, { typed, backtest: backtestText(found, language) });
    }),
  });
  act("pause", "app paused", (id) => store.pause(id, clock.now()));
  act("resume", "app resumed", (id) => store.resume(id, clock.now()));
  act("acknowledge", "incident acknowledged", (id) => store.acknowledge(id, clock.now()));
  act("snooze", "app snoozed", async (id, fields) => {
    const span = parseSnooze({ for: fields.get("for") || null });
    if (span !== null && typeof span !== "number") {
      throw new AppError("invalid", span[0]?.message ?? "");
    }
    const now = clock.now();
    return await store.snooze(id, span === null ? null : now + span, now);
  });
  route(site, "/apps/:id/forget", {
    GET: desk.seen(async (visit) => {
      const view = await read(visit.exchange, parts);
      const { speech, guest } = visit;
      return await desk.show(visit, {
        title: speech.words.app.forgetTitle(nameOf(view.app)),
        place: "/",
        isLive: false,
        content: <ForgetPage view={view} speech={speech} formKey={guest.key} />,
      });
    }),
    POST: desk.acted(async (visit) => {
      const { exchange } = visit;
      const id = idOf(exchange);
      if (!await store.forget(id, clock.now())) throw unknown();
      note("app forgotten", visit, id);
      await eraseForgotten(store);
      return exchange.redirect("/", 303);
    }),
  });
}

async function read(exchange: Exchange, { store, defaults }: AppParts): Promise<AppView> {
  const given = exchange.req.query("range");
  const range = (Object.keys(RANGES) as readonly Range[]).find((each) => each === given) ?? "24h";
  const cursor = readCursor(exchange.req.query("before"));
  const view = await appView(store, defaults, { id: idOf(exchange), range, cursor });
  if (view === null) throw unknown();
  return view;
}

function idOf(exchange: Exchange): string {
  const id = parseAppId(exchange.req.param("id") ?? "");
  if (id === null) throw unknown();
  return id;
}

function unknown(): AppError {
  return new AppError("not_found", "Cannot find this app: it was never heard, or was forgotten");
}

function typedIn(fields: URLSearchParams): Typed {
  const of = (name: keyof Typed) => fields.get(name) ?? "";
  // A browser sends line ends as CR LF; a note is one paragraph.
  const note = of("note").replace(/\s*\r?\n\s*/g, " ");
  return { name: of("name"), note, tags: of("tags"), period: of("period"), grace: of("grace") };
}

function isRefused(
  settings: Partial<AppSettings> | readonly Detail[],
): settings is readonly Detail[] {
  return Array.isArray(settings);
}

/** The path of the heartbeats behind a place. */
function pathTo({ app, range }: AppView, { next, imported }: HeartbeatCursor): string {
  const place = [next ?? "", imported?.at ?? "", imported?.id ?? ""].join(".");
  return `/apps/${app.id}?${new URLSearchParams({ range, before: place })}#heartbeats`;
}

function readCursor(given: string | undefined): HeartbeatCursor | null {
  const [, next, at, id] = /^(\d{0,15})\.(\d{0,15})\.(\d{0,15})$/.exec(given ?? "") ?? [];
  if (next === undefined || at === undefined || id === undefined) return null;
  return {
    next: next === "" ? null : Number(next),
    imported: at === "" || id === "" ? null : { at: Number(at), id: Number(id) },
  };
}
