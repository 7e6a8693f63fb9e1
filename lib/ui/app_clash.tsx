/**
 * The settings that two have changed at a time, side by side, to choose from.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import { durationText } from "../duration.ts";
import { printable } from "../printable.ts";
import type { AppSettings } from "../registry.ts";
import { marksOf, type SettingKey } from "../revision.ts";
import { type AppDraft, FIELDS, plainOf, SIDES, type Typed, typedOf } from "./app_draft.ts";
import { EDIT_WORDS } from "./edit_words.ts";
import type { Element } from "./element.ts";
import { Hidden } from "./field.tsx";
import type { Speech } from "./speech.ts";

/** What two have changed. */
export interface Clash {
  readonly keys: readonly SettingKey[];
  /** As the other left it. */
  readonly theirs: AppSettings;
}

/** The choices, each with the two values; none is taken until somebody chooses. */
export function Clashes(
  { clash: { keys, theirs }, draft: { typed, shown, taken }, defaults, speech }: {
    readonly clash: Clash;
    readonly draft: AppDraft;
    readonly defaults: Defaults;
    readonly speech: Speech;
  },
): Element {
  const words = EDIT_WORDS[speech.language];
  const values = { theirs: typedOf(theirs), mine: typed };
  const marks = marksOf(plainOf(theirs));
  return (
    <div class="clashes">
      <p class="alarm" role="alert">{words.clash}</p>
      {keys.map((key, index) => (
        <fieldset>
          <legend>{speech.words.app[key]}</legend>
          <Hidden name={FIELDS.shown + key} value={marks[key]} />
          <div class="versus">
            {SIDES.map((side) => (
              <label class="choice">
                <input
                  type="radio"
                  name={FIELDS.taken + key}
                  value={side}
                  required
                  // What is another by now has to be chosen anew.
                  checked={taken[key] === side && shown[key] === marks[key]}
                  autofocus={index === 0 && side === "theirs"}
                />
                <span>
                  <bdi>{words[side](valueText(key, values[side], { defaults, speech }))}</bdi>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function valueText(
  key: SettingKey,
  typed: Typed,
  { defaults, speech }: { readonly defaults: Defaults; readonly speech: Speech },
): string {
  const words = EDIT_WORDS[speech.language];
  const text = printable(typed[key].trim());
  if (text !== "") return text;
  const isSpan = key === "period" || key === "grace";
  return isSpan ? words.byDefault(durationText(defaults[key])) : words.nothing;
}
