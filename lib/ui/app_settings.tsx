/**
 * An app's settings, to be edited.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { Duration, Instant } from "../clock.ts";
import { durationText } from "../duration.ts";
import type { Detail } from "../errors.ts";
import { SETTING_KEYS, type SettingKey, settingsMark } from "../revision.ts";
import { type Clash, Clashes } from "./app_clash.tsx";
import { type AppDraft, draftOf, FIELDS, type Typed } from "./app_draft.ts";
import type { AppView } from "./app_view.ts";
import { FormKey } from "./document.tsx";
import { EDIT_WORDS } from "./edit_words.ts";
import type { Element } from "./element.ts";
import { faulty, Field, type Trouble, Wrong } from "./field.tsx";
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
  const from: Instant | null = app.state.kind === "up" && status !== "ignored"
    ? app.state.excusedAt ?? app.state.successAt
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
          <button type="submit">{words.save}</button>{" "}
          <button
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

/** The fields, and the marks of what they were filled with. */
export function SettingFields(
  { draft: { typed, seen }, details, defaults, speech }: {
    readonly draft: AppDraft;
    readonly details: readonly Detail[];
    readonly defaults: Defaults;
    readonly speech: Speech;
  },
): Element {
  const words = speech.words.app;
  const field = (name: SettingKey, more: Readonly<Record<string, string>> = {}) => {
    const trouble = troubleOf(name, details, words.expected);
    return { name, more, label: words[name], value: typed[name], trouble };
  };
  const noteTrouble = troubleOf("note", details, words.expected);
  const usual = (span: Duration) => ({ "data-usual": String(span) });
  return (
    <>
      {SETTING_KEYS.map((key) => (
        <input type="hidden" name={FIELDS.seen + key} value={seen[key] ?? ""} />
      ))}
      <Field {...field("name")} />
      <Field {...field("tags")} hint={words.tagsHint} />
      <Field
        {...field("period", usual(defaults.period))}
        hint={words.usually(durationText(defaults.period))}
      />
      <Field
        {...field("grace", usual(defaults.grace))}
        hint={words.usually(durationText(defaults.grace))}
      />
      <p class="quiet small">{words.durationHint}</p>
      <p
        id="next-deadline"
        class="small"
        role="status"
        data-text={words.nextDeadline}
        data-none={words.noDuration}
        hidden
      >
      </p>
      <div class="whole-width">
        <label for="note">{words.note}</label>
        <textarea id="note" name="note" rows={3} {...faulty("note", noteTrouble)}>
          {typed.note}
        </textarea>
        <Wrong name="note" trouble={noteTrouble} />
      </div>
    </>
  );
}

function staysText(theirs: readonly SettingKey[], { language, words }: Speech): string {
  if (theirs.length === 0) return "";
  return EDIT_WORDS[language].stays(theirs.map((key) => words.app[key]).join(", "));
}

function troubleOf(name: SettingKey, details: readonly Detail[], expected: Typed): Trouble {
  const wrong = details.find(({ path }) => path === name || path.startsWith(`${name}.`));
  if (wrong === undefined) return { wrong: null, isFirst: false };
  return { wrong: expected[name], isFirst: wrong === details[0] };
}
