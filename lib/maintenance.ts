/**
 * Maintenance windows: spans in which silence is expected.
 *
 *   02:30         04:30            02:30         04:30
 *     |--- length --|                |--- length --|       daily at 02:30 for 2h
 *     covered until 04:30            covered until 04:30
 *
 * A window holds its start and not its end. Its length is a duration: on a
 * day when clocks are set, it ends at another local time than on others.
 *
 * @module
 */

import type { App } from "./app.ts";
import { DAY, type Duration, type Instant, type Span } from "./clock.ts";
import { LARGEST_SHIFT, type LocalTime, zoneClock } from "./local_time.ts";

/** A span, once or again and again, in which the silence of some apps is expected. */
export interface MaintenanceWindow {
  /** Never given twice. */
  readonly id: number;
  readonly scope: WindowScope;
  readonly recurrence: Recurrence;
  /** Of each time that it comes. */
  readonly length: Duration;
  readonly note: string | null;
}

/** A window that is not stored yet. */
export type NewWindow = Omit<MaintenanceWindow, "id">;

/** Whom a window is for. An app need not be there yet, nor stay. */
export type WindowScope =
  | { readonly kind: "app"; readonly appId: string }
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "all" };

/** When a window comes. */
export type Recurrence =
  | { readonly kind: "once"; readonly at: Instant }
  | ({ readonly kind: "daily" } & LocalStart)
  | ({ readonly kind: "weekly"; readonly weekday: Weekday } & LocalStart);

/** A time on the clock of a place. */
export interface LocalStart {
  /** Since the midnight that the clock shows: 02:30 is two hours and a half on any day. */
  readonly timeOfDay: Duration;
  /** An IANA name. */
  readonly timeZone: string;
}

/** The days of a week, in the order of `Date.getUTCDay()`. */
export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** A day of the week. */
export type Weekday = typeof WEEKDAYS[number];

/** Whether a window of this scope is for the app. */
export function concerns(scope: WindowScope, app: Pick<App, "id" | "tags">): boolean {
  switch (scope.kind) {
    case "app":
      return scope.appId === app.id;
    case "tag":
      return app.tags.includes(scope.tag);
    case "all":
      return true;
  }
}

/** Who is covered at one instant, and until when. */
export interface Cover {
  readonly all: Instant | null;
  readonly apps: ReadonlyMap<string, Instant>;
  readonly tags: ReadonlyMap<string, Instant>;
}

/**
 * What the windows cover at an instant: worked out once, then asked of any
 * number of apps by {@linkcode mutedUntil}.
 */
export function coverAt(windows: readonly MaintenanceWindow[], at: Instant): Cover {
  const apps = new Map<string, Instant>();
  const tags = new Map<string, Instant>();
  let all: Instant | null = null;
  for (const window of windows) {
    const until = coveredUntil(window, at);
    if (until === null) continue;
    const { scope } = window;
    switch (scope.kind) {
      case "app":
        apps.set(scope.appId, Math.max(until, apps.get(scope.appId) ?? until));
        break;
      case "tag":
        tags.set(scope.tag, Math.max(until, tags.get(scope.tag) ?? until));
        break;
      case "all":
        all = Math.max(until, all ?? until);
        break;
    }
  }
  return { all, apps, tags };
}

/**
 * The latest end among the windows that cover the app, or null if none does.
 *
 * Another window may begin there or before: ask again at that instant.
 */
export function mutedUntil(app: Pick<App, "id" | "tags">, cover: Cover): Instant | null {
  let latest = cover.all;
  for (const until of [cover.apps.get(app.id), ...app.tags.map((tag) => cover.tags.get(tag))]) {
    if (until !== undefined && (latest === null || until > latest)) latest = until;
  }
  return latest;
}

/**
 * The end of the window if it holds `at`, else null. Where a window comes
 * again before it has ended, the end of the last one begun by `at`.
 */
export function coveredUntil(window: NewWindow, at: Instant): Instant | null {
  const { recurrence, length } = window;
  const starts = startsIn(recurrence, { from: at - length, to: at });
  const covering = starts.filter((start) => start <= at && at < start + length);
  return covering.length === 0 ? null : Math.max(...covering) + length;
}

/** The times that the window comes and touches `span`, the earliest first. */
export function occurrences({ recurrence, length }: NewWindow, span: Span): readonly Span[] {
  return startsIn(recurrence, { from: span.from - length, to: span.to })
    .map((from) => ({ from, to: from + length }))
    .filter(({ from, to }) => from < span.to && to > span.from)
    .sort((a, b) => a.from - b.from);
}

/** Whether the window has ended by `now` and never comes again. */
export function isOver({ recurrence, length }: NewWindow, now: Instant): boolean {
  switch (recurrence.kind) {
    case "once":
      return recurrence.at + length <= now;
    case "daily":
    case "weekly":
      return false;
  }
}

/** The starts that lie in the span, and some more. */
function startsIn(recurrence: Recurrence, { from, to }: Span): readonly Instant[] {
  if (recurrence.kind === "once") return [recurrence.at];
  const clock = zoneClock(recurrence.timeZone);
  // A zone that was dropped since: rather an alarm too many than one lost.
  if (clock === null) return [];
  const latest = clock.localTime(to) + LARGEST_SHIFT - recurrence.timeOfDay;
  const earliest = clock.localTime(from) - LARGEST_SHIFT - recurrence.timeOfDay;
  const starts: Instant[] = [];
  for (let day = midnight(latest); day >= earliest; day -= DAY) {
    if (isOn(day, recurrence)) starts.push(clock.firstAt(day + recurrence.timeOfDay));
  }
  return starts;
}

function midnight(local: LocalTime): LocalTime {
  return Math.floor(local / DAY) * DAY;
}

function isOn(day: LocalTime, recurrence: Recurrence): boolean {
  return recurrence.kind !== "weekly" ||
    WEEKDAYS[new Date(day).getUTCDay()] === recurrence.weekday;
}
