/**
 * How much of the time an app was up: of the time in which that is known, with
 * the share in which it is not beside it.
 *
 * @module
 */

import { type Uptime, WHOLE } from "../share.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";

/** The share, and what is missing from it, in a row. */
export function UptimeShare(
  { uptime, title, speech }: {
    /** Null where the app was not judged. */
    readonly uptime: Uptime | null;
    /** Which time it is of. */
    readonly title: string;
    readonly speech: Speech;
  },
): Element {
  const { words, percent } = speech;
  const unknown = uptime === null ? 0 : WHOLE - uptime.known;
  const up = uptime?.up ?? null;
  return (
    <span
      class="share small"
      title={unknown === 0 ? title : `${title}: ${uptimeText(uptime, speech)}`}
    >
      {up === null ? "–" : percent(up)}
      {unknown === 0 ? null : (
        <>
          {" "}
          <span class="unknown">
            <span class="unseen">{words.standing.unknown}</span> {percent(unknown)}
          </span>
        </>
      )}
    </span>
  );
}

/** Of which time the shares in rows are; nothing where no row has one. */
export function SharesNote(
  { uptimes, speech }: { readonly uptimes: readonly (Uptime | null)[]; readonly speech: Speech },
): Element | null {
  if (uptimes.every((each) => each === null)) return null;
  return <p class="small quiet">{speech.words.overview.shares}</p>;
}

/** The same as a sentence; empty where the app was not judged. */
export function uptimeText(uptime: Uptime | null, { words: { app }, percent }: Speech): string {
  if (uptime === null) return "";
  const { up, known } = uptime;
  if (up === null) return app.uptimeUnknown;
  if (known === WHOLE) return app.uptime(percent(up));
  return app.uptimeOfKnown(percent(up), { known: percent(known), unknown: percent(WHOLE - known) });
}
