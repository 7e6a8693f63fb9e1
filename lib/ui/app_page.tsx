/**
 * An app's page: how it is and was.
 *
 * @module
 */

import type { Visitor } from "../session.ts";
import { excerpt, printable } from "../printable.ts";
import { AppActions } from "./app_actions.tsx";
import { AppSettingsForm, type FormState } from "./app_settings.tsx";
import { type AppView, lengthOf, type Range, RANGES } from "./app_view.ts";
import type { Element } from "./element.ts";
import { Ago, nameOf, StatusLabel } from "./standing.tsx";
import type { SnippetFacts } from "./snippets.ts";
import { Snippets } from "./snippets.tsx";
import type { Speech } from "./speech.ts";
import { Strip, stripParts } from "./strip.tsx";

/** How much of a message a line shows, in code points; the rest is a click away. */
const LINE_LENGTH = 120;

/** What the page is made of. */
export interface AppPageProps {
  readonly view: AppView;
  readonly speech: Speech;
  readonly guest: { readonly visitor: Visitor; readonly key: string };
  readonly form: FormState;
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
        ? <AppActions view={view} speech={speech} formKey={guest.key} />
        : null}
      <Timeline view={view} speech={speech} />
      <h2>{words.incidents}</h2>
      <Incidents view={view} speech={speech} />
      <h2>{words.heartbeats}</h2>
      <Heartbeats {...props} />
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

function Timeline(
  { view, speech }: { readonly view: AppView; readonly speech: Speech },
): Element {
  const words = speech.words.app;
  const { app, pieces, span, beats, range } = view;
  const label = words.strip(words.range[range], stripParts(pieces, speech));
  const ranges = Object.keys(RANGES) as readonly Range[];
  return (
    <section>
      <h2>{words.timeline}</h2>
      <nav class="ranges" aria-label={words.timeline}>
        {ranges.map((each) => (
          <a
            href={`/apps/${app.id}?range=${each}`}
            {...(each === range ? { "aria-current": "true" } : {})}
          >
            {words.range[each]}
          </a>
        ))}
      </nav>
      <div id="timeline" data-part class="card">
        <Strip pieces={pieces} span={span} beats={beats} label={label} />
        <p class="ends quiet small">
          <span>{speech.calendar.instant(span.from)}</span>
          <span>{view.uptime === null ? "" : words.uptime(speech.percent(view.uptime))}</span>
          <span>{speech.calendar.instant(span.to)}</span>
        </p>
      </div>
    </section>
  );
}

function Incidents(
  { view, speech }: { readonly view: AppView; readonly speech: Speech },
): Element {
  const words = speech.words.app;
  if (view.incidents.length === 0) {
    return <p id="incidents" data-part class="quiet">{words.noIncidents}</p>;
  }
  return (
    <div
      id="incidents"
      data-part
      class="wide"
      role="region"
      aria-label={words.incidents}
      tabindex={0}
    >
      <table>
        <thead>
          <tr>
            {[words.began, words.lasted, words.why, words.ended].map((each) => (
              <th scope="col">{each}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.incidents.map((incident) => (
            <tr>
              <td>{speech.calendar.instant(incident.since)}</td>
              <td>{speech.span(lengthOf(incident, speech.now))}</td>
              <td>{words.reason[incident.reason]}</td>
              <td>
                {incident.end === null
                  ? <strong class="down">{words.stillOpen}</strong>
                  : words.reason[incident.end.reason]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Heartbeats({ view, speech, older, isOlder }: AppPageProps): Element {
  const words = speech.words.app;
  if (view.heartbeats.length === 0) {
    return <p id="heartbeats" data-part class="quiet">{words.noHeartbeats}</p>;
  }
  return (
    <div
      id="heartbeats"
      data-part
      class="wide"
      role="region"
      aria-label={words.heartbeats}
      tabindex={0}
    >
      <table>
        <thead>
          <tr>
            {[words.when, words.what, words.message, words.from].map((each) => (
              <th scope="col">{each}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.heartbeats.map(({ at, kind, message, address, userAgent }) => (
            <tr>
              <td>
                <time datetime={new Date(at).toISOString()}>{speech.seconds(at)}</time>
              </td>
              <td class={kind === "fail" ? "down" : ""}>{words.kind[kind]}</td>
              <td>
                <Message text={message} />
              </td>
              <td class="quiet">
                <bdi>{printable([address, userAgent].filter((each) => each).join(" "))}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="more">
        {isOlder ? <a href={`/apps/${view.app.id}`}>{words.newest}</a> : null}
        {older === null ? null : <a rel="next" href={older}>{words.older}</a>}
      </p>
    </div>
  );
}

/** A message: its beginning, and all of it for who opens it. */
function Message({ text }: { readonly text: string | null }): Element {
  if (text === null) return <span class="quiet">–</span>;
  const short = excerpt(text, LINE_LENGTH);
  if (short === printable(text)) return <bdi>{short}</bdi>;
  return (
    <details>
      <summary>
        <bdi>{short}</bdi>
      </summary>
      <bdi class="whole">{printable(text)}</bdi>
    </details>
  );
}
