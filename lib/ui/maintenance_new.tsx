/**
 * The form for a maintenance window. Works without a script: which fields
 * belong to a choice is told by the style sheet, and where that cannot tell,
 * all of them are shown.
 *
 * @module
 */

import { durationText } from "../duration.ts";
import { numeral } from "../language.ts";
import { WEEKDAYS } from "../maintenance.ts";
import { LONGEST_WINDOW, SHORTEST_WINDOW } from "../maintenance_form.ts";
import { NOTE_LENGTH } from "../registry.ts";
import { makeToken } from "../token.ts";
import { FormKey } from "./document.tsx";
import type { Element } from "./element.ts";
import { Choice, Field, Hidden, type Trouble } from "./field.tsx";
import type { Draft, Fault } from "./maintenance_draft.ts";
import type { WindowForm } from "./maintenance_view.ts";
import { MAINTENANCE_WORDS, type MaintenanceWords } from "./maintenance_words.ts";
import { ONCE_FIELD } from "./sent_forms.ts";
import type { Speech } from "./speech.ts";
import { UndoneNotice } from "./undone.tsx";

interface Props {
  readonly form: WindowForm;
  readonly speech: Speech;
}

/** The form, as it was typed, and beside each field what is wrong with it. */
export function NewWindow(
  { form, formKey, speech }: Props & { readonly formKey: string },
): Element {
  const words = MAINTENANCE_WORDS[speech.language];
  const refusal = refusalText(form, words);
  return (
    <section>
      <h2 id="new">{words.create}</h2>
      {refusal === null ? null : <p class="alarm" role="alert">{refusal}</p>}
      {form.undone === null ? null : <UndoneNotice undone={form.undone} speech={speech} />}
      <form method="post" action="/maintenance" class="card form" aria-labelledby="new">
        <FormKey value={formKey} />
        <Hidden name={ONCE_FIELD} value={makeToken()} />
        <ForWhom form={form} speech={speech} />
        <When form={form} speech={speech} />
        <Field
          name="for"
          label={words.length}
          value={form.draft.length}
          hint={words.lengthHint}
          trouble={trouble(form, speech, "length")}
        />
        <Field
          name="note"
          label={words.note}
          value={form.draft.note}
          hint={words.noteHint}
          trouble={trouble(form, speech, "note")}
        />
        <button type="submit">{words.button}</button>
      </form>
    </section>
  );
}

function ForWhom({ form, speech }: Props): Element {
  const words = MAINTENANCE_WORDS[speech.language];
  const { draft } = form;
  return (
    <>
      <Choice
        name="scope"
        legend={words.forWhom}
        options={words.scopes}
        chosen={draft.scope}
        trouble={trouble(form, speech, "scope")}
      />
      <Field
        name="tag"
        label={words.tag}
        value={draft.tag}
        trouble={trouble(form, speech, "tag")}
      />
      <Field
        name="app_id"
        label="app_id"
        value={draft.appId}
        trouble={trouble(form, speech, "appId")}
      />
    </>
  );
}

function When({ form, speech }: Props): Element {
  const words = MAINTENANCE_WORDS[speech.language];
  const { draft } = form;
  const zone = words.zone(speech.calendar.zone);
  return (
    <>
      <Choice
        name="when"
        legend={words.when}
        options={words.times}
        chosen={draft.when}
        trouble={trouble(form, speech, "when")}
      />
      <Field
        name="at"
        label={words.at}
        type="datetime-local"
        value={draft.at}
        hint={zone}
        trouble={trouble(form, speech, "at", "over")}
      />
      <Weekday draft={draft} words={words} />
      <Field
        name="time"
        label={words.timeOfDay}
        type="time"
        value={draft.timeOfDay}
        hint={zone}
        trouble={trouble(form, speech, "timeOfDay")}
      />
    </>
  );
}

function Weekday(
  { draft, words }: { readonly draft: Draft; readonly words: MaintenanceWords },
): Element {
  const [sunday, ...others] = WEEKDAYS;
  return (
    <div class="field of-weekday">
      <label for="weekday">{words.weekday}</label>
      <select id="weekday" name="weekday">
        {[...others, sunday].map((day) => (
          <option value={day} selected={draft.weekday === day}>{words.weekdays[day]}</option>
        ))}
      </select>
    </div>
  );
}

/** What is said before the form where nothing came of it; null where nothing was tried. */
function refusalText({ faults, refusal }: WindowForm, words: MaintenanceWords): string | null {
  switch (refusal) {
    case "too many":
      return words.tooMany;
    case "unavailable":
      return words.unavailable;
    case null:
      return faults.length === 0 ? null : words.wrong;
  }
}

/** Of what can be wrong with a field, what is. */
function trouble(
  { draft, faults }: WindowForm,
  { language }: Speech,
  ...own: readonly Fault[]
): Trouble {
  const fault = faults.find((each) => own.includes(each));
  if (fault === undefined) return { wrong: null, isFirst: false };
  return { wrong: faultText(fault, draft, language), isFirst: fault === faults[0] };
}

function faultText(fault: Fault, { when }: Draft, language: Speech["language"]): string {
  const { faults } = MAINTENANCE_WORDS[language];
  switch (fault) {
    case "length": {
      const longest = LONGEST_WINDOW[when === "daily" || when === "weekly" ? when : "once"];
      return faults.length(durationText(SHORTEST_WINDOW), durationText(longest));
    }
    case "note":
      return faults.note(numeral(language, NOTE_LENGTH));
    case "scope":
    case "tag":
    case "appId":
    case "when":
    case "at":
    case "over":
    case "timeOfDay":
      return faults[fault];
  }
}
