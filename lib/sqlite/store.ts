/**
 * The Store on SQLite.
 *
 * @module
 */

import { type App, deadline, type Defaults, silence } from "../app.ts";
import type { Instant } from "../clock.ts";
import { type Flip, isNews } from "../flip.ts";
import type { Heartbeat } from "../heartbeat.ts";
import type { Delivery, Errand, Outbox } from "../outbox.ts";
import type { AppSettings } from "../registry.ts";
import type {
  AppQuery,
  Begin,
  Change,
  Changed,
  FlipPage,
  FlipQuery,
  Health,
  HeartbeatPage,
  HistoryQuery,
  Incident,
  Receipt,
  Registered,
  Settings,
  Store,
  StoredToken,
  Try,
} from "../store.ts";
import { Adoption } from "./adoption.ts";
import { AppTable, type StoredApp } from "./apps.ts";
import { type Database, openDatabase } from "./database.ts";
import { HealthTable } from "./health.ts";
import { History } from "./history.ts";
import { Incidents } from "./incidents.ts";
import { Memory } from "./memory.ts";
import { Pages } from "./pages.ts";
import { Queues } from "./queues.ts";
import { type Admission, Recorder } from "./recorder.ts";
import { type Hand, Registry } from "./registry.ts";
import { Tries } from "./tries.ts";

/** What the store needs to know of the settings. */
export interface StoreOptions {
  readonly addresses: readonly string[];
  readonly defaults: Defaults;
  readonly admission: Admission;
  /** Told of each commit of heartbeats that failed. */
  readonly onFailure: (error: unknown) => void;
}

/** The storage of one service in one SQLite file, or in memory for tests. */
export class SqliteStore implements Store, Disposable {
  /** Whether the file was made by this opening. */
  readonly isNew: boolean;
  readonly #db: Database;
  readonly #defaults: Defaults;
  readonly #apps: AppTable;
  readonly #history: History;
  readonly #queues: Queues;
  readonly #tries: Tries;
  readonly #health: HealthTable;
  readonly #memory: Memory;
  readonly #recorder: Recorder;
  readonly #registry: Registry;
  readonly #pages: Pages;
  readonly #incidents: Incidents;
  readonly #admission: Admission;
  #commitFailure: string | null = null;
  #listener: (change: Change) => void = () => {};

  /**
   * Opens the file, making it where there is none.
   *
   * @throws {AppError} `unusable` for a file that is not ours to use.
   */
  static async open(path: string, options: StoreOptions): Promise<SqliteStore> {
    const { database, isNew } = await openDatabase(path);
    return new SqliteStore(database, { ...options, isNew });
  }

  private constructor(database: Database, options: StoreOptions & { readonly isNew: boolean }) {
    this.isNew = options.isNew;
    this.#db = database;
    this.#defaults = options.defaults;
    this.#apps = new AppTable(database);
    this.#history = new History(database, options.addresses);
    this.#queues = new Queues(database, options.addresses);
    this.#tries = new Tries(database);
    this.#health = new HealthTable(database);
    this.#memory = new Memory(database);
    this.#pages = new Pages(database);
    this.#incidents = new Incidents(database, this.#apps);
    this.#admission = options.admission;
    this.#registry = new Registry({
      db: database,
      apps: this.#apps,
      history: this.#history,
      tries: this.#tries,
      defaults: options.defaults,
    });
    this.#recorder = new Recorder({
      database,
      apps: this.#apps,
      history: this.#history,
      admission: options.admission,
      defaults: options.defaults,
      onCommit: (change) => {
        this.#commitFailure = null;
        this.#listener(change);
      },
      onFailure: (error) => {
        this.#commitFailure = error instanceof Error ? error.message : String(error);
        options.onFailure(error);
      },
    });
  }

  record(heartbeats: readonly Heartbeat[]): Promise<readonly Receipt[]> {
    return this.#recorder.record(heartbeats);
  }

  flush(): Promise<void> {
    return promised(() => this.#recorder.flush());
  }

  async takeDown(now: Instant, limit: number): Promise<number> {
    const news = await this.#transaction(() =>
      this.#apps.overdue(now, limit).flatMap((stored) => this.#takeDown(stored, now))
    );
    this.#listener({ deadlineAt: null, news });
    return news.length;
  }

  nextDeadline(): Promise<Instant | null> {
    return promised(() => this.#apps.nextDeadline());
  }

  app(id: string): Promise<App | null> {
    return promised(() => this.#apps.find(id)?.app ?? null);
  }

  apps(query: AppQuery): Promise<readonly App[]> {
    return promised(() => this.#apps.page(query, this.#defaults));
  }

  register(id: string, settings: AppSettings, now: Instant): Promise<Registered> {
    return promised(() => {
      const changed = this.#byHand(() => this.#registry.change(id, settings, now));
      return changed ?? { before: null, after: this.#add(id, settings) };
    });
  }

  change(id: string, settings: Partial<AppSettings>, now: Instant): Promise<Changed | null> {
    return promised(() => this.#byHand(() => this.#registry.change(id, settings, now)));
  }

  pause(id: string, now: Instant): Promise<Changed | null> {
    return promised(() => this.#byHand(() => this.#registry.pause(id, now)));
  }

  resume(id: string, now: Instant): Promise<Changed | null> {
    return promised(() => this.#byHand(() => this.#registry.resume(id, now)));
  }

  incident(flip: number): Promise<Incident | null> {
    return promised(() => this.#incidents.find(flip));
  }

  acknowledge(id: string, now: Instant, incident?: number): Promise<Changed | null> {
    return promised(() => {
      const stored = this.#apps.find(id);
      if (stored === null) return null;
      const { app, incident: open } = stored;
      if (open !== null && (incident ?? open) === open) this.#incidents.acknowledge(open, now);
      return { before: app, after: app };
    });
  }

  async forget(id: string, now: Instant): Promise<boolean> {
    this.#recorder.flush();
    const isKnown = await this.#transaction(() => this.#registry.forget(id, now));
    if (isKnown) this.#recorder.countApps(-1);
    return isKnown;
  }

  erase(limit: number): Promise<boolean> {
    return this.#transaction(() => this.#pages.erase(limit));
  }

  heartbeats(id: string, query: HistoryQuery): Promise<HeartbeatPage | null> {
    return promised(() => {
      const stored = this.#apps.find(id);
      return stored === null ? null : this.#pages.heartbeats(stored, query);
    });
  }

  flips(id: string, query: FlipQuery): Promise<FlipPage | null> {
    return promised(() => {
      const stored = this.#apps.find(id);
      return stored === null ? null : this.#pages.flips(stored, id, query);
    });
  }

  outbox(): Promise<Outbox> {
    return promised(() => this.#queues.read());
  }

  beginTry(errand: Errand, begin: Begin): Promise<Try | null> {
    return this.#transaction(() => this.#tries.begin(errand, begin));
  }

  settle(attempt: Try, delivery: Delivery, now: Instant): Promise<number> {
    return this.#transaction(() => this.#tries.settle(attempt, delivery, now));
  }

  serverFailed(reason: string, now: Instant): Promise<void> {
    return this.#transaction(() => this.#queues.serverFailed(reason, now));
  }

  serverReady(): Promise<void> {
    return this.#transaction(() => this.#queues.serverReady());
  }

  recover(now: Instant): Promise<void> {
    return this.#transaction(() => {
      this.#tries.recover(now);
      this.#queues.serverReady();
    });
  }

  adopt(settings: Settings, now: Instant): Promise<void> {
    return this.#transaction(() => {
      const parts = {
        db: this.#db,
        apps: this.#apps,
        history: this.#history,
        memory: this.#memory,
      };
      new Adoption(parts).adopt(settings, now);
      this.#tries.closeEmpty();
    });
  }

  health(): Promise<Health> {
    return promised(() => ({
      commitFailure: this.#commitFailure,
      nextDeadlineAt: this.#apps.nextDeadline(),
      ...this.#health.ofOutbox(),
    }));
  }

  onChange(listener: (change: Change) => void): void {
    this.#listener = listener;
  }

  addToken(token: StoredToken): Promise<void> {
    return this.#transaction(() => this.#memory.addToken(token));
  }

  hasAdminToken(): Promise<boolean> {
    return promised(() => this.#memory.hasAdminToken());
  }

  admits(hash: string, now: Instant): Promise<StoredToken["purpose"] | null> {
    return promised(() => this.#memory.admits(hash, now));
  }

  rememberOwner(url: string | null): Promise<void> {
    return this.#transaction(() => this.#memory.write("owner", url ?? ""));
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }

  #takeDown(stored: StoredApp, now: Instant): readonly Flip[] {
    const flip = silence(stored.app, now);
    if (flip === null) return [];
    const flipped = this.#history.addFlip(stored, flip, now);
    this.#apps.update({
      ...flipped,
      app: { ...stored.app, state: { kind: "down", since: flip.at } },
    });
    return [flip];
  }

  /** An admin's hand on an app: after the heartbeats that came before it. */
  #byHand(work: () => Hand | null): Changed | null {
    this.#recorder.flush();
    const hand = this.#db.transaction(work);
    if (hand === null) return null;
    const { before, after, flips } = hand;
    this.#listener({ deadlineAt: deadline(after), news: flips.filter(isNews) });
    return { before, after };
  }

  #add(id: string, settings: AppSettings): App {
    const isIgnored = this.#admission.ignoredApps.has(id);
    this.#recorder.countApps(1);
    try {
      return this.#db.transaction(() => this.#registry.add(id, settings, { isIgnored }));
    } catch (error) {
      this.#recorder.countApps(-1);
      throw error;
    }
  }

  #transaction<T>(work: () => T): Promise<T> {
    return promised(() => this.#db.transaction(work));
  }
}

/** What `work` returns or throws, as a promise: the driver is synchronous, the Store is not. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
