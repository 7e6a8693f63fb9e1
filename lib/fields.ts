/**
 * The fields of a JSON object, read one by one; what is wrong with them is
 * gathered, so that one answer names it all.
 *
 * @module
 */

import type { Detail } from "./errors.ts";
import type { Form } from "./forms.ts";
import { excerpt } from "./printable.ts";

/** How much of a wrong value an answer repeats, in code points. */
const EXCERPT_LENGTH = 60;

/** A field's value, or what is expected of it. */
export type Read<T> = { readonly value: T } | { readonly expected: string };

/** Reads the fields of an object and gathers what is wrong with them. */
export class FieldReader {
  readonly details: Detail[] = [];
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(object: Readonly<Record<string, unknown>>) {
    this.#object = object;
  }

  /** The field by its name, or nothing if it is missing or wrong. */
  read<Name extends string, T>(
    name: Name,
    parse: (given: unknown) => Read<T>,
  ): { readonly [Key in Name]?: T } {
    if (!Object.hasOwn(this.#object, name)) return {};
    const given = this.#object[name];
    const read = parse(given);
    if ("value" in read) return { [name]: read.value } as { readonly [Key in Name]?: T };
    const message = `${name} cannot be ${described(given)}: expected ${read.expected}`;
    this.details.push({ path: name, message });
    return {};
  }
}

/** The value as an object whose fields can be read, or null if it is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return value as Readonly<Record<string, unknown>>;
}

/** Text that is of a form. */
export function ofForm<T>({ expected, read }: Form<T>): (given: unknown) => Read<T> {
  return (given) => {
    const value = typeof given === "string" ? read(given) : null;
    return value === null ? { expected } : { value };
  };
}

/** Text of up to `length` code points, without control characters; "" reads as null. */
export function text(given: unknown, length: number): Read<string | null> {
  if (given === null || given === "") return { value: null };
  const isText = typeof given === "string" && Array.from(given).length <= length;
  const expected = `text of up to ${length} characters, or null`;
  return isText && !/[\p{Cc}\p{Cs}]/u.test(given) ? { value: given } : { expected };
}

function described(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return excerpt(JSON.stringify(value) ?? String(value), EXCERPT_LENGTH);
}
