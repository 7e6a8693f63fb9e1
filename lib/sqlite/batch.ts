/**
 * Heartbeats of one transaction, and what they do to their apps.
 *
 * What leaves an app on its side goes into the journal, one row for all of the
 * batch, and into the app's tables later (settling.ts). What has it change
 * sides goes there at once.
 *
 * @module
 */

import { type App, type Defaults, expectation, register, status } from "../app.ts";
import type { Instant } from "../clock.ts";
import { excused } from "../excuse.ts";
import { AppError } from "../errors.ts";
import { type Flip, isNews } from "../flip.ts";
import { type Heartbeat, receive } from "../heartbeat.ts";
import type { Gap } from "../gap.ts";
import type { NotAdmitted, Receipt, Recorded } from "../store.ts";
import type { Spared } from "../text_quota.ts";
import type { StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import type { Gaps } from "./gaps.ts";
import type { History } from "./history.ts";
import type { Entry, Journal } from "./journal.ts";
import type { KnownApps } from "./known_apps.ts";

/** Who may send heartbeats. */
export interface Admission {
  readonly autoRegister: boolean;
  readonly maxApps: number;
  readonly ignoredApps: ReadonlySet<string>;
}

/** What a batch works on. */
export interface BatchParts {
  readonly apps: AppTable;
  readonly history: History;
  readonly gaps: Gaps;
  readonly journal: Journal;
  readonly known: KnownApps;
  readonly admission: Admission;
  readonly defaults: Defaults;
}

/** How a batch begins. */
interface BatchStart {
  /** How many apps there are. */
  readonly registered: number;
  /** A gap that has just been written: heartbeats may have waited through it. */
  readonly gap: Gap | null;
}

/** An app that a transaction touches: read once, and written once. */
interface Touched {
  stored: StoredApp;
  /** What it sent. */
  readonly beats: Heartbeat[];
  /** It changed sides, or had none yet. */
  isMoved: boolean;
}

/** What a transaction does to apps. */
export class Batch {
  readonly #parts: BatchParts;
  readonly #gap: Gap | null;
  readonly #touched = new Map<string, Touched>();
  /** How many apps there are, with those of this batch. */
  registered: number;
  /** How many heartbeats are stored with it. */
  stored = 0;
  /** The news it makes, in order. */
  readonly news: Flip[] = [];
  /** Whether a message has less to tell by it, or none is left, and what waited for it can go. */
  isMailChanged = false;

  constructor(parts: BatchParts, { registered, gap }: BatchStart) {
    this.#parts = parts;
    this.registered = registered;
    this.#gap = gap;
  }

  /** Adds one request's heartbeats, but for those whose apps are not let in; see `Store.record()`. */
  add(heartbeats: readonly Heartbeat[], spared: Spared | null): readonly Recorded[] {
    const strangers = this.#strangers(heartbeats);
    if (strangers === null && spared === null) return heartbeats.map((each) => this.#receive(each));
    return heartbeats.map((heartbeat) =>
      strangers?.get(heartbeat.appId) ??
        this.#receive(heartbeat, spared?.(heartbeat.appId) ?? false)
    );
  }

  /** Writes what was sent, and the apps that changed sides. */
  write(): void {
    const { apps, gaps, journal, known } = this.#parts;
    const entries: Entry[] = [];
    let movedAt = -Infinity;
    for (const { stored, beats, isMoved } of this.#touched.values()) {
      if (isMoved) {
        apps.update(stored, beats);
        movedAt = Math.max(movedAt, beats.at(-1)?.at ?? movedAt);
        continue;
      }
      const first = stored.heartbeats - beats.length + 1;
      for (const [index, heartbeat] of beats.entries()) {
        entries.push({ app: stored.id, number: first + index, heartbeat });
      }
    }
    if (movedAt > -Infinity) gaps.heard(movedAt);
    if (entries.length === 0) return;
    const row = journal.add(entries);
    for (const { stored, beats, isMoved } of this.#touched.values()) {
      if (!isMoved && beats.length > 0) known.defer(stored, beats, row);
    }
  }

  /** The earliest deadline, or end of a snooze or maintenance in which one fell. */
  get earliestDeadline(): Instant | null {
    let earliest: Instant | null = null;
    for (const { stored: { app: { state }, mutedUntil } } of this.#touched.values()) {
      const at = state.kind === "up" ? state.deadlineAt : mutedUntil;
      if (at !== null && (earliest === null || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** Loads the apps; returns those that are not let in, or null where all are. */
  #strangers(heartbeats: readonly Heartbeat[]): ReadonlyMap<string, NotAdmitted> | null {
    const { admission, apps } = this.#parts;
    const unknown = new Set<string>();
    for (const { appId } of heartbeats) {
      if (this.#touched.has(appId) || unknown.has(appId)) continue;
      const stored = apps.find(appId);
      if (stored === null) unknown.add(appId);
      else this.#touched.set(appId, { stored, beats: [], isMoved: false });
    }
    if (unknown.size === 0) return null;
    const { autoRegister, maxApps } = admission;
    const room = autoRegister ? Math.max(maxApps - this.registered, 0) : 0;
    // Who comes first is let in first.
    const strangers = [...unknown].slice(room);
    return new Map(strangers.map((appId) => [
      appId,
      autoRegister ? oneTooMany(appId, this.registered + room, maxApps) : unregistered(appId),
    ]));
  }

  #receive(given: Heartbeat, isOver = false): Receipt {
    const { defaults, history } = this.#parts;
    const touched = this.#touched.get(given.appId) ?? this.#register(given.appId);
    const isCut = isOver && this.#isSpare(touched.stored.app, given);
    const heartbeat = isCut ? { ...given, message: null, userAgent: null } : given;
    const { app: heard, flips } = receive(touched.stored.app, heartbeat, defaults);
    const app = this.#afterGap(heard, heartbeat);
    // The journal does not know of the gap, so it goes where the app's deadline is kept.
    if (app !== heard) touched.isMoved = true;
    for (const flip of flips) {
      touched.isMoved = true;
      touched.stored = history.addFlip(touched.stored, flip, heartbeat.at);
      if (isNews(flip)) this.news.push(flip);
    }
    if (touched.stored.putOff !== null && app.state.kind === "up" && !app.state.isPutOff) {
      touched.isMoved = true;
      touched.stored = history.endPutOff(touched.stored, heartbeat.at);
      this.isMailChanged = true;
    }
    touched.beats.push(heartbeat);
    this.stored++;
    touched.stored = { ...touched.stored, app, heartbeats: touched.stored.heartbeats + 1 };
    const isSpared = isCut && given.message !== null;
    return { appId: app.id, status: status(app, heartbeat.at, defaults), isSpared };
  }

  /** Whether nothing hangs on what the heartbeat says: its app was heard of late, and stays on its side. */
  #isSpare(app: App, heartbeat: Heartbeat): boolean {
    const { defaults } = this.#parts;
    if (app.lastHeartbeat === null) return false;
    const isFirst = heartbeat.at - app.lastHeartbeat.at >= expectation(app, defaults).period;
    return !isFirst && receive(app, heartbeat, defaults).flips.length === 0;
  }

  /** An app that was heard before the gap, by a heartbeat that is stored after it. */
  #afterGap(app: App, { at, kind }: Heartbeat): App {
    const gap = this.#gap;
    if (gap === null || at >= gap.to || kind !== "success") return app;
    return excused(app, gap, this.#parts.defaults);
  }

  #register(appId: string): Touched {
    this.registered++;
    const isIgnored = this.#parts.admission.ignoredApps.has(appId);
    const stored = this.#parts.apps.insert(register(appId, { isIgnored }));
    const touched = { stored, beats: [], isMoved: true };
    this.#touched.set(appId, touched);
    return touched;
  }
}

function unregistered(appId: string): NotAdmitted {
  const message = `App "${appId}" is not registered, and AUTO_REGISTER is false`;
  return { why: "unknown_app", message };
}

function oneTooMany(appId: string, registered: number, most: number): NotAdmitted {
  const message =
    `App "${appId}" cannot register: there are ${registered} of at most ${most} (MAX_APPS)`;
  return { why: "too_many_apps", message };
}

/** Why no other app may register itself. */
export function tooManyApps(registered: number, most: number): AppError {
  return new AppError(
    "too_many",
    `Cannot register another app: there are ${registered} of at most ${most} (MAX_APPS)`,
  );
}
