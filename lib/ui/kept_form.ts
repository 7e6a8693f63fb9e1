/**
 * A form that was sent when nobody was logged in any more: its fields go over
 * the login page and back, in hidden fields, so that nothing typed is lost and
 * nothing of it is kept here. It is shown again then, and never acted on by
 * itself.
 *
 * @module
 */

import { KEY_FIELD } from "./entrance.ts";

/** A form as it was sent, without what showed it to be one of a session's own. */
export interface KeptForm {
  /** Where it was sent to: a path of ours. */
  readonly path: string;
  readonly fields: URLSearchParams;
}

/** The field with the path, and what is before the name of each other. */
const PATH_FIELD = "form";
const PREFIX = "kept.";

/** The field that the token is typed into, which no form of ours has. */
export const TOKEN_FIELD = "token";

/** In characters, as it is sent: with the token and the rest it must fit the 64 KiB of a form. */
const LONGEST = 60 * 1_024;

/** More fields than our forms have. */
const MOST_FIELDS = 50;

/** As all of ours are; the dot is in what belongs to another field. */
const NAME = /^[a-z][a-z_.-]{0,40}$/;

/** As those that our forms go to; in an app's id there is nothing else. */
const PATH = /^\/(?!login|logout)[a-z]+(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** The form, to be shown again after a login; null if it is too long to be kept, or none of ours. */
export function keep(path: string, sent: URLSearchParams): KeptForm | null {
  const fields = new URLSearchParams();
  for (const [name, value] of sent) {
    if (name === KEY_FIELD || name === TOKEN_FIELD || !NAME.test(name)) continue;
    fields.append(name, value);
  }
  const isShort = fields.size <= MOST_FIELDS && sentLength(fields) <= LONGEST;
  return isShort && PATH.test(path) ? { path, fields } : null;
}

/** The hidden fields of the login page. */
export function hiddenFields(kept: KeptForm): readonly (readonly [name: string, value: string])[] {
  const fields = [...kept.fields].map(([name, value]) => [PREFIX + name, value] as const);
  return [[PATH_FIELD, kept.path], ...fields];
}

/** The form that came back with a login, or null for none. */
export function readKept(sent: URLSearchParams): KeptForm | null {
  const path = sent.get(PATH_FIELD);
  if (path === null) return null;
  const fields = new URLSearchParams();
  for (const [name, value] of sent) {
    if (name.startsWith(PREFIX)) fields.append(name.slice(PREFIX.length), value);
  }
  return keep(path, fields);
}

function sentLength(fields: URLSearchParams): number {
  return fields.toString().length + fields.size * PREFIX.length;
}
