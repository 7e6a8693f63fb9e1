/**
 * What an app is called, how it stands, and when that was.
 *
 * @module
 */

import type { App, Status } from "../app.ts";
import type { Instant } from "../clock.ts";
import { excerpt, printable } from "../printable.ts";
import { NAME_LENGTH } from "../registry.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";

/** How an app stands: in a word, a shape and a colour. */
export function StatusLabel(
  { status, speech }: { readonly status: Status; readonly speech: Speech },
): Element {
  return <span class={`status ${status}`}>{speech.words.status[status]}</span>;
}

/** How long ago something was; the script counts on. */
export function Ago(
  { at, speech }: { readonly at: Instant | null; readonly speech: Speech },
): Element {
  const { words, now, span } = speech;
  if (at === null) return <>{words.overview.never}</>;
  return (
    <time datetime={new Date(at).toISOString()} data-at={String(at)}>
      {words.overview.ago(span(now - at))}
    </time>
  );
}

/** What an app is called. */
export function nameOf({ id, name }: Pick<App, "id" | "name">): string {
  return name === null || name.trim() === "" ? printable(id) : excerpt(name, NAME_LENGTH);
}
