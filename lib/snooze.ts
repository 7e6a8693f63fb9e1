/**
 * Snoozes: an app's silence expected for a while, beginning now.
 *
 * @module
 */

import { DAY, type Duration, SECOND } from "./clock.ts";
import type { Detail } from "./errors.ts";
import { FieldReader, objectOf, ofForm } from "./fields.ts";
import { span } from "./forms.ts";

/** The shortest a snooze can be: durations are written in whole seconds. */
export const SHORTEST_SNOOZE: Duration = SECOND;

/** The longest a snooze can be: who wants more wants to pause or forget the app. */
export const LONGEST_SNOOZE: Duration = 365 * DAY;

/** Reads how long to snooze, null for no longer; or says what is wrong. */
export function parseSnooze(value: unknown): Duration | null | readonly Detail[] {
  const object = objectOf(value);
  if (object === null || !Object.hasOwn(object, "for")) {
    const message = 'Expected an object like {"for": "20m"}, or {"for": null} to end a snooze';
    return [{ path: object === null ? "" : "for", message }];
  }
  if (object.for === null) return null;
  const form = span(SHORTEST_SNOOZE, LONGEST_SNOOZE);
  const reader = new FieldReader(object);
  const expected = `${form.expected}, or null to end a snooze`;
  return reader.read("for", ofForm({ ...form, expected })).for ?? reader.details;
}
