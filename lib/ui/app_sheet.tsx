/**
 * An app's page as it is answered, with its form as it stands.
 *
 * @module
 */

import { type Defaults, parseAppId } from "../app.ts";
import type { Backtests } from "../backtests.ts";
import { badgePath } from "../badge.ts";
import { AppError } from "../errors.ts";
import { explain } from "../explaining.ts";
import { explanationText } from "../explanation_text.ts";
import { SETTING_KEYS } from "../revision.ts";
import { SAID_AGAIN } from "./form_desk.ts";
import { AnewPage } from "./app_anew.tsx";
import { SAID } from "./app_deeds.ts";
import type { AppDraft } from "./app_draft.ts";
import { AppPage } from "./app_page.tsx";
import { pathTo, readCursor } from "./app_place.ts";
import { type FormState, UNTOUCHED } from "./app_settings.tsx";
import { type AppView, appView, type Range, RANGES } from "./app_view.ts";
import { DEED_WORDS } from "./deed_words.ts";
import type { Desk, DeskParts, PageStatus, Visit } from "./desk.tsx";
import { EDIT_WORDS } from "./edit_words.ts";
import { FORM_WORDS } from "./form_words.ts";
import { factsOf, type OriginParts } from "./origin.ts";
import type { Exchange } from "./routing.ts";
import type { Speech } from "./speech.ts";
import { nameOf } from "./standing.tsx";

/** What an app's pages work with. */
export interface AppParts extends DeskParts, OriginParts {
  readonly defaults: Defaults;
  readonly backtests: Backtests;
  /** What the addresses of badges are signed with, as it is now. */
  readonly acknowledgeKey: () => string;
}

/** Hands out an app's page. */
export class AppSheet {
  readonly #desk: Desk;
  readonly #parts: AppParts;

  constructor(desk: Desk, parts: AppParts) {
    this.#desk = desk;
    this.#parts = parts;
  }

  /** The page, by the address that was asked for. */
  async show(visit: Visit): Promise<Response> {
    const view = await this.read(visit.exchange);
    if (view === null) throw unknownApp();
    const query = visit.exchange.req.query();
    const stays = (query.stays ?? "").split(",");
    const saved = query.saved === undefined
      ? null
      : SETTING_KEYS.filter((each) => stays.includes(each));
    return await this.#answer(visit, view, { ...UNTOUCHED, saved }, 200);
  }

  /** The page with its form as it was sent; of an app that was forgotten the form alone. */
  async refill(
    visit: Visit,
    draft: AppDraft,
    form: Partial<FormState>,
    status: PageStatus,
  ): Promise<Response> {
    const view = await this.read(visit.exchange);
    if (view === null) return await this.#showAnew(visit, draft, form.details ?? []);
    // What two had changed is still to be chosen from.
    const keys = SETTING_KEYS.filter((key) => draft.shown[key] !== undefined);
    const clash = keys.length === 0 ? null : { keys, theirs: view.app };
    return await this.#answer(visit, view, { ...UNTOUCHED, clash, ...form, draft }, status);
  }

  /** What there is to show; null for an app that is unknown. */
  async read(exchange: Exchange): Promise<AppView | null> {
    const { store, defaults } = this.#parts;
    const given = exchange.req.query("range");
    const range = (Object.keys(RANGES) as readonly Range[]).find((each) => each === given) ?? "24h";
    const cursor = readCursor(exchange.req.query("before"));
    return await appView(store, defaults, { id: idOf(exchange), range, cursor });
  }

  async #answer(
    visit: Visit,
    view: AppView,
    form: FormState,
    status: PageStatus,
  ): Promise<Response> {
    const parts = this.#parts;
    const { exchange, speech, guest } = visit;
    const query = exchange.req.query();
    const next = view.next === null ? null : pathTo(view, view.next);
    const hasMail = parts.mail.kind === "ready";
    const found = await explain(parts.store, view.app.id, { ...parts, hasMail });
    const style = { language: speech.language, timeZone: parts.timeZone };
    const content = (
      <AppPage
        view={view}
        speech={speech}
        guest={guest}
        form={form}
        defaults={parts.defaults}
        notice={noticeOf(query.said, speech)}
        span={query.for ?? null}
        why={found === null ? [] : explanationText(found, style)}
        facts={factsOf(exchange, parts, view.app.id)}
        badge={{
          svg: badgePath(view.app.id, parts.acknowledgeKey(), "svg"),
          json: badgePath(view.app.id, parts.acknowledgeKey(), "json"),
        }}
        older={next}
        isOlder={query.before !== undefined}
      />
    );
    const sheet = { title: nameOf(view.app), place: "/", at: `/apps/${view.app.id}`, content };
    // Where no script runs, nobody is to lose what they type.
    return await this.#desk.show(visit, { ...sheet, isLive: guest.visitor !== "admin" }, status);
  }

  async #showAnew(
    visit: Visit,
    draft: AppDraft,
    details: FormState["details"],
  ): Promise<Response> {
    const { exchange, speech, guest } = visit;
    const id = idOf(exchange);
    const { defaults } = this.#parts;
    const props = { id, draft, details, defaults, speech, formKey: guest.key };
    const title = EDIT_WORDS[speech.language].anewTitle(id);
    const sheet = { title, place: "/", at: "/", isLive: false, content: <AnewPage {...props} /> };
    return await this.#desk.show(visit, sheet, details.length > 0 ? 400 : 409);
  }
}

/**
 * The id in a path.
 *
 * @throws {AppError} `not_found` for what can be none.
 */
export function idOf(exchange: Exchange): string {
  const id = parseAppId(exchange.req.param("id") ?? "");
  if (id === null) throw unknownApp();
  return id;
}

/** The answer to an app that is not there. */
export function unknownApp(): AppError {
  return new AppError("not_found", "Cannot find this app: it was never heard, or was forgotten");
}

/** What a button came to, in words; null where a query names nothing. */
export function noticeOf(said: string | undefined, { language }: Speech): string | null {
  if (said === SAID_AGAIN) return FORM_WORDS[language].pressAgain;
  const known = SAID.find((each) => each === said);
  return known === undefined ? null : DEED_WORDS[language].said[known];
}
