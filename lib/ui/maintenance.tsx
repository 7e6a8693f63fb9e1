/**
 * The page of maintenance: the windows that are not over, and a form for
 * another one.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { MaintenanceWindow, WindowScope } from "../maintenance.ts";
import { printable } from "../printable.ts";
import { timeOfDayText } from "../time_forms.ts";
import { FormKey } from "./document.tsx";
import type { Element } from "./element.ts";
import { NewWindow } from "./maintenance_new.tsx";
import type { WindowForm, WindowLine } from "./maintenance_view.ts";
import { MAINTENANCE_WORDS } from "./maintenance_words.ts";
import { nameOf } from "./standing.tsx";
import type { Speech } from "./speech.ts";

/** The whole content. */
export function MaintenancePage(
  { lines, form, formKey, notice, speech }: {
    readonly lines: readonly WindowLine[];
    readonly form: WindowForm;
    /** Null for those who may only read. */
    readonly formKey: string | null;
    /** What a form came to that led here; null for none. */
    readonly notice: string | null;
    readonly speech: Speech;
  },
): Element {
  const words = MAINTENANCE_WORDS[speech.language];
  return (
    <>
      <div class="headline">
        <h1>{speech.words.frame.maintenance}</h1>
        <p>{words.meaning}</p>
      </div>
      {notice === null ? null : <p class="card" role="status">{notice}</p>}
      <div id="windows" data-part>
        {lines.length === 0 ? <p class="card">{words.empty}</p> : (
          <ul class="rows">
            {lines.map((line) => <Line line={line} formKey={formKey} speech={speech} />)}
          </ul>
        )}
      </div>
      {formKey === null ? null : <NewWindow form={form} formKey={formKey} speech={speech} />}
    </>
  );
}

function Line(
  { line: { window, until, app }, formKey, speech }: {
    readonly line: WindowLine;
    readonly formKey: string | null;
    readonly speech: Speech;
  },
): Element {
  const words = MAINTENANCE_WORDS[speech.language];
  const name = `window-${window.id}`;
  return (
    <li>
      <div>
        <strong id={name}>
          <Scope scope={window.scope} app={app} speech={speech} />
        </strong>
        <p>{timesText(window, speech)}</p>
        {until === null
          ? null
          : <p class="late strong">{words.until(speech.calendar.instant(until))}</p>}
        {window.note === null ? null : (
          <p class="quiet small">
            <bdi>{printable(window.note)}</bdi>
          </p>
        )}
      </div>
      {formKey === null ? null : (
        <form method="post" action={`/maintenance/${window.id}/end`}>
          <FormKey value={formKey} />
          <button id={`end-${window.id}`} type="submit" class="second" aria-describedby={name}>
            {words.end}
          </button>
        </form>
      )}
    </li>
  );
}

/** Whom a window is for, with the way there. */
function Scope(
  { scope, app, speech }: {
    readonly scope: WindowScope;
    readonly app: App | null;
    readonly speech: Speech;
  },
): Element {
  const words = MAINTENANCE_WORDS[speech.language];
  switch (scope.kind) {
    case "all":
      return <>{words.all}</>;
    case "tag":
      return (
        <>
          {`${words.tag} `}
          <a href={`/?${new URLSearchParams({ tag: scope.tag })}`}>
            <bdi>{printable(scope.tag)}</bdi>
          </a>
        </>
      );
    case "app":
      return app === null
        ? (
          <>
            {`${words.app} `}
            <bdi>{printable(scope.appId)}</bdi>
            {` (${words.unknownApp})`}
          </>
        )
        : (
          <>
            {`${words.app} `}
            <a href={`/apps/${app.id}`}>
              <bdi>{nameOf(app)}</bdi>
            </a>
          </>
        );
  }
}

function timesText({ recurrence, length }: MaintenanceWindow, speech: Speech): string {
  const words = MAINTENANCE_WORDS[speech.language];
  const { instant } = speech.calendar;
  const span = speech.span(length);
  switch (recurrence.kind) {
    case "once":
      return words.once(instant(recurrence.at), instant(recurrence.at + length), span);
    case "daily":
      return words.daily(timeOfDayText(recurrence.timeOfDay), recurrence.timeZone, span);
    case "weekly": {
      const { timeOfDay, timeZone, weekday } = recurrence;
      return words.weekly(words.weekdays[weekday], timeOfDayText(timeOfDay), timeZone, span);
    }
  }
}
