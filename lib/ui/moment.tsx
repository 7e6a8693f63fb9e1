/**
 * Instants on pages.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";

/** An instant, as the clock of the page's place shows it. */
export function Moment(
  { at, speech }: { readonly at: Instant; readonly speech: Speech },
): Element {
  return <time datetime={new Date(at).toISOString()}>{speech.calendar.instant(at)}</time>;
}
