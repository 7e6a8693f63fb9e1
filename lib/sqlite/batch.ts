/**
 * Heartbeats of one transaction, and what they do to their apps.
 *
 * What leaves an app on its side goes into the journal, one row for all of the
 * batch, and into the app's tables later (settling.ts). What has it change
 * sides goes there at once.
 *
 * @module
 */

import { type App, type Defaults, register, status } from "../app.ts";
import type { Instant } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Flip, isNews } from "../flip.ts";
import { type Heartbeat, receive } from "../heartbeat.ts";
import type { Receipt } from "../store.ts";
import type { StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import type { DoubtTable } from "./doubts.ts";
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
  readonly doubts: DoubtTable;
  readonly gaps: Gaps;
  readonly journal: Journal;
  readonly known: KnownApps;
  readonly admission: Admission;
  readonly defaults: Defaults;
}

/** What became of a request in a transaction that is not committed yet. */
export type Outcome = { readonly receipts: readonly Receipt[] } | { readonly refused: AppError };

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
  readonly #touched = new Map<string, Touched>();
  /** How many apps there are, with those of this batch. */
  registered: number;
  /** The news it makes, in order. */
  readonly news: Flip[] = [];

  constructor(parts: BatchParts, registered: number) {
    this.#parts = parts;
    this.registered = registered;
  }

  /** Adds one request's heartbeats, or none of them. */
  add(heartbeats: readonly Heartbeat[]): Outcome {
    const refused = this.#admit(heartbeats);
    if (refused !== null) return { refused };
    return { receipts: heartbeats.map((heartbeat) => this.#receive(heartbeat)) };
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

  /** Loads the apps, or says why one of them is not let in; nothing is changed before all are. */
  #admit(heartbeats: readonly Heartbeat[]): AppError | null {
    const { admission, apps } = this.#parts;
    const unknown = new Map<string, number>();
    for (const [index, { appId }] of heartbeats.entries()) {
      if (this.#touched.has(appId) || unknown.has(appId)) continue;
      const stored = apps.find(appId);
      if (stored === null) unknown.set(appId, index);
      else this.#touched.set(appId, { stored, beats: [], isMoved: false });
    }
    if (unknown.size === 0) return null;
    if (!admission.autoRegister) return unknownApps(unknown);
    if (this.registered + unknown.size > admission.maxApps) {
      return tooManyApps(this.registered, admission.maxApps);
    }
    return null;
  }

  #receive(heartbeat: Heartbeat): Receipt {
    const { defaults, history, doubts } = this.#parts;
    const touched = this.#touched.get(heartbeat.appId) ?? this.#register(heartbeat.appId);
    const { id, app: before } = touched.stored;
    const { app, flips } = receive(before, heartbeat, defaults);
    if (flips.length === 0 && isKnownAgain(before, app)) doubts.end(id, before, heartbeat.at);
    for (const flip of flips) {
      touched.isMoved = true;
      touched.stored = history.addFlip(touched.stored, flip, heartbeat.at);
      if (isNews(flip)) this.news.push(flip);
    }
    touched.beats.push(heartbeat);
    touched.stored = { ...touched.stored, app, heartbeats: touched.stored.heartbeats + 1 };
    const sight = { judgedBy: heartbeat.at, now: heartbeat.at };
    return { appId: app.id, status: status(app, sight, defaults) };
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

/** Whether a heartbeat that left the app up has ended a doubt; where there is a flip, that ends it. */
function isKnownAgain({ state: before }: App, { state: after }: App): boolean {
  return before.kind === "up" && before.unknownFrom !== null &&
    after.kind === "up" && after.unknownFrom === null;
}

function unknownApps(unknown: ReadonlyMap<string, number>): AppError {
  const details = [...unknown].map(([appId, index]) => ({
    path: `${index}.app_id`,
    message: `App "${appId}" is not registered, and AUTO_REGISTER is false`,
  }));
  return new AppError("not_found", "Cannot store heartbeat: unknown app", { details });
}

/** Why no other app may register itself. */
export function tooManyApps(registered: number, most: number): AppError {
  return new AppError(
    "too_many",
    `Cannot register another app: there are ${registered} of at most ${most} (MAX_APPS)`,
  );
}
