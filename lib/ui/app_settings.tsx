/**
 * An app's settings, to be edited.
 *
 * @module
 */

import { type Defaults, expectation } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { Detail } from "../errors.ts";
import { type SettingKey, settingsMark } from "../revision.ts";
import { type Clash, Clashes } from "./app_clash.tsx";
import { type AppDraft, draftOf } from "./app_draft.ts";
import { SettingFields } from "./app_fields.tsx";
import type { AppView } from "./app_view.ts";
import { FormKey } from "./document.tsx";
import { EDIT_WORDS } from "./edit_words.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";
import { type Undone, UndoneNotice } from "./undone.tsx";

/** How the form stands. */
export interface FormState {
  /** As it was sent; null for a form that nobody has typed into. */
  readonly draft: AppDraft | null;
  /** What is wrong with it. */
  readonly details: readonly Detail[];
  readonly clash: Clash | null;
  readonly undone: Undone | null;
  /** What others had changed when it was just saved; null if it was not. */
  readonly saved: readonly SettingKey[] | null;
  /** What these settings would have come to, in sentences; null where nobody asked. */
  readonly backtest: readonly string[] | null;
}

/** A form that nobody has typed into. */
export const UNTOUCHED: FormState = {
  draft: null,
  details: [],
  clash: null,
  undone: null,
  saved: null,
  backtest: null,
};

/** The form. Where a script runs, it shows the next deadline while one types. */
export function AppSettingsForm(
  { view: { app, status }, form, defaults, speech, formKey }: {
    readonly view: AppView;
    readonly form: FormState;
    readonly defaults: Defaults;
    readonly speech: Speech;
    readonly formKey: string;
  },
): Element {
  const words = speech.words.app;
  const { clash, undone, saved, backtest } = form;
  const draft = form.draft ?? draftOf(app);
  const { period, grace } = expectation(app, defaults);
  // What gaps have added to the deadline stays with it.
  const from: Instant | null = app.state.kind === "up" && status !== "ignored"
    ? app.state.deadlineAt - period - grace
    : null;
  return (
    <section
      id="edit"
      data-part
      data-mark={settingsMark(app)}
      {...(form.draft === null ? {} : { "data-typed": "" })}
    >
      <h2 id="settings">{words.settings}</h2>
      <p class="alarm" role="status" data-changed hidden>{EDIT_WORDS[speech.language].changed}</p>
      {undone === null ? null : <UndoneNotice undone={undone} speech={speech} />}
      <form
        class="card edit"
        method="post"
        action={`/apps/${app.id}/settings`}
        data-from={from === null ? undefined : String(from)}
      >
        <FormKey value={formKey} />
        {clash === null
          ? null
          : <Clashes clash={clash} draft={draft} defaults={defaults} speech={speech} />}
        <SettingFields draft={draft} details={form.details} defaults={defaults} speech={speech} />
        <p>
          <button id="save" type="submit">{words.save}</button>{" "}
          <button
            id="try"
            type="submit"
            class="second"
            formaction={`/apps/${app.id}/backtest`}
            formnovalidate
          >
            {words.backtest}
          </button>
          {saved === null
            ? null
            : <span role="status">{` ${words.saved} ${staysText(saved, speech)}`}</span>}
        </p>
        {backtest === null ? null : (
          <div id="backtest" role="status">
            {backtest.map((sentence) => <p>{`${sentence}.`}</p>)}
          </div>
        )}
      </form>
    </section>
  );
}

function staysText(theirs: readonly SettingKey[], { language, words }: Speech): string {
  if (theirs.length === 0) return "";
  return EDIT_WORDS[language].stays(theirs.map((key) => words.app[key]).join(", "));
}
