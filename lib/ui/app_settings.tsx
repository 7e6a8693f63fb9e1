/**
 * An app's settings, to be edited.
 *
 * @module
 */

import { type App, type Defaults, expectation } from "../app.ts";
import type { Duration, Instant } from "../clock.ts";
import { durationText } from "../duration.ts";
import type { Detail } from "../errors.ts";
import { NAME_LENGTH, NOTE_LENGTH } from "../registry.ts";
import type { AppView } from "./app_view.ts";
import { FormKey } from "./document.tsx";
import type { Element } from "./element.ts";
import { faulty, Field, type Trouble, Wrong } from "./field.tsx";
import type { Speech } from "./speech.ts";

/** The fields, as they are typed. */
export type Typed = Readonly<Record<"name" | "note" | "tags" | "period" | "grace", string>>;

/** How the form stands. */
export interface FormState {
  readonly typed: Typed;
  /** What is wrong with it. */
  readonly details: readonly Detail[];
  /** Whether it was just saved. */
  readonly isSaved: boolean;
  /** What these settings would have come to, in sentences; null where nobody asked. */
  readonly backtest: readonly string[] | null;
  readonly defaults: Defaults;
}

/** The fields of an app as it is. */
export function typedOf({ name, note, tags, period, grace }: App): Typed {
  return {
    name: name ?? "",
    note: note ?? "",
    tags: tags.join(" "),
    period: period === null ? "" : durationText(period),
    grace: grace === null ? "" : durationText(grace),
  };
}

/** What was typed, as the registry's JSON has it. */
export function settingsOf({ name, note, tags, period, grace }: Typed): object {
  return {
    name: name.trim() || null,
    note: note.trim() || null,
    tags: tags.split(/[\s,]+/).filter((tag) => tag !== ""),
    period: period.trim() || null,
    grace: grace.trim() || null,
  };
}

/** The form. Where a script runs, it shows the next deadline while one types. */
export function AppSettingsForm(
  { view: { app, status }, form, speech, formKey }: {
    readonly view: AppView;
    readonly form: FormState;
    readonly speech: Speech;
    readonly formKey: string;
  },
): Element {
  const words = speech.words.app;
  const { typed, isSaved, backtest, defaults } = form;
  const field = (name: keyof Typed, more: Readonly<Record<string, string>> = {}) => {
    const trouble = troubleOf(name, form, words);
    return { name, more, label: words[name], value: typed[name], trouble };
  };
  const noteTrouble = troubleOf("note", form, words);
  const usual = (span: Duration) => ({ "data-usual": String(span) });
  const { period, grace } = expectation(app, defaults);
  // What gaps have added to the deadline stays with it.
  const from: Instant | null = app.state.kind === "up" && status !== "ignored"
    ? app.state.deadlineAt - period - grace
    : null;
  return (
    <section>
      <h2 id="settings">{words.settings}</h2>
      <form
        class="card edit"
        method="post"
        action={`/apps/${app.id}/settings`}
        data-from={from === null ? undefined : String(from)}
      >
        <FormKey value={formKey} />
        <Field {...field("name", { maxlength: String(NAME_LENGTH) })} />
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
        <div>
          <label for="note">{words.note}</label>
          <textarea
            id="note"
            name="note"
            rows={3}
            maxlength={NOTE_LENGTH}
            {...faulty("note", noteTrouble)}
          >
            {typed.note}
          </textarea>
          <Wrong name="note" trouble={noteTrouble} />
        </div>
        <p>
          <button type="submit">{words.save}</button>{" "}
          <button type="submit" class="second" formaction={`/apps/${app.id}/backtest`}>
            {words.backtest}
          </button>
          {isSaved ? <span role="status">{` ${words.saved}`}</span> : null}
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

function troubleOf(
  name: keyof Typed,
  { details }: FormState,
  words: Speech["words"]["app"],
): Trouble {
  const wrong = details.find(({ path }) => path === name || path.startsWith(`${name}.`));
  if (wrong === undefined) return { wrong: null, isFirst: false };
  return { wrong: words.expected[name], isFirst: wrong === details[0] };
}
