/**
 * The registry: what an admin sets of an app, and what becomes of it then.
 *
 * Whatever an admin does, silence that has counted by then counts first: a
 * deadline that passed is a flip, swept or not.
 *
 * @module
 */

import { type App, type Defaults, expectation, expectedAnew, silence } from "./app.ts";
import { DAY, type Duration, type Instant, SECOND } from "./clock.ts";
import { DURATION_FORM, durationText, parseDuration } from "./duration.ts";
import type { Detail } from "./errors.ts";
import { FieldReader, objectOf, type Read, text } from "./fields.ts";
import type { Flip, FlipReason } from "./flip.ts";

/** What an admin sets of an app. */
export interface AppSettings {
  readonly name: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** Null for the default. */
  readonly period: Duration | null;
  /** Null for the default. */
  readonly grace: Duration | null;
}

/** Nothing set: what an app has that registered itself. */
export const NO_SETTINGS: AppSettings = {
  name: null,
  note: null,
  tags: [],
  period: null,
  grace: null,
};

/** The bounds of period and grace: what the program's own defaults may be, too. */
export const SHORTEST: Duration = SECOND;
export const LONGEST: Duration = 365 * DAY;

/** In code points: a name must fit a line of a letter, a note a paragraph. */
export const NAME_LENGTH = 100;
export const NOTE_LENGTH = 4_096;

/** How many tags an app can have: they are read with it each time. */
export const TAGS_LIMIT = 50;

/** What a tag is; {@linkcode TAG_FORM} says it in words. */
export const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,49}$/u;
/** What a tag must be, for messages. */
export const TAG_FORM = "a letter or digit, then up to 49 letters, digits or . _ : / -";

/** Reads the settings that a JSON object names; the others are left out. Null resets one. */
export function parseSettings(value: unknown): Partial<AppSettings> | readonly Detail[] {
  const object = objectOf(value);
  if (object === null) return [{ path: "", message: 'Expected an object like {"period": "5m"}' }];
  const reader = new FieldReader(object);
  const settings = {
    ...reader.read("name", (given) => text(given, NAME_LENGTH)),
    ...reader.read("note", (given) => text(given, NOTE_LENGTH)),
    ...reader.read("tags", tags),
    ...reader.read("period", duration),
    ...reader.read("grace", duration),
  };
  return reader.details.length > 0 ? reader.details : settings;
}

/** What an admin's hand makes of an app, with the flips on the way there, oldest first. */
export interface Handled {
  readonly app: App;
  readonly flips: readonly Flip[];
}

/** The app with other settings from `now` on. A deadline they move is never earlier than that. */
export function change(
  app: App,
  settings: Partial<AppSettings>,
  { defaults, now }: { readonly defaults: Defaults; readonly now: Instant },
): Handled {
  const judged = judge(app, now);
  const after = { ...judged.app, ...settings, isSetUp: true };
  const isSame = after.period === app.period && after.grace === app.grace;
  if (isSame) return { ...judged, app: after };
  const expectations = { before: expectation(app, defaults), after: expectation(after, defaults) };
  return { ...judged, app: expectedAnew(after, expectations, now) };
}

/** Stops judging the app: an open incident ends, without news. */
export function pause(app: App, now: Instant): Handled {
  return move(judge(app, now), { to: "paused", reason: "paused", at: now });
}

/** Starts judging a paused app again, as a new one. */
export function resume(app: App, now: Instant): Handled {
  if (app.state.kind !== "paused") return { app, flips: [] };
  return move({ app, flips: [] }, { to: "new", reason: "resumed", at: now });
}

/** The app after the silence that has counted by `now`. */
export function judge(app: App, now: Instant): Handled {
  const fell = silence(app, now);
  if (fell === null) return { app, flips: [] };
  return { app: { ...app, state: { kind: "down", since: fell.at } }, flips: [fell] };
}

function move(
  { app, flips }: Handled,
  { to, reason, at }: {
    readonly to: "new" | "paused";
    readonly reason: FlipReason;
    readonly at: Instant;
  },
): Handled {
  const from = app.state.kind;
  if (from === to) return { app, flips };
  const flip: Flip = { appId: app.id, at, from, to, reason, heartbeat: app.lastHeartbeat };
  return { app: { ...app, state: { kind: to } }, flips: [...flips, flip] };
}

function tags(given: unknown): Read<readonly string[]> {
  if (given === null) return { value: [] };
  const expected = `a list of up to ${TAGS_LIMIT} tags, each ${TAG_FORM}`;
  if (!Array.isArray(given) || given.length > TAGS_LIMIT) return { expected };
  const isTag = (each: unknown): each is string => typeof each === "string" && TAG.test(each);
  return given.every(isTag) ? { value: [...new Set(given)] } : { expected };
}

function duration(given: unknown): Read<Duration | null> {
  if (given === null) return { value: null };
  const read = typeof given === "string" ? parseDuration(given) : null;
  if (read !== null && read >= SHORTEST && read <= LONGEST) return { value: read };
  const bounds = `from ${durationText(SHORTEST)} to ${LONGEST / DAY}d`;
  return { expected: `${DURATION_FORM}, ${bounds}, or null for the default` };
}
