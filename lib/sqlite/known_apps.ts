/**
 * Apps as they stand, remembered so that a heartbeat need not read its app; and
 * those whose last heartbeats are in the journal, and not in their tables yet.
 *
 * What is said here within a transaction holds within it, and from its commit
 * on; when it fails, nothing was said.
 *
 * @module
 */

import type { Heartbeat } from "../heartbeat.ts";
import type { StoredApp } from "./app_row.ts";
import { KeptApp } from "./kept_app.ts";
import { Series } from "./series.ts";

/** How many apps are remembered, beside those that must be: some 30 MB. */
const KNOWN_LIMIT = 50_000;

/** Heartbeats that are in the journal, and in no other table. */
interface Unsettled {
  readonly series: Series;
  /** The journal's row that the first of them is in. */
  readonly row: number;
}

/** The same, of the transaction under way. */
interface Deferred {
  /** How the app stands then. */
  readonly stored: StoredApp;
  readonly beats: readonly Heartbeat[];
  readonly row: number;
}

/** What is said within a transaction. */
interface Said {
  readonly changed: Map<string, StoredApp | null>;
  readonly settled: Set<string>;
  readonly deferred: Map<string, Deferred>;
  isForgetting: boolean;
}

function nothing(): Said {
  return { changed: new Map(), settled: new Set(), deferred: new Map(), isForgetting: false };
}

/** Remembers apps, by their `app_id`. */
export class KnownApps {
  #kept = new Map<string, KeptApp>();
  /** Whose heartbeats have waited the longest comes first. */
  readonly #unsettled = new Map<string, Unsettled>();
  #beats = 0;

  /**
   * A new one for each transaction: a Map that is cleared is linked to what was in it before,
   * and keeps that alive for long (tests/bench/: a tenth fewer heartbeats a second).
   */
  #said = nothing();

  /** The app, if it is remembered. */
  get(appId: string): StoredApp | undefined {
    const changed = this.#said.deferred.get(appId)?.stored ?? this.#said.changed.get(appId);
    if (changed !== undefined) return changed ?? undefined;
    return this.#said.isForgetting ? undefined : this.#kept.get(appId)?.stored;
  }

  /** Remembers how an app stands. */
  set(stored: StoredApp): void {
    this.#said.changed.set(stored.app.id, stored);
  }

  /** The same, of one that is remembered: who changes all there are must not have all remembered. */
  refresh(stored: StoredApp): void {
    if (this.get(stored.app.id) !== undefined) this.set(stored);
  }

  /** There is no such app any more. */
  drop(appId: string): void {
    this.#said.changed.set(appId, null);
    this.settle(appId);
  }

  /** Heartbeats of the app have gone into a row of the journal; they left it on its side, as said. */
  defer(stored: StoredApp, beats: readonly Heartbeat[], row: number): void {
    const before = this.#said.deferred.get(stored.app.id);
    const all = before === undefined ? beats : [...before.beats, ...beats];
    this.#said.deferred.set(stored.app.id, { stored, beats: all, row });
  }

  /** All that the app has sent is in its tables. */
  settle(appId: string): void {
    this.#said.deferred.delete(appId);
    this.#said.settled.add(appId);
  }

  /** What the app has sent that is not in its tables, in order. */
  unsettled(appId: string): readonly Series[] {
    const before = this.#said.settled.has(appId) ? undefined : this.#unsettled.get(appId);
    const deferred = this.#said.deferred.get(appId);
    return [
      ...(before === undefined ? [] : [before.series]),
      ...(deferred === undefined ? [] : [new Series(deferred.beats)]),
    ];
  }

  /** Whose heartbeats are not in their tables, those that have waited the longest first. */
  *waiting(): Generator<string> {
    for (const appId of this.#unsettled.keys()) if (!this.#said.settled.has(appId)) yield appId;
    for (const appId of this.#said.deferred.keys()) {
      if (!this.#unsettled.has(appId) || this.#said.settled.has(appId)) yield appId;
    }
  }

  /** How many apps {@linkcode waiting} names, when no transaction is under way. */
  get waitingApps(): number {
    return this.#unsettled.size;
  }

  /** How many heartbeats are not in their tables, when no transaction is under way. */
  get waitingBeats(): number {
    return this.#beats;
  }

  /** The first row of the journal that is still needed; null for none. */
  get firstRow(): number | null {
    for (const [appId, { row }] of this.#unsettled) if (!this.#said.settled.has(appId)) return row;
    for (const { row } of this.#said.deferred.values()) return row;
    return null;
  }

  /** Rows were changed all at once: what is remembered of them is of no use. All are settled by now. */
  forget(): void {
    this.#said.changed.clear();
    this.#said.isForgetting = true;
  }

  /** The transaction is on disk. */
  commit(): void {
    const { changed, settled, deferred, isForgetting } = this.#said;
    for (const appId of settled) {
      this.#beats -= this.#unsettled.get(appId)?.series.length ?? 0;
      this.#unsettled.delete(appId);
    }
    if (isForgetting) this.#kept.clear();
    for (const [appId, stored] of changed) {
      if (stored === null) this.#kept.delete(appId);
      else this.#kept.set(appId, new KeptApp(stored));
    }
    for (const [appId, { stored, beats, row }] of deferred) {
      const kept = this.#kept.get(appId);
      if (kept === undefined) this.#kept.set(appId, new KeptApp(stored));
      else kept.hear(stored);
      const before = this.#unsettled.get(appId);
      if (before === undefined) this.#unsettled.set(appId, { series: new Series(beats), row });
      else before.series.add(beats);
      this.#beats += beats.length;
    }
    if (this.#kept.size > KNOWN_LIMIT + this.#unsettled.size) this.#shrink();
    this.#said = nothing();
  }

  /** Nothing of the transaction is on disk. */
  rollBack(): void {
    this.#said = nothing();
  }

  /** Keeps those that must be. */
  #shrink(): void {
    const kept = new Map<string, KeptApp>();
    for (const appId of this.#unsettled.keys()) {
      const app = this.#kept.get(appId);
      if (app !== undefined) kept.set(appId, app);
    }
    this.#kept = kept;
  }
}
