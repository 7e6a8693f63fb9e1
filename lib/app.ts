/**
 * Apps: the programs we expect to hear from, and when silence counts.
 *
 *  heartbeat          due           deadline
 *      |--- period ----|--- grace ----|
 *      |      up       |     late     |   down
 *
 * @module
 */

import type { Duration, Instant } from "./clock.ts";
import type { Flip, StateKind } from "./flip.ts";

/** How an app stands. Only an app that is up has a deadline. */
export type AppState =
  | { readonly kind: "new" }
  | {
    readonly kind: "up";
    /** The last `success`. */
    readonly successAt: Instant;
    /**
     * Where a gap touched the span in which a heartbeat was expected, what the
     * deadline counts from instead: the end of that gap, put off by the length
     * of each later one (rule 8, gap.ts). Null while nothing was missed.
     */
    readonly excusedAt: Instant | null;
    /**
     * When silence becomes an alarm. Stored, not derived: a changed setting
     * moves it, and never to before that change.
     */
    readonly deadlineAt: Instant;
    /**
     * The deadline that people could count on, where gaps have put it off since
     * (rule 8, excuse.ts); null while none has.
     */
    readonly oldDeadlineAt: Instant | null;
    /** Whether people were told at its old deadline that nobody can know how it is. */
    readonly isPutOff: boolean;
  }
  | { readonly kind: "down"; readonly since: Instant }
  | { readonly kind: "paused" };

/** How an app stands that is up. */
export type UpState = Extract<AppState, { readonly kind: "up" }>;

/** One program we expect to hear from. */
export interface App {
  /** Its `app_id`, a number in its canonical decimal form. */
  readonly id: string;
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly note: string | null;
  /** Its own period, or null for the default. */
  readonly period: Duration | null;
  /** Its own grace, or null for the default. */
  readonly grace: Duration | null;
  /** Whether a person has set it up, and it did not only register itself by a heartbeat. */
  readonly isSetUp: boolean;
  /** Recorded, never judged, by the settings. */
  readonly isIgnored: boolean;
  readonly state: AppState;
  /** The last heartbeat of any kind. */
  readonly lastHeartbeat: { readonly at: Instant; readonly message: string | null } | null;
}

/** Period and grace for apps without their own. */
export interface Defaults {
  readonly period: Duration;
  readonly grace: Duration;
}

/** What is shown: the state, seen at an instant. */
export type Status = StateKind | "late" | "unknown" | "ignored";

/** The longest name an app can have, in characters. */
export const APP_ID_LENGTH = 100;

/** What an `app_id` must be, for messages. */
export const APP_ID_FORM = "a whole number from 0 to 9007199254740991, or a name: " +
  `a letter or digit, then up to ${APP_ID_LENGTH - 1} of A-Z a-z 0-9 . _ -`;

const APP_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * The `app_id` in its one stored form, or null if it cannot be one.
 *
 * A number and its canonical decimal text are the same app: `7` and `"7"`,
 * but not `"007"`, which is a name.
 */
export function parseAppId(value: unknown): string | null {
  if (typeof value === "number") {
    // `+ 0` makes a 0 of -0.
    return Number.isSafeInteger(value) && value >= 0 ? String(value + 0) : null;
  }
  return typeof value === "string" && APP_ID_PATTERN.test(value) ? value : null;
}

/** A new app, as its first signal finds it. */
export function register(id: string, options: { readonly isIgnored: boolean }): App {
  return {
    id,
    name: null,
    tags: [],
    note: null,
    period: null,
    grace: null,
    isSetUp: false,
    isIgnored: options.isIgnored,
    state: { kind: "new" },
    lastHeartbeat: null,
  };
}

/** How long the app may be silent before it is due, and then before it is down. */
export function expectation(app: App, defaults: Defaults): Defaults {
  return { period: app.period ?? defaults.period, grace: app.grace ?? defaults.grace };
}

/** The state of an app whose `success` came at `at`. */
export function upFrom(at: Instant, { period, grace }: Defaults): UpState {
  return {
    kind: "up",
    successAt: at,
    excusedAt: null,
    deadlineAt: at + period + grace,
    oldDeadlineAt: null,
    isPutOff: false,
  };
}

/** When the next heartbeat is due, or null if none is expected. */
export function due(app: App, defaults: Defaults): Instant | null {
  if (app.state.kind !== "up") return null;
  return app.state.successAt + expectation(app, defaults).period;
}

/** When silence becomes an alarm, or null if it does not count. */
export function deadline(app: App): Instant | null {
  return app.state.kind === "up" && !app.isIgnored ? app.state.deadlineAt : null;
}

/**
 * What is shown of the app at `now`.
 *
 * A deadline that has passed shows as down before any sweep has noticed:
 * what is shown must not depend on when the sweep runs.
 */
export function status(app: App, now: Instant, defaults: Defaults): Status {
  if (app.isIgnored) return "ignored";
  if (silence(app, now) !== null) return "down";
  if (app.state.kind === "up" && (app.state.excusedAt !== null || app.state.isPutOff)) {
    return "unknown";
  }
  const dueAt = due(app, defaults);
  if (dueAt !== null && now >= dueAt) return "late";
  return app.state.kind;
}

/**
 * The flip that silence has earned the app by `now`, or null if none.
 *
 * The flip is dated at the deadline, not at `now`: when we noticed is an
 * accident of when the sweep ran.
 */
export function silence(app: App, now: Instant): Flip | null {
  const at = deadline(app);
  if (at === null || now < at) return null;
  return {
    appId: app.id,
    at,
    from: "up",
    to: "down",
    reason: "silence",
    heartbeat: app.lastHeartbeat,
  };
}

/** Since when the app is down at `now`, whether a sweep has noticed or not; null if it is not. */
export function downSince(app: App, now: Instant): Instant | null {
  return app.state.kind === "down" ? app.state.since : silence(app, now)?.at ?? null;
}

/** What is expected of an app, before and after a setting was changed. */
export interface Expectations {
  readonly before: Defaults;
  readonly after: Defaults;
}

/**
 * The app with the deadline that another expectation gives it, decided at
 * `now`: what gaps have added to the old one is added to the new one too.
 *
 * Never earlier than `now`: nobody is to be told at once, by an alarm, that
 * a setting was changed.
 */
export function expectedAnew(app: App, { before, after }: Expectations, now: Instant): App {
  if (app.state.kind !== "up") return app;
  const { deadlineAt, oldDeadlineAt } = app.state;
  const longer = after.period + after.grace - before.period - before.grace;
  const notBefore = (at: Instant) => Math.max(at, now);
  return {
    ...app,
    state: {
      ...app.state,
      deadlineAt: notBefore(deadlineAt + longer),
      oldDeadlineAt: oldDeadlineAt === null ? null : notBefore(oldDeadlineAt + longer),
    },
  };
}
