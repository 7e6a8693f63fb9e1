/**
 * The Store on SQLite.
 *
 * @module
 */

import type { App, Defaults } from "../app.ts";
import { Arrivals } from "../arrivals.ts";
import type { Occupancy } from "../capacity.ts";
import type { Clock, Duration, Instant, Sight, Span } from "../clock.ts";
import type { Doubts } from "../doubt.ts";
import { AppError } from "../errors.ts";
import { isNews } from "../flip.ts";
import { CADENCE, type Cadence, type Gap } from "../gap.ts";
import type { Heartbeat } from "../heartbeat.ts";
import type { Attention, KnownApp } from "../known_app.ts";
import { Listening } from "../listening.ts";
import { drained } from "../loop.ts";
import type { MaintenanceWindow, NewWindow } from "../maintenance.ts";
import type { Delivery, Errand, Outbox } from "../outbox.ts";
import type { RefusedHeartbeat } from "../refused.ts";
import type { AppSettings } from "../registry.ts";
import type { Session } from "../session.ts";
import type { Spared } from "../text_quota.ts";
import type {
  AppPage,
  AppQuery,
  AppTally,
  BeatPage,
  BeatQuery,
  Begin,
  Change,
  Changed,
  Deafness,
  Figures,
  FlipPage,
  FlipQuery,
  GapPage,
  GapQuery,
  Handed,
  Health,
  HeartbeatPage,
  HistoryQuery,
  Incident,
  Listened,
  Look,
  MessagePage,
  MessageQuery,
  MessageText,
  PruneLimits,
  Recorded,
  Registered,
  Settings,
  StorageFile,
  Store,
  StoredToken,
  Swept,
  Try,
} from "../store.ts";
import { Adoption } from "./adoption.ts";
import { AppLists } from "./app_lists.ts";
import { AppTable } from "./apps.ts";
import type { Admission } from "./batch.ts";
import { Beats } from "./beats.ts";
import { CapacityTable } from "./capacity_table.ts";
import { readable } from "./connection.ts";
import { Counts } from "./counts.ts";
import { DoubtTable } from "./doubts.ts";
import { type Database, IN_MEMORY, openDatabase } from "./database.ts";
import { ExplainedApps } from "./explained.ts";
import { identityOf, measured } from "./file.ts";
import { Gaps } from "./gaps.ts";
import { HealthTable } from "./health.ts";
import { History } from "./history.ts";
import { Journal } from "./journal.ts";
import { KnownApps } from "./known_apps.ts";
import { Memory } from "./memory.ts";
import { Messages } from "./messages.ts";
import { Mutes } from "./mutes.ts";
import { OccasionTable } from "./occasions.ts";
import { Pages } from "./pages.ts";
import { Pruning } from "./pruning.ts";
import { Queues } from "./queues.ts";
import { Recorder } from "./recorder.ts";
import { RefusedHeartbeats } from "./refused.ts";
import { type Hand, Registry } from "./registry.ts";
import { Segments } from "./segments.ts";
import { Sessions } from "./sessions.ts";
import { SETTLE_STEP, Settling } from "./settling.ts";
import { Sweep } from "./sweep.ts";
import { Tallies } from "./tallies.ts";
import { Tries } from "./tries.ts";
import { endUse } from "./use.ts";
import { Writer } from "./writer.ts";

/** What the store needs to know of the settings. */
export interface StoreOptions {
  readonly addresses: readonly string[];
  readonly defaults: Defaults;
  readonly admission: Admission;
  /** Flips within an hour that make an app flapping. */
  readonly flappingFlips: number;
  /** Null for never. */
  readonly remindEvery: Duration | null;
  readonly clock: Clock;
  readonly cadence?: Cadence;
  /** The requests that come; none where nobody can send any. */
  readonly arrivals?: Arrivals;
  /** Asked whether this process still owns the file; it does where nobody can take it. */
  readonly isOwner?: () => boolean;
  /** Told of each transaction that failed. */
  readonly onFailure: (error: unknown) => void;
  /** Told of each gap, and of how many deadlines it moved. */
  readonly onGap: (gap: Gap, moved: number) => void;
  /** Told when there are nearly, and when there are as many apps as there may be. */
  readonly onScarce: (occupancy: Occupancy) => void;
}

/** The storage of one service in one SQLite file, or in memory for tests. */
export class SqliteStore implements Store, Disposable {
  /** Whether the file was made by this opening. */
  readonly isNew: boolean;
  readonly #db: Database;
  readonly #path: string;
  readonly #options: StoreOptions;
  readonly #known = new KnownApps();
  readonly #apps: AppTable;
  readonly #refused: RefusedHeartbeats;
  readonly #capacity: CapacityTable;
  readonly #settling: Settling;
  readonly #history: History;
  readonly #doubts: DoubtTable;
  readonly #mutes: Mutes;
  readonly #sweep: Sweep;
  readonly #gaps: Gaps;
  readonly #writer: Writer;
  readonly #occasions: OccasionTable;
  readonly #queues: Queues;
  readonly #tries: Tries;
  readonly #messages: Messages;
  readonly #health: HealthTable;
  readonly #counts: Counts;
  readonly #memory: Memory;
  readonly #recorder: Recorder;
  readonly #registry: Registry;
  readonly #lists: AppLists;
  readonly #tallies: Tallies;
  readonly #pages: Pages;
  readonly #beats: Beats;
  readonly #explained: ExplainedApps;
  readonly #pruning: Pruning;
  readonly #sessions: Sessions;
  readonly #listeners: ((change: Change) => void)[] = [];

  /**
   * Opens the file, making it where there is none.
   *
   * @throws {AppError} `unusable` for a file that is not ours to use.
   */
  static async open(path: string, options: StoreOptions): Promise<SqliteStore> {
    const { database, isNew } = await openDatabase(path);
    try {
      return new SqliteStore(database, path, { ...options, isNew });
    } catch (error) {
      database[Symbol.dispose]();
      throw readable(path, error);
    }
  }

  private constructor(
    db: Database,
    path: string,
    options: StoreOptions & { readonly isNew: boolean },
  ) {
    const { addresses, clock, cadence = CADENCE, defaults, flappingFlips, onFailure } = options;
    const { remindEvery } = options;
    this.isNew = options.isNew;
    this.#db = db;
    this.#path = path;
    this.#options = options;
    const known = this.#known;
    const segments = new Segments(db);
    const journal = new Journal(db);
    this.#apps = new AppTable({ db, known, segments });
    this.#memory = new Memory(db);
    const refused = this.#refused = new RefusedHeartbeats({ db, apps: this.#apps });
    const capacity = this.#capacity = new CapacityTable({
      db,
      memory: this.#memory,
      onScarce: (occupancy) => {
        options.onScarce(occupancy);
        this.#tell({ deadlineAt: null, news: [], isOwed: true });
      },
    });
    this.#mutes = new Mutes({ db, apps: this.#apps, addresses });
    this.#memory = new Memory(db);
    const doubts = this.#doubts = new DoubtTable(db, this.#memory);
    this.#history = new History({ db, addresses, flappingFlips, mutes: this.#mutes, doubts });
    this.#sweep = new Sweep({
      defaults,
      apps: this.#apps,
      history: this.#history,
      mutes: this.#mutes,
    });
    this.#gaps = new Gaps(db, options.onGap);
    const file = path === IN_MEMORY ? null : identityOf(path);
    const listening = new Listening(clock, cadence, options.arrivals ?? new Arrivals());
    const settled = { apps: this.#apps, gaps: this.#gaps, journal, known };
    const settling = this.#settling = new Settling(settled);
    const followers = [known, refused, capacity];
    this.#writer = new Writer({
      ...settled,
      ...{ db, listening, settling, refused, followers, clock, defaults, file, onFailure },
      isOwner: options.isOwner ?? (() => true),
    });
    this.#occasions = new OccasionTable(db, { remindEvery, most: options.admission.maxApps });
    this.#queues = new Queues(db, this.#occasions, addresses);
    this.#tries = new Tries(db, this.#occasions, remindEvery);
    this.#messages = new Messages(db, addresses);
    this.#health = new HealthTable(db);
    this.#counts = new Counts(db);
    this.#pruning = new Pruning(db);
    this.#sessions = new Sessions(db);
    this.#lists = new AppLists({ db, known, defaults });
    this.#tallies = new Tallies({ db, known, defaults });
    this.#pages = new Pages({ db, known, segments });
    this.#beats = new Beats({ db, known });
    this.#explained = new ExplainedApps({ db, history: this.#history, refused });
    const parts = {
      ...options,
      ...settled,
      db,
      doubts,
      history: this.#history,
      tries: this.#tries,
    };
    this.#registry = new Registry(parts);
    this.#recorder = new Recorder({
      ...parts,
      settling,
      capacity,
      writer: this.#writer,
      onCommit: (change) => this.#tell(change),
    });
    this.#recorder.replay(this.#memory.defaults() ?? defaults);
  }

  record(
    heartbeats: readonly Heartbeat[],
    spared: Spared | null = null,
  ): Promise<readonly Recorded[]> {
    return this.#recorder.record(heartbeats, spared);
  }

  noteRefused(
    appIds: readonly string[],
    refused: Omit<RefusedHeartbeat, "times">,
  ): Promise<string | null> {
    return promised(() => this.#refused.note(appIds, refused));
  }

  flush(): Promise<void> {
    return promised(() => this.#recorder.flush());
  }

  beginListening(): Promise<Gap | null> {
    return promised(() => {
      const gap = this.#writer.begin(this.#memory.defaults() ?? this.#options.defaults);
      this.#writer.write(() => {
        this.#occasions.add(this.#options.addresses, this.#now());
        // There may be more by the settings now, or fewer.
        this.#capacity.note(this.#recorder.occupancy, this.#now());
      });
      return gap;
    });
  }

  listen(): Promise<Listened> {
    return promised(() => this.#writer.listen());
  }

  endListening(at: Instant): Promise<void> {
    return promised(() => this.#writer.end(at));
  }

  reached(at: Instant): void {
    this.#writer.reached(at);
  }

  unreached(): void {
    this.#writer.unreached();
  }

  judgedBy(): Instant {
    return this.#writer.deaf ?? this.#now();
  }

  sight(): Sight {
    return this.#seenAt(this.judgedBy());
  }

  heardUntil(): Promise<Instant | null> {
    return promised(() => this.#gaps.heardUntil());
  }

  async takeDown(now: Instant, limit: number): Promise<Swept> {
    const { flips, told, isMore } = await this.#transaction(() =>
      this.#sweep.step(this.#notAfter(now), limit)
    );
    this.#tell({ deadlineAt: null, news: flips, isOwed: flips.length + told > 0 });
    return { down: flips.length, isMore };
  }

  nextDeadline(): Promise<Instant | null> {
    return promised(() => this.#apps.nextDeadline());
  }

  app(id: string): Promise<App | null> {
    return promised(() => this.#apps.find(id)?.app ?? null);
  }

  explained(id: string): Promise<KnownApp | null> {
    return promised(() => {
      const stored = this.#apps.find(id);
      return stored === null ? null : this.#explained.read(stored);
    });
  }

  attention(id: string): Promise<Attention | null> {
    return promised(() => this.#apps.find(id));
  }

  apps(query: AppQuery): Promise<AppPage> {
    return promised(() => this.#lists.page(query, this.#seenAt(query.now)));
  }

  tally(now: Instant): Promise<AppTally> {
    return this.#tallies.tally(this.#seenAt(now));
  }

  register(
    id: string,
    settings: AppSettings,
    now: Instant,
    look?: (known: Handed | null) => void,
  ): Promise<Registered> {
    return promised(() => {
      const changed = this.#byHand(() => this.#registry.change(id, settings, { now, look }));
      if (changed !== null) return changed;
      look?.(null);
      return { before: null, after: this.#add(id, settings) };
    });
  }

  change(
    id: string,
    settings: Partial<AppSettings> | ((app: App) => Partial<AppSettings>),
    now: Instant,
    look?: Look,
  ): Promise<Changed | null> {
    return promised(() => this.#byHand(() => this.#registry.change(id, settings, { now, look })));
  }

  pause(id: string, now: Instant, look?: Look): Promise<Changed | null> {
    return promised(() => this.#byHand(() => this.#registry.pause(id, { now, look })));
  }

  resume(id: string, now: Instant, look?: Look): Promise<Changed | null> {
    return promised(() => this.#byHand(() => this.#registry.resume(id, { now, look })));
  }

  acknowledge(
    id: string,
    now: Instant,
    incident: number | null = null,
    look?: Look,
  ): Promise<Changed | null> {
    const work = () => this.#registry.acknowledge(id, incident, { now, look });
    return promised(() => this.#byHand(work));
  }

  snooze(id: string, until: Instant | null, now: Instant, look?: Look): Promise<Changed | null> {
    return promised(() => {
      const changed = this.#byHand(() => this.#registry.snooze(id, until, { now, look }));
      this.#tell({ deadlineAt: this.#apps.nextDeadline(), news: [], isOwed: true });
      return changed;
    });
  }

  incident(flip: number): Promise<Incident | null> {
    return promised(() => this.#registry.incident(flip));
  }

  maintenance(now: Instant): Promise<readonly MaintenanceWindow[]> {
    return promised(() => this.#mutes.windows(now));
  }

  addMaintenance(window: NewWindow, now: Instant): Promise<MaintenanceWindow> {
    return this.#transaction(() => this.#mutes.add(window, now));
  }

  async removeMaintenance(id: number, now: Instant): Promise<boolean> {
    const remove = () => this.#settling.changeAll(() => this.#mutes.remove(id, now));
    const isKnown = await this.#transaction(remove);
    this.#tell({ deadlineAt: this.#apps.nextDeadline(), news: [], isOwed: false });
    return isKnown;
  }

  async forget(id: string, now: Instant, look?: Look): Promise<boolean> {
    this.#recorder.flush();
    const { apps, most } = this.#recorder.occupancy;
    const isKnown = await this.#transaction(() => {
      const isForgotten = this.#registry.forget(id, { now, look });
      if (isForgotten) this.#capacity.note({ apps: apps - 1, most }, this.#now());
      return isForgotten;
    });
    if (!isKnown) return false;
    this.#recorder.countApps(-1);
    // A message may have nothing to tell by now, so that what waited for its next try can go.
    this.#tell({ deadlineAt: null, news: [], isOwed: true });
    return true;
  }

  prune(limits: PruneLimits): Promise<boolean> {
    return this.#transaction(() => this.#pruning.step(limits));
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

  gaps(query: GapQuery): Promise<GapPage> {
    return promised(() => this.#pages.gaps(query));
  }

  deafness(since: Instant): Promise<Deafness> {
    return promised(() => this.#pages.deafness(since));
  }

  beats(id: string, query: BeatQuery): Promise<BeatPage | null> {
    return promised(() => {
      const stored = this.#apps.find(id);
      return stored === null ? null : this.#beats.page(stored, query);
    });
  }

  gapsSince(from: Instant): Promise<readonly Gap[]> {
    return promised(() => this.#gaps.since(from));
  }

  doubts(ids: readonly string[], from: Instant): Promise<ReadonlyMap<string, Doubts>> {
    return promised(() => {
      const rows = ids.flatMap((id) => {
        const stored = this.#apps.find(id);
        return stored === null ? [] : [[id, stored.id] as const];
      });
      return this.#doubts.of(new Map(rows), from);
    });
  }

  earlierGaps(from: Instant): Promise<readonly Span[]> {
    return promised(() => this.#doubts.earlierGaps(from));
  }

  outbox(beside: ReadonlySet<string> = new Set()): Promise<Outbox> {
    return promised(() => this.#queues.read(beside));
  }

  messages(query: MessageQuery): Promise<MessagePage> {
    return promised(() => this.#messages.page(query));
  }

  message(id: number, limit: number): Promise<MessageText | null> {
    return promised(() => this.#messages.one(id, limit));
  }

  async beginTry(errand: Errand, begin: Begin): Promise<Try | null> {
    await this.#settled();
    return await this.#transaction(() => {
      // What has been refused by now is told in the letter.
      this.#refused.write();
      return this.#tries.begin(errand, begin);
    });
  }

  async settle(attempt: Try, delivery: Delivery, now: Instant): Promise<number> {
    const settle = () => this.#tries.settle(attempt, delivery, this.#notAfter(now));
    const failed = await this.#transaction(settle);
    // The page that shows the outbox is to know.
    this.#tell({ deadlineAt: null, news: [], isOwed: false });
    return failed;
  }

  serverFailed(reason: string, now: Instant): Promise<void> {
    return this.#transaction(() => this.#queues.serverFailed(reason, this.#notAfter(now)));
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
      if (settings.hasMail) this.#tries.closeRemoved(settings.addresses);
      this.#tries.closeEmpty();
    });
  }

  health(): Promise<Health> {
    return promised(() => ({
      failure: this.#writer.failure,
      loss: this.#writer.loss,
      shutSince: this.#writer.shutSince,
      nextDeadlineAt: this.#apps.nextDeadline(),
      occupancy: this.#recorder.occupancy,
      ...this.#health.ofOutbox(),
    }));
  }

  file(): Promise<StorageFile> {
    return promised(() => measured(this.#path));
  }

  async figures(): Promise<Figures> {
    while (this.#counts.step()) await drained();
    return {
      ...this.#counts.read(),
      heartbeats: this.#recorder.stored,
      deafSince: this.#writer.deaf,
      commits: this.#writer.commits.read(),
      failedCommits: this.#writer.failures,
    };
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  addToken(token: StoredToken): Promise<void> {
    return this.#transaction(() => this.#memory.addToken(token));
  }

  adminHash(): Promise<string | null> {
    return promised(() => this.#memory.adminHash());
  }

  session(hash: string, now: Instant): Promise<Session | null> {
    return promised(() => this.#sessions.find(hash, now));
  }

  openSession(session: Session, now: Instant): Promise<void> {
    return this.#transaction(() => this.#sessions.open(session, now));
  }

  endSession(hash: string, at: Instant): Promise<void> {
    return this.#transaction(() => this.#sessions.end(hash, at));
  }

  admits(hash: string, now: Instant): Promise<StoredToken["purpose"] | null> {
    return promised(() => {
      const purpose = this.#memory.purpose(hash);
      if (purpose !== "pass") return purpose;
      return this.#writer.write(() => this.#memory.usePass(hash, now)) ? purpose : null;
    });
  }

  acknowledgeKey(made: string): Promise<string> {
    return promised(() => {
      const key = this.#memory.read("acknowledge key");
      if (key === null) this.#writer.write(() => this.#memory.write("acknowledge key", made));
      return key ?? made;
    });
  }

  linkKey(): string {
    const key = this.#memory.read("acknowledge key");
    if (key === null) throw new Error("Cannot sign a link: there is no key");
    return key;
  }

  rememberOwner(url: string | null): Promise<void> {
    return this.#transaction(() => this.#memory.write("owner", url ?? ""));
  }

  [Symbol.dispose](): void {
    if (this.#writer.loss === null) endUse(this.#db);
    this.#db[Symbol.dispose]();
  }

  /** An admin's hand on an app: after the heartbeats that came before it. */
  #byHand(work: () => Hand | null): Changed | null {
    this.#recorder.flush();
    const hand = this.#writer.write(work);
    if (hand === null) return null;
    const { before, after, flips } = hand;
    const news = flips.filter(isNews);
    // Also the end of a snooze or maintenance in which it was found to have fallen; and a message may
    // have nothing to tell by now, so that what waited for its next try can go.
    this.#tell({ deadlineAt: this.#apps.nextDeadline(), news, isOwed: true });
    return { before, after };
  }

  #add(id: string, settings: AppSettings): App {
    const isIgnored = this.#options.admission.ignoredApps.has(id);
    this.#recorder.countApps(1);
    try {
      return this.#writer.write(() => {
        this.#capacity.note(this.#recorder.occupancy, this.#now());
        return this.#registry.add(id, settings, { isIgnored });
      });
    } catch (error) {
      this.#recorder.countApps(-1);
      throw error;
    }
  }

  /**
   * Has all that was sent by now in its tables, step by step, with heartbeats
   * taken between them. While the storage fails, what is there is read.
   */
  async #settled(): Promise<void> {
    for (let left = this.#settling.steps; left > 0 && this.#writer.failure === null; left--) {
      try {
        this.#writer.write(() => this.#settling.step(SETTLE_STEP));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
      if (left > 1) await drained();
    }
  }

  /** How apps are seen that are judged by `judgedBy`. */
  #seenAt(judgedBy: Instant): Sight {
    return { judgedBy, now: this.#writer.deaf === null ? judgedBy : this.#now() };
  }

  #transaction<T>(work: () => T): Promise<T> {
    return promised(() => this.#writer.write(work));
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** A clock that was set back meanwhile has moved all back that time is counted from. */
  #notAfter(now: Instant): Instant {
    return Math.min(now, this.#now());
  }

  #now(): Instant {
    return this.#options.clock.now();
  }
}

/** What `work` returns or throws, as a promise: the driver is synchronous, the Store is not. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
