/**
 * Maintenance windows as an admin writes them, in JSON.
 *
 * @module
 */

import { APP_ID_FORM, parseAppId } from "./app.ts";
import { DAY, type Duration, type Instant, SECOND, WEEK } from "./clock.ts";
import type { Detail } from "./errors.ts";
import { FieldReader, objectOf, ofForm, type Read, text } from "./fields.ts";
import { span } from "./forms.ts";
import { isOver, type NewWindow, type Recurrence, type WindowScope } from "./maintenance.ts";
import { TIME_ZONE } from "./network_forms.ts";
import { NOTE_LENGTH, TAG, TAG_FORM } from "./registry.ts";
import { INSTANT, TIME_OF_DAY, WEEKLY_TIME } from "./time_forms.ts";

/** The shortest a window can be: durations are written in whole seconds. */
export const SHORTEST_WINDOW: Duration = SECOND;

/** The longest a window can be, by when it comes: one that comes again ends before it does. */
export const LONGEST_WINDOW: Readonly<Record<Recurrence["kind"], Duration>> = {
  once: 365 * DAY,
  daily: DAY,
  weekly: WEEK,
};

/** A window has one of these. */
const SCOPE_FIELDS = ["app_id", "tag", "all"];

/** And one of these. */
const RECURRENCE_FIELDS = ["at", "daily", "weekly"];

const NO_LENGTH: Detail = { path: "for", message: 'Expected for: how long it is, like "2h"' };

/** What reading a window depends on. */
export interface WindowOptions {
  /** The zone of local times that name none. */
  readonly timeZone: string;
  /** A window that is over by then is refused. */
  readonly now: Instant;
}

/** Reads a window, or says what is wrong with it, field by field. A null is a field left out. */
export function parseWindow(
  value: unknown,
  options: WindowOptions,
): NewWindow | readonly Detail[] {
  const object = objectOf(value);
  if (object === null) {
    const example = '{"tag": "shop", "daily": "02:30", "for": "2h"}';
    return [{ path: "", message: `Expected an object like ${example}` }];
  }
  const given = withoutNulls(object);
  const reader = new FieldReader(given);
  const scope = readScope(reader);
  const recurrence = readRecurrence(reader, options.timeZone);
  const length = readLength(reader, recurrence?.kind ?? "once");
  const note = reader.read("note", (each) => text(each, NOTE_LENGTH)).note ?? null;
  const details = [
    ...onlyOneOf(SCOPE_FIELDS, given),
    ...onlyOneOf(RECURRENCE_FIELDS, given),
    ...(Object.hasOwn(given, "for") ? [] : [NO_LENGTH]),
    ...reader.details,
  ];
  if (details.length > 0 || !scope || !recurrence || length === undefined) return details;
  const window = { scope, recurrence, length, note };
  if (!isOver(window, options.now)) return window;
  return [{ path: "at", message: "The window is over already: expected at and for to end later" }];
}

function withoutNulls(
  object: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function readScope(reader: FieldReader): WindowScope | undefined {
  return reader.read("app_id", appScope).app_id ?? reader.read("tag", tagScope).tag ??
    reader.read("all", allScope).all;
}

function appScope(given: unknown): Read<WindowScope> {
  const appId = parseAppId(given);
  return appId === null ? { expected: APP_ID_FORM } : { value: { kind: "app", appId } };
}

function tagScope(given: unknown): Read<WindowScope> {
  const isTag = typeof given === "string" && TAG.test(given);
  return isTag ? { value: { kind: "tag", tag: given } } : { expected: `a tag: ${TAG_FORM}` };
}

function allScope(given: unknown): Read<WindowScope> {
  return given === true ? { value: { kind: "all" } } : { expected: "true, or to be left out" };
}

function readRecurrence(reader: FieldReader, defaultZone: string): Recurrence | undefined {
  const timeZone = reader.read("time_zone", ofForm(TIME_ZONE)).time_zone ?? defaultZone;
  const { at } = reader.read("at", ofForm(INSTANT));
  const { daily } = reader.read("daily", ofForm(TIME_OF_DAY));
  const { weekly } = reader.read("weekly", ofForm(WEEKLY_TIME));
  if (at !== undefined) return { kind: "once", at };
  if (daily !== undefined) return { kind: "daily", timeOfDay: daily, timeZone };
  return weekly && { kind: "weekly", ...weekly, timeZone };
}

function readLength(reader: FieldReader, kind: Recurrence["kind"]): Duration | undefined {
  return reader.read("for", ofForm(span(SHORTEST_WINDOW, LONGEST_WINDOW[kind]))).for;
}

function onlyOneOf(
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
): readonly Detail[] {
  const [first, second] = names.filter((name) => Object.hasOwn(given, name));
  const choice = `exactly one of ${names.join(", ")}`;
  if (first === undefined) return [{ path: "", message: `Expected ${choice}, and found none` }];
  if (second === undefined) return [];
  const message = `${second} cannot stand beside ${first}: expected ${choice}`;
  return [{ path: second, message }];
}
