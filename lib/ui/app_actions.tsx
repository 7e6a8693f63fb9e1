/**
 * What an admin can do about an app at once.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { AppView } from "./app_view.ts";
import { FormKey } from "./document.tsx";
import type { Element } from "./element.ts";
import { Hidden } from "./field.tsx";
import { nameOf, StatusLabel } from "./standing.tsx";
import type { Speech } from "./speech.ts";

/** Snoozes that are a click away. */
const SNOOZES = ["20m", "1h", "4h", "1d", "1w"] as const;

interface Props {
  readonly view: AppView;
  readonly speech: Speech;
  readonly formKey: string;
}

/** The buttons, each a form of its own. `span` is the snooze that was chosen before, if one was. */
export function AppActions(
  { view, speech, formKey, span }: Props & { readonly span: string | null },
): Element {
  const { app, shown } = view;
  const words = speech.words.app;
  const form = (action: string, content: Child) => (
    <form method="post" action={`/apps/${app.id}/${action}`}>
      <FormKey value={formKey} />
      <Hidden name="fall" value={shown.fall} />
      {content}
    </form>
  );
  const chosen = SNOOZES.find((each) => each === span) ?? "1h";
  const isPaused = app.state.kind === "paused";
  return (
    <section id="actions" data-part class="actions" aria-label={words.actions}>
      {view.status === "down"
        ? form(
          "acknowledge",
          <button id="acknowledge" type="submit">{words.acknowledge}</button>,
        )
        : null}
      {isPaused ? form("resume", <button id="resume" type="submit">{words.resume}</button>) : form(
        "pause",
        <button id="pause" type="submit" class="second" title={words.pauseHint}>
          {words.pause}
        </button>,
      )}
      {form(
        "snooze",
        <>
          <Hidden name="snoozed" value={shown.snoozed} />
          <button id="snooze" type="submit" class="second">{words.snooze}</button>
          <select id="snooze-for" name="for" aria-label={words.snoozeFor}>
            {SNOOZES.map((each) => <option value={each} selected={each === chosen}>{each}</option>)}
            <option value="">{words.endSnooze}</option>
          </select>
        </>,
      )}
      <a class="plain" href={`/apps/${app.id}/forget`}>{words.forget}</a>
    </section>
  );
}

/** Asks once more. */
export function ForgetPage(
  { view: { app, status, shown }, speech, formKey, notice }: Props & {
    readonly notice: string | null;
  },
): Element {
  const words = speech.words.app;
  return (
    <div id="forget" data-part class="card narrow">
      <h1>{words.forgetTitle(nameOf(app))}</h1>
      {notice === null ? null : <p class="down" role="alert">{notice}</p>}
      <p>
        <StatusLabel status={status} speech={speech} />
      </p>
      <p>{words.forgetHint}</p>
      <form method="post" action={`/apps/${app.id}/forget`}>
        <FormKey value={formKey} />
        <Hidden name="fall" value={shown.fall} />
        <Hidden name="mark" value={shown.mark} />
        <button type="submit" class="danger">{words.forgetReally}</button>
      </form>
      <p>
        <a href={`/apps/${app.id}`}>{words.keep}</a>
      </p>
    </div>
  );
}
