/**
 * A form that was sent and came to nothing, and is shown as it was filled in.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Element } from "./element.ts";
import { FORM_WORDS } from "./form_words.ts";
import type { Speech } from "./speech.ts";

/** Why it came to nothing. */
export type Undone =
  /** It was not of a session that lasts; now somebody is logged in, and may send it once more. */
  | { readonly kind: "again" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Says so, above the form. */
export function UndoneNotice(
  { undone, speech }: { readonly undone: Undone; readonly speech: Speech },
): Element {
  const words = FORM_WORDS[speech.language];
  if (undone.kind === "again") return <p class="alarm" role="alert">{words.again}</p>;
  const { error } = undone;
  const known = error instanceof AppError ? error : null;
  if (known?.code === "unavailable") return <p class="alarm" role="alert">{words.unavailable}</p>;
  return (
    <p class="alarm" role="alert">
      {`${words.failed} `}
      {known === null ? speech.words.fault.internal.title : <span lang="en">{known.message}</span>}
    </p>
  );
}
