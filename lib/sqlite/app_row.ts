/**
 * An app as a row of the table, and what becomes of it.
 *
 * @module
 */

import type { App, AppState } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { StateKind } from "../flip.ts";
import type { Row } from "./database.ts";

/** An app with what only its storage knows of it. */
export interface StoredApp {
  readonly id: number;
  readonly app: App;
  /** The flip that began its open incident. */
  readonly incident: number | null;
  /** How many heartbeats it has sent. */
  readonly heartbeats: number;
  /** Until when an admin wants no alarm of it. */
  readonly snoozedUntil: Instant | null;
  /** For an app that fell during a snooze or maintenance: when that ends. */
  readonly mutedUntil: Instant | null;
  /** Since when its news is held back to a letter an hour; null while it is calm. */
  readonly flappingSince: Instant | null;
  /** When an admin said to know of the open incident. */
  readonly acknowledgedAt: Instant | null;
  /** The news that nobody knows how it is, while that is so. */
  readonly putOff: number | null;
}

/**
 * Behind every app that a person has set up stand those that only registered
 * themselves: more rows than there can be apps.
 */
const SELF_REGISTERED = 2 ** 40;

/** {@linkcode precedenceOf}, of a row. Indexes: apps_by_precedence, apps_in_state. */
export const PRECEDENCE = `
  apps.id + CASE apps.is_set_up WHEN 1 THEN 0 ELSE ${SELF_REGISTERED} END
`;

/** `putOffAt()` of the core: whose alarm gaps put off by more than an hour. Index: apps_put_off. */
export const IS_PUT_OFF = "old_deadline_at IS NOT NULL AND deadline_at - old_deadline_at > 3600000";

/** From when on people are to be told of that. Index: apps_put_off. */
export const TOLD_FROM = "COALESCE(held_until, old_deadline_at)";

/**
 * Where an app stands in letters: lower comes first. What a person has set up
 * comes before what registered itself; among equals, the longest known first.
 */
export function precedenceOf({ id, app }: Pick<StoredApp, "id" | "app">): number {
  return app.isSetUp ? id : SELF_REGISTERED + id;
}

/** The columns that {@linkcode storedApp} reads. */
export const APP_COLUMNS = `
  id, app_id, name, note, tags, period_ms, grace_ms, is_set_up, is_ignored, state, success_at,
  excused_at, unknown_from, deadline_at, old_deadline_at, down_since, incident, last_heartbeat_at,
  last_message, heartbeats, snoozed_until, muted_until, flapping_since, acknowledged_at, put_off
`;

interface AppRow {
  readonly id: number;
  readonly app_id: string;
  readonly name: string | null;
  readonly note: string | null;
  readonly tags: string;
  readonly period_ms: number | null;
  readonly grace_ms: number | null;
  readonly is_set_up: number;
  readonly is_ignored: number;
  readonly state: StateKind;
  readonly success_at: number | null;
  readonly excused_at: number | null;
  readonly unknown_from: number | null;
  readonly deadline_at: number | null;
  readonly old_deadline_at: number | null;
  readonly down_since: number | null;
  readonly incident: number | null;
  readonly last_heartbeat_at: number | null;
  readonly last_message: string | null;
  readonly heartbeats: number;
  readonly snoozed_until: number | null;
  readonly muted_until: number | null;
  readonly flapping_since: number | null;
  readonly acknowledged_at: number | null;
  readonly put_off: number | null;
}

/** The app of a row. */
export function storedApp(each: Row): StoredApp {
  const row = each as unknown as AppRow;
  const lastHeartbeat = row.last_heartbeat_at === null
    ? null
    : { at: row.last_heartbeat_at, message: row.last_message };
  const app: App = {
    id: row.app_id,
    name: row.name,
    note: row.note,
    tags: JSON.parse(row.tags),
    period: row.period_ms,
    grace: row.grace_ms,
    isSetUp: row.is_set_up === 1,
    isIgnored: row.is_ignored === 1,
    state: stateOf(row),
    lastHeartbeat,
  };
  return {
    id: row.id,
    app,
    incident: row.incident,
    heartbeats: row.heartbeats,
    snoozedUntil: row.snoozed_until,
    mutedUntil: row.muted_until,
    flappingSince: row.flapping_since,
    acknowledgedAt: row.acknowledged_at,
    putOff: row.put_off,
  };
}

function stateOf(row: AppRow): AppState {
  switch (row.state) {
    case "new":
    case "paused":
      return { kind: row.state };
    case "up":
      return {
        kind: "up",
        successAt: Number(row.success_at),
        excusedAt: row.excused_at,
        unknownFrom: row.unknown_from,
        deadlineAt: Number(row.deadline_at),
        oldDeadlineAt: row.old_deadline_at,
        isPutOff: row.put_off !== null,
      };
    case "down":
      return { kind: "down", since: Number(row.down_since) };
  }
}
