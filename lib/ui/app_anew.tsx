/**
 * The settings of an app that somebody else has forgotten meanwhile: as they
 * were typed, to be registered anew.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import { NO_SETTINGS } from "../registry.ts";
import { marksOf } from "../revision.ts";
import type { AppDraft } from "./app_draft.ts";
import { SettingFields } from "./app_fields.tsx";
import type { FormState } from "./app_settings.tsx";
import { FormKey } from "./document.tsx";
import { EDIT_WORDS } from "./edit_words.ts";
import type { Element } from "./element.ts";
import { Hidden } from "./field.tsx";
import type { Speech } from "./speech.ts";

/** The field that says so. */
export const ANEW_FIELD = "anew";

/** The whole content. */
export function AnewPage(
  { id, draft, details, defaults, speech, formKey }: {
    readonly id: string;
    readonly draft: AppDraft;
    readonly details: FormState["details"];
    readonly defaults: Defaults;
    readonly speech: Speech;
    readonly formKey: string;
  },
): Element {
  const words = EDIT_WORDS[speech.language];
  // A heartbeat may register it first: then it has no settings that anybody else wants.
  const anew = { ...draft, seen: marksOf(NO_SETTINGS) };
  return (
    <>
      <div class="headline">
        <h1>
          <bdi>{words.anewTitle(id)}</bdi>
        </h1>
        <p>{words.anewHint}</p>
      </div>
      <form class="card edit" method="post" action={`/apps/${id}/settings`}>
        <FormKey value={formKey} />
        <Hidden name={ANEW_FIELD} value="yes" />
        <SettingFields draft={anew} details={details} defaults={defaults} speech={speech} />
        <p>
          <button type="submit">{words.anew}</button>
        </p>
      </form>
    </>
  );
}
