/**
 * What an app has been through: its incidents, and its heartbeats.
 *
 * @module
 */

import { excerpt, printable } from "../printable.ts";
import { type AppView, lengthOf } from "./app_view.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";
import { TableHead } from "./table.tsx";

/** How much of a message a line shows, in code points; the rest is a click away. */
const LINE_LENGTH = 120;

interface Props {
  readonly view: AppView;
  readonly speech: Speech;
}

/** Its falls, and how each ended. */
export function Incidents({ view, speech }: Props): Element {
  const words = speech.words.app;
  if (view.incidents.length === 0) {
    return <p id="incidents" data-part class="quiet">{words.noIncidents}</p>;
  }
  return (
    <div id="incidents" data-part>
      <table class="table">
        <TableHead names={[words.began, words.lasted, words.why, words.ended]} />
        <tbody>
          {view.incidents.map((incident) => (
            <tr>
              <td data-label={words.began}>{speech.calendar.instant(incident.since)}</td>
              <td data-label={words.lasted}>{speech.span(lengthOf(incident, speech.now))}</td>
              <td data-label={words.why}>{words.reason[incident.reason]}</td>
              <td data-label={words.ended}>
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

/** A page of what it sent. */
export function Heartbeats(
  { view, speech, older, isOlder }: Props & {
    /** The address of the page of older ones, if there is one. */
    readonly older: string | null;
    readonly isOlder: boolean;
  },
): Element {
  const words = speech.words.app;
  if (view.heartbeats.length === 0) {
    return <p id="heartbeats" data-part class="quiet">{words.noHeartbeats}</p>;
  }
  return (
    <div id="heartbeats" data-part>
      <table class="table heard">
        <TableHead names={[words.when, words.what, words.message, words.from]} />
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
