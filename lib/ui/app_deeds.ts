/**
 * What an admin does about an app by a button, and whether it is still what
 * they mean: others may have been there before, and the app itself may have
 * changed sides since their page was made. What they did not see is left as
 * it is, and told.
 *
 * @module
 */

import { downSince } from "../app.ts";
import type { Instant } from "../clock.ts";
import { settingsMark } from "../revision.ts";
import type { Handed } from "../store.ts";

/** The buttons. */
export type Deed = "pause" | "resume" | "acknowledge" | "snooze" | "unsnooze" | "forget";

/** What a page is told that a button came to, by a query. */
export const SAID = [
  "paused",
  "paused-already",
  "fell",
  "resumed",
  "resumed-already",
  "acknowledged",
  "acknowledged-already",
  "up-already",
  "fell-again",
  "snoozed",
  "snoozed-otherwise",
  "snooze-ended",
  "not-snoozed",
  "changed",
] as const;

/** One of those. */
export type Said = typeof SAID[number];

/** What a page shows of an app that its buttons hang on, as text; "" for none. */
export interface Shown {
  /** The instant of the fall that it has not come back from. */
  readonly fall: string;
  /** Until when no alarm of it is wanted. */
  readonly snoozed: string;
  /** The mark of its settings. */
  readonly mark: string;
}

/** What becomes of a button. */
export interface Verdict {
  readonly isDone: boolean;
  readonly said: Said;
}

/** What is to be shown of an app. */
export function shownOf({ app, snoozedUntil }: Handed, now: Instant): Shown {
  const snoozed = snoozedUntil !== null && snoozedUntil > now ? snoozedUntil : null;
  return {
    fall: String(downSince(app, now) ?? ""),
    snoozed: String(snoozed ?? ""),
    mark: settingsMark(app),
  };
}

/** What the page of a form showed. */
export function shownIn(fields: URLSearchParams): Shown {
  const of = (name: keyof Shown) => fields.get(name) ?? "";
  return { fall: of("fall"), snoozed: of("snoozed"), mark: of("mark") };
}

/** What becomes of a button on a page that showed `shown`, now that the app is as it is. */
export function verdictOn(deed: Deed, known: Handed, shown: Shown, now: Instant): Verdict {
  const current = shownOf(known, now);
  const hasFallen = current.fall !== "" && current.fall !== shown.fall;
  switch (deed) {
    case "pause":
      if (known.app.state.kind === "paused") return undone("paused-already");
      // It would end an incident that they do not know of, and take back its news.
      return hasFallen ? undone("fell") : done("paused");
    case "resume":
      return known.app.state.kind === "paused" ? done("resumed") : undone("resumed-already");
    case "acknowledge":
      if (current.fall === "") return undone("up-already");
      if (hasFallen) return undone("fell-again");
      return known.acknowledgedAt === null ? done("acknowledged") : undone("acknowledged-already");
    case "snooze": {
      const isAnother = current.snoozed !== "" && current.snoozed !== shown.snoozed;
      return isAnother ? undone("snoozed-otherwise") : done("snoozed");
    }
    case "unsnooze":
      if (current.snoozed === "") return undone("not-snoozed");
      return current.snoozed === shown.snoozed ? done("snooze-ended") : undone("snoozed-otherwise");
    case "forget":
      return hasFallen || current.mark !== shown.mark ? undone("changed") : done("changed");
  }
}

function done(said: Said): Verdict {
  return { isDone: true, said };
}

function undone(said: Said): Verdict {
  return { isDone: false, said };
}
