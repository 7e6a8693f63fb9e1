/**
 * Lists page by page: how a caller asks for them and goes on.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import { AppError } from "../errors.ts";
import { excerpt } from "../printable.ts";

/** The most entries on a page. */
const PAGE_LIMIT = 1_000;

/** How many entries are on a page if nobody says. */
const PAGE_DEFAULT = 100;

/** How much of a wrong value an answer repeats, in code points. */
const EXCERPT_LENGTH = 60;

/**
 * How many entries a page is to have.
 *
 * @throws {AppError} `invalid`.
 */
export function readLimit(given: string | undefined): number {
  const limit = given === undefined ? PAGE_DEFAULT : /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= PAGE_LIMIT) return limit;
  throw invalidQuery("limit", given, `a whole number from 1 to ${PAGE_LIMIT}`);
}

/** Where the next page begins; opaque to callers, so that the order may change one day. */
export function cursorTo(place: unknown): string {
  const text = btoa(JSON.stringify(place));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The place that a cursor names, if `parse` knows it.
 *
 * @throws {AppError} `invalid` for one that was made up.
 */
export function readCursor<Place>(cursor: string, parse: (given: unknown) => Place | null): Place {
  let place: Place | null = null;
  try {
    place = parse(JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))));
  } catch {
    // No base64, or no JSON in it: as wrong as one that names no place.
  }
  if (place === null) throw invalidQuery("cursor", cursor, '"next" of the page before, unchanged');
  return place;
}

/** The id of a row that a cursor names, or null if it can be none. */
export function rowId(given: unknown): number | null {
  return Number.isSafeInteger(given) && Number(given) >= 0 ? Number(given) : null;
}

/** The answer to a query parameter that is wrong. */
export function invalidQuery(name: string, given: string | undefined, expected: string): AppError {
  const message = `${name} cannot be "${
    excerpt(given ?? "", EXCERPT_LENGTH)
  }": expected ${expected}`;
  return new AppError("invalid", `Cannot list this: ${message}`, {
    details: [{ path: name, message }],
  });
}

/** An instant as the contract shows it (RFC 3339, UTC, milliseconds), or null. */
export function instantText(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
