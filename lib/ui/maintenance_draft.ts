/**
 * A maintenance window as it is typed into the form: as text, right or wrong.
 * It is read as the API reads one, so that both take the same.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Detail } from "../errors.ts";
import { zoneClock } from "../local_time.ts";
import { type NewWindow, type Weekday, WEEKDAYS } from "../maintenance.ts";
import { parseWindow, type WindowOptions } from "../maintenance_form.ts";
import { INSTANT } from "../time_forms.ts";

/** Whom it can be for. */
export const SCOPES = ["all", "tag", "app"] as const;

/** When it can come. */
export const TIMES = ["now", "once", "daily", "weekly"] as const;

/** What was typed. */
export interface Draft {
  /** Null where nothing was chosen. */
  readonly scope: typeof SCOPES[number] | null;
  readonly tag: string;
  readonly appId: string;
  readonly when: typeof TIMES[number] | null;
  /** A date and a time of the service's zone, as browsers write them: `2026-11-24T10:30`. */
  readonly at: string;
  readonly timeOfDay: string;
  readonly weekday: Weekday | null;
  readonly length: string;
  readonly note: string;
}

/** Before anything is typed. For whom it is must be chosen: for all is too much to be a default. */
export const BLANK: Draft = {
  scope: null,
  tag: "",
  appId: "",
  when: "now",
  at: "",
  timeOfDay: "",
  weekday: "mon",
  length: "1h",
  note: "",
};

/** What can be wrong, each beside a field of its own; `over` is of `at` as well. */
export type Fault =
  | "scope"
  | "tag"
  | "appId"
  | "when"
  | "at"
  | "over"
  | "timeOfDay"
  | "length"
  | "note";

/** A draft, read. */
export type Read =
  | { readonly window: NewWindow }
  | { readonly faults: readonly Fault[] };

/** What a form brought. */
export function draftOf(fields: URLSearchParams): Draft {
  const typed = (name: string) => (fields.get(name) ?? "").trim();
  return {
    scope: SCOPES.find((each) => each === fields.get("scope")) ?? null,
    tag: typed("tag"),
    appId: typed("app_id"),
    when: TIMES.find((each) => each === fields.get("when")) ?? null,
    at: typed("at"),
    timeOfDay: typed("time"),
    weekday: WEEKDAYS.find((each) => each === fields.get("weekday")) ?? null,
    length: typed("for"),
    note: fields.get("note") ?? "",
  };
}

/** The window that was meant, or all that is wrong with it, in the order of the form. */
export function readDraft(draft: Draft, options: WindowOptions): Read {
  const at = draft.when === "now" ? instantText(options.now) : localText(draft.at, options);
  const window = parseWindow(
    { ...scopeField(draft), ...timeField(draft, at), for: draft.length, note: draft.note },
    options,
  );
  if ("scope" in window) return { window };
  const found = new Set(window.flatMap((detail) => faultsOf(detail, { draft, at })));
  return { faults: ORDER.filter((each) => found.has(each)) };
}

const ORDER: readonly Fault[] = [
  "scope",
  "tag",
  "appId",
  "when",
  "at",
  "over",
  "timeOfDay",
  "length",
  "note",
];

function scopeField({ scope, tag, appId }: Draft): object {
  switch (scope) {
    case "all":
      return { all: true };
    case "tag":
      return { tag };
    case "app":
      return { app_id: appId };
    case null:
      return {};
  }
}

function timeField({ when, timeOfDay, weekday }: Draft, at: string): object {
  switch (when) {
    case "now":
    case "once":
      return { at };
    case "daily":
      return { daily: timeOfDay };
    case "weekly":
      return { weekly: `${weekday} ${timeOfDay}` };
    case null:
      return {};
  }
}

/** The instant at which the zone's clock shows this first; text that is no time stays as it is. */
function localText(text: string, { timeZone }: WindowOptions): string {
  const local = INSTANT.read(`${text.replace(" ", "T")}Z`);
  const clock = zoneClock(timeZone);
  return local === null || clock === null ? text : instantText(clock.firstAt(local));
}

function instantText(at: Instant): string {
  return new Date(at).toISOString();
}

function faultsOf(
  { path }: Detail,
  { draft, at }: { readonly draft: Draft; readonly at: string },
): readonly Fault[] {
  switch (path) {
    case "tag":
    case "note":
      return [path];
    case "app_id":
      return ["appId"];
    case "at":
      // Of a time that can be read only this can be wrong.
      return [INSTANT.read(at) === null ? "at" : "over"];
    case "daily":
    case "weekly":
      return ["timeOfDay"];
    case "for":
      return ["length"];
    default: {
      const missing: Fault[] = [];
      if (draft.scope === null) missing.push("scope");
      if (draft.when === null) missing.push("when");
      return missing;
    }
  }
}
