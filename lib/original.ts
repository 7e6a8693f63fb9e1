/**
 * The original system's rows, and what becomes of them.
 *
 * SQLite lets anything into any column, so each value comes with its type and
 * as text: an integer beyond 2^53 must not end an import.
 *
 * @module
 */

import { parseAppId } from "./app.ts";
import type { Instant } from "./clock.ts";
import { keptMessage } from "./message.ts";
import { excerpt } from "./printable.ts";

/** A value as SQLite has it. */
export interface OriginalValue {
  readonly type: "null" | "integer" | "real" | "text" | "blob";
  /** Written out; "" for NULL. */
  readonly text: string;
}

/** A row of `appInfo`. */
export interface OriginalRow {
  readonly id: bigint;
  readonly appId: OriginalValue;
  readonly date: OriginalValue;
  readonly message: OriginalValue;
}

/** Why a row cannot be taken. */
export type RefusalReason =
  | "app_id is none that an app can have"
  | "date is no whole number of milliseconds"
  | "date is negative"
  | "date is in the future"
  | "id is beyond 2^53";

/** A heartbeat that the original took. */
export interface OriginalHeartbeat {
  readonly id: number;
  readonly appId: string;
  readonly at: Instant;
  readonly message: string | null;
}

/** What becomes of a row. */
export type Reading =
  | { readonly heartbeat: OriginalHeartbeat }
  | { readonly refused: RefusalReason; readonly example: string };

/** How much of a refused value is shown, in code points. */
const EXCERPT_LENGTH = 40;

/** Reads a row, or says why it cannot be. What lies after `now` cannot have happened. */
export function readRow(row: OriginalRow, now: Instant): Reading {
  const id = Number(row.id);
  if (!Number.isSafeInteger(id)) {
    return refused("id is beyond 2^53", row, { type: "integer", text: "" });
  }
  const appId = readAppId(row.appId);
  if (appId === null) return refused("app_id is none that an app can have", row, row.appId);
  const at = readNumber(row.date);
  if (at === null) return refused("date is no whole number of milliseconds", row, row.date);
  if (at < 0) return refused("date is negative", row, row.date);
  if (at > now) return refused("date is in the future", row, row.date);
  const message = row.message.type === "null" ? null : keptMessage(row.message.text).message;
  return { heartbeat: { id, appId, at, message } };
}

/** Rows that were refused for the same reason. */
export interface Refusals {
  readonly count: number;
  /** The first few, each with its id and value. */
  readonly examples: readonly string[];
}

/** How many examples of each refusal are kept. */
const EXAMPLES_LIMIT = 3;

/** What became of the rows so far. */
export class Tally {
  readonly #refused = new Map<RefusalReason, Refusals>();
  #read = 0;
  #readable = 0;
  #taken = 0;

  get read(): number {
    return this.#read;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Rows that could be read and were there already. */
  get known(): number {
    return this.#readable - this.#taken;
  }

  get refused(): ReadonlyMap<RefusalReason, Refusals> {
    return this.#refused;
  }

  /** The heartbeats in these rows; what is none is noted. */
  readable(rows: readonly OriginalRow[], now: Instant): readonly OriginalHeartbeat[] {
    const heartbeats: OriginalHeartbeat[] = [];
    for (const row of rows) {
      const reading = readRow(row, now);
      if ("heartbeat" in reading) heartbeats.push(reading.heartbeat);
      else this.#refuse(reading.refused, reading.example);
    }
    this.#read += rows.length;
    this.#readable += heartbeats.length;
    return heartbeats;
  }

  /** Notes how many of them were new. */
  took(count: number): void {
    this.#taken += count;
  }

  #refuse(reason: RefusalReason, example: string): void {
    const { count, examples } = this.#refused.get(reason) ?? { count: 0, examples: [] };
    const kept = examples.length < EXAMPLES_LIMIT ? [...examples, example] : examples;
    this.#refused.set(reason, { count: count + 1, examples: kept });
  }
}

function readAppId(value: OriginalValue): string | null {
  return parseAppId(value.type === "text" ? value.text : readNumber(value));
}

/** A whole number that JavaScript can hold; SQLite keeps some as REAL. */
function readNumber({ type, text }: OriginalValue): number | null {
  if (type !== "integer" && type !== "real") return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

function refused(reason: RefusalReason, { id }: OriginalRow, value: OriginalValue): Reading {
  const shown = value.type === "null" ? "NULL" : `"${excerpt(value.text, EXCERPT_LENGTH)}"`;
  const kind = value.type === "text" || value.type === "blob" ? ` (${value.type})` : "";
  return { refused: reason, example: `row ${id}: ${shown}${kind}` };
}
