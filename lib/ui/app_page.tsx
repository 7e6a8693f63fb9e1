/**
 * An app's page: how it is and was.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { Visitor } from "../session.ts";
import { printable } from "../printable.ts";
import { AppActions } from "./app_actions.tsx";
import { AppSettingsForm, type FormState } from "./app_settings.tsx";
import { Heartbeats, Incidents } from "./app_history.tsx";
import { Timeline } from "./app_timeline.tsx";
import type { AppView } from "./app_view.ts";
import type { Element } from "./element.ts";
import { Ago, nameOf, StatusLabel } from "./standing.tsx";
import type { SnippetFacts } from "./snippets.ts";
import { Snippets } from "./snippets.tsx";
import type { Speech } from "./speech.ts";

/** What the page is made of. */
export interface AppPageProps {
  readonly view: AppView;
  readonly speech: Speech;
  readonly guest: { readonly visitor: Visitor; readonly key: string };
  readonly form: FormState;
  readonly defaults: Defaults;
  /** What a button came to that led here; null for none. */
  readonly notice: string | null;
  /** The snooze that was chosen with it, if one was. */
  readonly span: string | null;
  /** How it stands, why, and who will be told: a sentence each. */
  readonly why: readonly string[];
  readonly facts: SnippetFacts;
  /** The paths of its badge. */
  readonly badge: { readonly svg: string; readonly json: string };
  /** The query of the page of older heartbeats, if there is one. */
  readonly older: string | null;
  readonly isOlder: boolean;
}

/** The whole content. */
export function AppPage(props: AppPageProps): Element {
  const { view, speech, guest, facts } = props;
  const { app } = view;
  const words = speech.words.app;
  return (
    <>
      {props.notice === null ? null : <p class="card" role="status">{props.notice}</p>}
      <div id="headline" data-part class="headline">
        <h1>
          <bdi>{nameOf(app)}</bdi>
        </h1>
        <p>
          <StatusLabel status={view.status} speech={speech} />
          <span class="quiet">
            {" · "}
            {nameOf(app) === app.id ? null : `${app.id} · `}
            <Ago at={app.lastHeartbeat?.at ?? null} speech={speech} />
          </span>
        </p>
        <ul class="why">{props.why.map((sentence) => <li>{sentence}</li>)}</ul>
        {app.note === null ? null : <p class="note">{printable(app.note)}</p>}
        <p class="small">
          {app.tags.map((tag) => (
            <>
              <a class="tag" href={`/?${new URLSearchParams({ tag })}`}>
                <bdi>{printable(tag)}</bdi>
              </a>
              {" "}
            </>
          ))}
        </p>
      </div>
      {guest.visitor === "admin"
        ? <AppActions view={view} speech={speech} formKey={guest.key} span={props.span} />
        : null}
      <Timeline view={view} speech={speech} />
      <h2>{words.incidents}</h2>
      <Incidents view={view} speech={speech} />
      <h2>{words.heartbeats}</h2>
      <Heartbeats view={view} speech={speech} older={props.older} isOlder={props.isOlder} />
      {guest.visitor === "admin" ? <AppSettingsForm {...props} formKey={guest.key} /> : null}
      <h2>{words.snippets}</h2>
      <Snippets facts={facts} speech={speech} />
      {guest.visitor === "admin"
        ? (
          <>
            <h2>{words.badge}</h2>
            <p class="quiet small">{words.badgeHint}</p>
            <p>
              <img src={props.badge.svg} alt="" height={20} />
            </p>
            <pre
              tabindex={0}
            ><code>{`${facts.origin}${props.badge.svg}\n${facts.origin}${props.badge.json}`}</code></pre>
          </>
        )
        : null}
    </>
  );
}
