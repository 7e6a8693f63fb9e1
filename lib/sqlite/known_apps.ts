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
  readonly beats: readonly Heartbeat[];
  readonly row: number;
}

/** Remembers apps, by their `app_id`. */
export class KnownApps {
  #kept = new Map<string, StoredApp>();
  /** Whose heartbeats have waited the longest comes first. */
  readonly #unsettled = new Map<string, Unsettled>();
  #beats = 0;

  // Of the transaction under way.
  readonly #changed = new Map<string, StoredApp | null>();
  readonly #settled = new Set<string>();
  readonly #deferred = new Map<string, Deferred>();
  #isForgetting = false;

  /** The app, if it is remembered. */
  get(appId: string): StoredApp | undefined {
    const changed = this.#changed.get(appId);
    if (changed !== undefined) return changed ?? undefined;
    return this.#isForgetting ? undefined : this.#kept.get(appId);
  }

  /** Remembers how an app stands. */
  set(stored: StoredApp): void {
    this.#changed.set(stored.app.id, stored);
  }

  /** The same, of one that is remembered: who changes all there are must not have all remembered. */
  refresh(stored: StoredApp): void {
    if (this.get(stored.app.id) !== undefined) this.set(stored);
  }

  /** There is no such app any more. */
  drop(appId: string): void {
    this.#changed.set(appId, null);
    this.settle(appId);
  }

  /** Heartbeats of the app have gone into a row of the journal, and it stands as said. */
  defer(stored: StoredApp, beats: readonly Heartbeat[], row: number): void {
    this.set(stored);
    const before = this.#deferred.get(stored.app.id)?.beats ?? NONE;
    this.#deferred.set(stored.app.id, { beats: [...before, ...beats], row });
  }

  /** All that the app has sent is in its tables. */
  settle(appId: string): void {
    this.#deferred.delete(appId);
    this.#settled.add(appId);
  }

  /** What the app has sent that is not in its tables, in order. */
  unsettled(appId: string): readonly Series[] {
    const before = this.#settled.has(appId) ? undefined : this.#unsettled.get(appId);
    const deferred = this.#deferred.get(appId);
    return [
      ...(before === undefined ? [] : [before.series]),
      ...(deferred === undefined ? [] : [new Series(deferred.beats)]),
    ];
  }

  /** Whose heartbeats are not in their tables, those that have waited the longest first. */
  *waiting(): Generator<string> {
    for (const appId of this.#unsettled.keys()) if (!this.#settled.has(appId)) yield appId;
    for (const appId of this.#deferred.keys()) {
      if (!this.#unsettled.has(appId) || this.#settled.has(appId)) yield appId;
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
    for (const [appId, { row }] of this.#unsettled) if (!this.#settled.has(appId)) return row;
    for (const { row } of this.#deferred.values()) return row;
    return null;
  }

  /** Rows were changed all at once: what is remembered of them is of no use. All are settled by now. */
  forget(): void {
    this.#changed.clear();
    this.#isForgetting = true;
  }

  /** The transaction is on disk. */
  commit(): void {
    for (const appId of this.#settled) {
      this.#beats -= this.#unsettled.get(appId)?.series.length ?? 0;
      this.#unsettled.delete(appId);
    }
    for (const [appId, { beats, row }] of this.#deferred) {
      const before = this.#unsettled.get(appId);
      if (before === undefined) this.#unsettled.set(appId, { series: new Series(beats), row });
      else before.series.add(beats);
      this.#beats += beats.length;
    }
    if (this.#isForgetting) this.#kept.clear();
    for (const [appId, stored] of this.#changed) {
      if (stored === null) this.#kept.delete(appId);
      else this.#kept.set(appId, stored);
    }
    if (this.#kept.size > KNOWN_LIMIT + this.#unsettled.size) this.#shrink();
    this.rollBack();
  }

  /** Nothing of the transaction is on disk. */
  rollBack(): void {
    this.#changed.clear();
    this.#settled.clear();
    this.#deferred.clear();
    this.#isForgetting = false;
  }

  /** Keeps those that must be. */
  #shrink(): void {
    const kept = new Map<string, StoredApp>();
    for (const appId of this.#unsettled.keys()) {
      const stored = this.#kept.get(appId);
      if (stored !== undefined) kept.set(appId, stored);
    }
    this.#kept = kept;
  }
}

const NONE: readonly Heartbeat[] = [];
