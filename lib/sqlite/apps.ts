/**
 * The table of apps.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { Heartbeat } from "../heartbeat.ts";
import { APP_COLUMNS, IS_PUT_OFF, type StoredApp, storedApp, TOLD_FROM } from "./app_row.ts";
import { type Database, integer } from "./database.ts";
import type { KnownApps } from "./known_apps.ts";
import type { Segments } from "./segments.ts";
import { Series } from "./series.ts";

const SELECT_BY_ID = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE id = :id
`;

const SELECT_BY_APP_ID = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE app_id = :appId
`;

const INSERT = `
  INSERT INTO apps (app_id, is_ignored, state)
  VALUES (:appId, :isIgnored, 'new')
`;

/** Ends `held_until`: the next sweep looks anew at what holds the news back, which may have changed. */
const UPDATE = `
  UPDATE apps
  SET is_ignored = :isIgnored, state = :state, success_at = :successAt, excused_at = :excusedAt,
      unknown_from = :unknownFrom, deadline_at = :deadlineAt, old_deadline_at = :oldDeadlineAt,
      held_until = NULL, down_since = :downSince, incident = :incident, put_off = :putOff,
      last_heartbeat_at = :lastHeartbeatAt, last_message = :lastMessage,
      heartbeats = :heartbeats, snoozed_until = :snoozedUntil, muted_until = :mutedUntil,
      flapping_since = :flappingSince, acknowledged_at = :acknowledgedAt
  WHERE id = :id
`;

/**
 * What heartbeats change of an app that was up and stays up: nearly all of
 * them. With half the columns of UPDATE it takes half its time.
 */
const RENEW = `
  UPDATE apps
  SET success_at = :successAt, excused_at = :excusedAt, unknown_from = :unknownFrom,
      deadline_at = :deadlineAt, old_deadline_at = :oldDeadlineAt, held_until = NULL,
      last_heartbeat_at = :lastHeartbeatAt, last_message = :lastMessage, heartbeats = :heartbeats
  WHERE id = :id AND state = 'up'
`;

/** What silence changes of an app that was up: with half the columns of UPDATE too. */
const FALL = `
  UPDATE apps
  SET state = 'down', success_at = NULL, excused_at = NULL, unknown_from = NULL,
      deadline_at = NULL, old_deadline_at = NULL, held_until = NULL, put_off = NULL,
      down_since = :since, incident = :incident, muted_until = :mutedUntil,
      flapping_since = :flappingSince, acknowledged_at = NULL
  WHERE id = :id
`;

const UPDATE_SETTINGS = `
  UPDATE apps
  SET name = :name, note = :note, tags = :tags, period_ms = :period, grace_ms = :grace,
      is_set_up = 1
  WHERE id = :id
`;

/** Up apps whose deadline has passed, the longest overdue first. Index: apps_by_deadline. */
const SELECT_OVERDUE = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE deadline_at <= :now
  ORDER BY deadline_at, app_id
  LIMIT :limit
`;

/** Index: apps_by_deadline. */
const SELECT_NEXT_DEADLINE = `
  SELECT MIN(deadline_at) AS at
  FROM apps
  WHERE deadline_at IS NOT NULL
`;

/** Up apps of which people are to be told that nobody knows, the longest due first. Index: apps_put_off. */
const SELECT_PUT_OFF = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE ${TOLD_FROM} <= :now AND ${IS_PUT_OFF}
  ORDER BY ${TOLD_FROM}, app_id
  LIMIT :limit
`;

/** Index: apps_put_off. */
const SELECT_NEXT_PUT_OFF = `
  SELECT MIN(${TOLD_FROM}) AS at
  FROM apps
  WHERE ${IS_PUT_OFF}
`;

/** Down apps whose snooze or maintenance has ended, the longest ago first. Index: apps_muted. */
const SELECT_UNMUTED = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE muted_until <= :now
  ORDER BY muted_until, app_id
  LIMIT :limit
`;

/** Index: apps_muted. */
const SELECT_NEXT_UNMUTED = `
  SELECT MIN(muted_until) AS at
  FROM apps
  WHERE muted_until IS NOT NULL
`;

/** Index: apps_muted. */
const END_MUTES = `
  UPDATE apps
  SET muted_until = :now
  WHERE muted_until > :now
`;

/** Index: apps_put_off. */
const END_HOLDS = `
  UPDATE apps
  SET held_until = NULL
  WHERE ${TOLD_FROM} > :now AND held_until IS NOT NULL AND ${IS_PUT_OFF}
`;

/** Apps that follow the defaults, a step at a time. */
const SELECT_FOLLOWING_DEFAULTS = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE id > :after AND state = 'up' AND (period_ms IS NULL OR grace_ms IS NULL)
  ORDER BY id
  LIMIT :limit
`;

/** Index: apps_ignored. */
const SELECT_IGNORED = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE is_ignored = 1
`;

/** What the table of apps works with. */
interface Parts {
  readonly db: Database;
  readonly known: KnownApps;
  readonly segments: Segments;
}

/**
 * Reads and writes apps; each call is part of its caller's transaction. To write
 * an app is to settle it: what it has sent goes into its history.
 */
export class AppTable {
  readonly #db: Database;
  readonly #known: KnownApps;
  readonly #segments: Segments;

  constructor({ db, known, segments }: Parts) {
    this.#db = db;
    this.#known = known;
    this.#segments = segments;
  }

  /** The app with this `app_id`, or null. */
  find(appId: string): StoredApp | null {
    const known = this.#known.get(appId);
    if (known !== undefined) return known;
    const row = this.#db.get(SELECT_BY_APP_ID, { appId });
    if (row === null) return null;
    const stored = storedApp(row);
    this.#known.set(stored);
    return stored;
  }

  /** The app with this row, or null. */
  findRow(id: number): StoredApp | null {
    const row = this.#db.get(SELECT_BY_ID, { id });
    return row === null ? null : this.#asKnown(storedApp(row));
  }

  /** Adds an app that was just registered. */
  insert(app: App): StoredApp {
    const { id } = this.#db.run(INSERT, { appId: app.id, isIgnored: Number(app.isIgnored) });
    const stored: StoredApp = {
      id,
      app,
      incident: null,
      heartbeats: 0,
      snoozedUntil: null,
      mutedUntil: null,
      flappingSince: null,
      acknowledgedAt: null,
      putOff: null,
    };
    this.#known.set(stored);
    return stored;
  }

  /** Writes how the app stands; `beats` are its newest heartbeats, where they are in no journal. */
  update(stored: StoredApp, beats: readonly Heartbeat[] = []): void {
    const { id, app, ...more } = stored;
    const { state } = app;
    this.#db.run(UPDATE, {
      ...more,
      id,
      isIgnored: Number(app.isIgnored),
      state: state.kind,
      successAt: state.kind === "up" ? state.successAt : null,
      excusedAt: state.kind === "up" ? state.excusedAt : null,
      unknownFrom: state.kind === "up" ? state.unknownFrom : null,
      deadlineAt: state.kind === "up" ? state.deadlineAt : null,
      oldDeadlineAt: state.kind === "up" ? state.oldDeadlineAt : null,
      downSince: state.kind === "down" ? state.since : null,
      lastHeartbeatAt: app.lastHeartbeat?.at ?? null,
      lastMessage: app.lastHeartbeat?.message ?? null,
    });
    this.#append(stored, beats);
  }

  /** Writes that an app fell silent which {@linkcode overdue} has found: nothing of it waits. */
  fall(stored: StoredApp, since: Instant): void {
    const { id, incident, mutedUntil, flappingSince } = stored;
    this.#db.run(FALL, { id, since, incident, mutedUntil, flappingSince });
    this.#known.refresh({ ...stored, app: { ...stored.app, state: { kind: "down", since } } });
  }

  /** Writes what the heartbeats did that are in the journal. */
  settle(appId: string): void {
    const stored = this.#known.get(appId);
    if (stored === undefined) throw new TypeError(`Cannot settle app "${appId}": it is not known`);
    const { id, app, heartbeats } = stored;
    if (app.state.kind !== "up") return this.update(stored);
    this.#db.run(RENEW, {
      id,
      heartbeats,
      successAt: app.state.successAt,
      excusedAt: app.state.excusedAt,
      unknownFrom: app.state.unknownFrom,
      deadlineAt: app.state.deadlineAt,
      oldDeadlineAt: app.state.oldDeadlineAt,
      lastHeartbeatAt: app.lastHeartbeat?.at ?? null,
      lastMessage: app.lastHeartbeat?.message ?? null,
    });
    this.#append(stored, []);
  }

  #append(stored: StoredApp, beats: readonly Heartbeat[]): void {
    const { id, app, heartbeats } = stored;
    const waiting = this.#known.unsettled(app.id);
    if (waiting.length + beats.length === 0) return this.#known.refresh(stored);
    const parts = [...waiting, new Series(beats)];
    let number = heartbeats + 1 - parts.reduce((sum, { length }) => sum + length, 0);
    for (const series of parts) {
      this.#segments.append(id, number, series);
      number += series.length;
    }
    this.#known.refresh(stored);
    this.#known.settle(app.id);
  }

  /** An app as it was read; if it is known, as it is known, for then heartbeats may be in the journal. */
  #asKnown(read: StoredApp): StoredApp {
    return this.#known.get(read.app.id) ?? read;
  }

  /** Has an app whose row was written otherwise remembered as it is. */
  reread(appId: string): void {
    if (this.#known.get(appId) === undefined) return;
    const row = this.#db.get(SELECT_BY_APP_ID, { appId });
    if (row !== null) this.#known.set(storedApp(row));
  }

  /** Writes what an admin set of the app; {@linkcode update} has written the rest. */
  setSettings(id: number, { name, note, tags, period, grace }: App): void {
    this.#db.run(UPDATE_SETTINGS, { id, name, note, tags: JSON.stringify(tags), period, grace });
  }

  /** Up to `limit` apps whose deadline has passed by `now`, ordered by (deadline, id). */
  overdue(now: Instant, limit: number): readonly StoredApp[] {
    return this.#settled(SELECT_OVERDUE, now, limit);
  }

  /** Up to `limit` apps of which people are to be told by `now` that nobody knows how they are. */
  putOff(now: Instant, limit: number): readonly StoredApp[] {
    return this.#settled(SELECT_PUT_OFF, now, limit);
  }

  #settled(select: string, now: Instant, limit: number): readonly StoredApp[] {
    for (;;) {
      const found = this.#db.all(select, { now, limit }).map(storedApp);
      const waiting = found.filter(({ app }) => this.#known.unsettled(app.id).length > 0);
      if (waiting.length === 0) return found;
      // They were heard since: settled, they are none of these any more, and others are found.
      for (const { app } of waiting) this.settle(app.id);
    }
  }

  /** Up to `limit` down apps whose snooze or maintenance has ended by `now`. */
  unmuted(now: Instant, limit: number): readonly StoredApp[] {
    return this.#db.all(SELECT_UNMUTED, { now, limit }).map((row) => this.#asKnown(storedApp(row)));
  }

  /** Has every snooze and maintenance looked at anew, by the next sweep: see `Settling.changeAll()`. */
  endMutes(now: Instant): void {
    this.#db.run(END_MUTES, { now });
    this.#db.run(END_HOLDS, { now });
  }

  /**
   * The earliest deadline, also of those that were put off and are to be told
   * of, or end of a snooze or maintenance of a down app; or null.
   */
  nextDeadline(): Instant | null {
    const next = [SELECT_NEXT_DEADLINE, SELECT_NEXT_UNMUTED, SELECT_NEXT_PUT_OFF]
      .map((select) => integer(this.#db.get(select)?.at))
      .filter((at) => at !== null);
    return next.length === 0 ? null : Math.min(...next);
  }

  /** Up to `limit` up apps that follow the defaults, behind a row id. */
  followingDefaults(after: number, limit: number): readonly StoredApp[] {
    const rows = this.#db.all(SELECT_FOLLOWING_DEFAULTS, { after, limit });
    return rows.map((row) => this.#asKnown(storedApp(row)));
  }

  /** The apps that are marked as ignored. */
  ignored(): readonly StoredApp[] {
    return this.#db.all(SELECT_IGNORED).map((row) => this.#asKnown(storedApp(row)));
  }

  /** How many there are. */
  count(): number {
    return Number(this.#db.get("SELECT COUNT(*) AS apps FROM apps")?.apps);
  }
}
