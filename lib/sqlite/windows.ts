/**
 * The table of maintenance windows.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import { AppError } from "../errors.ts";
import type {
  MaintenanceWindow,
  NewWindow,
  Recurrence,
  Weekday,
  WindowScope,
} from "../maintenance.ts";
import type { Database, Row } from "./database.ts";

/** The most windows there may be: all are looked at whenever silence is judged. */
export const WINDOWS_LIMIT = 1_000;

/** The ones that are not over; the rest wait to be removed. */
const SELECT_CURRENT = `
  SELECT id, scope, subject, kind, at, weekday, time_ms, time_zone, length_ms, note
  FROM maintenance
  WHERE at IS NULL OR at + length_ms > :now
  ORDER BY id
`;

const DELETE_OVER = `
  DELETE FROM maintenance
  WHERE at + length_ms <= :now
`;

const COUNT = `
  SELECT COUNT(*) AS windows
  FROM maintenance
`;

const INSERT = `
  INSERT INTO maintenance
    (scope, subject, kind, at, weekday, time_ms, time_zone, length_ms, note)
  VALUES (:scope, :subject, :kind, :at, :weekday, :timeOfDay, :timeZone, :length, :note)
`;

const DELETE_CURRENT = `
  DELETE FROM maintenance
  WHERE id = :id AND (at IS NULL OR at + length_ms > :now)
`;

/** Reads and writes windows; each call is part of its caller's transaction. */
export class Windows {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** See `Store.maintenance()`. */
  list(now: Instant): readonly MaintenanceWindow[] {
    return this.#db.all(SELECT_CURRENT, { now }).map(windowOf);
  }

  /** See `Store.addMaintenance()`. */
  add(window: NewWindow, now: Instant): MaintenanceWindow {
    this.#db.run(DELETE_OVER, { now });
    const known = Number(this.#db.get(COUNT)?.windows);
    if (known >= WINDOWS_LIMIT) throw tooManyWindows(known);
    const { scope, recurrence, length, note } = window;
    const { id } = this.#db.run(INSERT, {
      scope: scope.kind,
      subject: subjectOf(scope),
      kind: recurrence.kind,
      at: recurrence.kind === "once" ? recurrence.at : null,
      weekday: recurrence.kind === "weekly" ? recurrence.weekday : null,
      timeOfDay: recurrence.kind === "once" ? null : recurrence.timeOfDay,
      timeZone: recurrence.kind === "once" ? null : recurrence.timeZone,
      length,
      note,
    });
    return { id, ...window };
  }

  /** See `Store.removeMaintenance()`. */
  remove(id: number, now: Instant): boolean {
    return this.#db.run(DELETE_CURRENT, { id, now }).changes === 1;
  }
}

function tooManyWindows(known: number): AppError {
  const most = `there are ${known} of at most ${WINDOWS_LIMIT}`;
  return new AppError("too_many", `Cannot add maintenance window: ${most}; remove one first`);
}

function subjectOf(scope: WindowScope): string | null {
  switch (scope.kind) {
    case "app":
      return scope.appId;
    case "tag":
      return scope.tag;
    case "all":
      return null;
  }
}

interface WindowRow {
  readonly id: number;
  readonly scope: WindowScope["kind"];
  readonly subject: string | null;
  readonly kind: Recurrence["kind"];
  readonly at: number | null;
  readonly weekday: Weekday;
  readonly time_ms: number | null;
  readonly time_zone: string | null;
  readonly length_ms: number;
  readonly note: string | null;
}

function windowOf(each: Row): MaintenanceWindow {
  const row = each as unknown as WindowRow;
  return {
    id: row.id,
    scope: scopeOf(row),
    recurrence: recurrenceOf(row),
    length: row.length_ms,
    note: row.note,
  };
}

function scopeOf({ scope, subject }: WindowRow): WindowScope {
  switch (scope) {
    case "app":
      return { kind: scope, appId: String(subject) };
    case "tag":
      return { kind: scope, tag: String(subject) };
    case "all":
      return { kind: scope };
  }
}

function recurrenceOf(row: WindowRow): Recurrence {
  const start = { timeOfDay: Number(row.time_ms), timeZone: String(row.time_zone) };
  switch (row.kind) {
    case "once":
      return { kind: row.kind, at: Number(row.at) };
    case "daily":
      return { kind: row.kind, ...start };
    case "weekly":
      return { kind: row.kind, weekday: row.weekday, ...start };
  }
}
