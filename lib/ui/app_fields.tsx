/**
 * The fields of an app's settings.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { Duration } from "../clock.ts";
import { durationText } from "../duration.ts";
import type { Detail } from "../errors.ts";
import { SETTING_KEYS, type SettingKey } from "../revision.ts";
import { type AppDraft, FIELDS, type Typed } from "./app_draft.ts";
import type { Element } from "./element.ts";
import { faulty, Field, Hidden, type Trouble, Wrong } from "./field.tsx";
import type { Speech } from "./speech.ts";

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
      {SETTING_KEYS.map((key) => <Hidden name={FIELDS.seen + key} value={seen[key] ?? ""} />)}
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

function troubleOf(name: SettingKey, details: readonly Detail[], expected: Typed): Trouble {
  const wrong = details.find(({ path }) => path === name || path.startsWith(`${name}.`));
  if (wrong === undefined) return { wrong: null, isFirst: false };
  return { wrong: expected[name], isFirst: wrong === details[0] };
}
