/**
 * Heartbeats on their way to disk, in groups.
 *
 *  request ──┐
 *  request ──┼── open group ── one transaction, one flush ── answers
 *  request ──┘
 *
 * A request joins the open group; the group is written once the event loop
 * has drained its sockets. Every flush is paid once for all that came while
 * the one before was under way.
 *
 * What leaves an app on its side goes into the journal, one row for all of the
 * group, and into the app's tables later (settling.ts). What has it change
 * sides goes there at once.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { type Defaults, register, status } from "../app.ts";
import type { Clock, Instant } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Flip, isNews } from "../flip.ts";
import { type Heartbeat, receive } from "../heartbeat.ts";
import type { Change, Receipt } from "../store.ts";
import type { AppTable, StoredApp } from "./apps.ts";
import type { Gaps } from "./gaps.ts";
import type { History } from "./history.ts";
import type { Entry, Journal } from "./journal.ts";
import type { KnownApps } from "./known_apps.ts";
import type { Settling } from "./settling.ts";
import type { Writer } from "./writer.ts";

/** How many heartbeats may wait for their group: about a second's worth, some 50 MB. */
const QUEUE_LIMIT = 50_000;

/** How many requests a group waits for: beyond that a flush costs each of them next to nothing. */
const GROUP_LIMIT = 500;

/** Who may send heartbeats. */
export interface Admission {
  readonly autoRegister: boolean;
  readonly maxApps: number;
  readonly ignoredApps: ReadonlySet<string>;
}

/** What the recorder works on. */
interface Parts {
  readonly writer: Writer;
  readonly clock: Clock;
  readonly apps: AppTable;
  readonly history: History;
  readonly gaps: Gaps;
  readonly journal: Journal;
  readonly known: KnownApps;
  readonly settling: Settling;
  readonly admission: Admission;
  readonly defaults: Defaults;
  /** Told of each commit. */
  readonly onCommit: (change: Change) => void;
}

/** A request in the open group. */
interface Waiting {
  readonly heartbeats: readonly Heartbeat[];
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What became of a request in a transaction that is not committed yet. */
type Outcome = { readonly receipts: readonly Receipt[] } | { readonly refused: AppError };

/** Writes heartbeats in groups. */
export class Recorder {
  readonly #parts: Parts;
  #open: Waiting[] = [];
  #openHeartbeats = 0;
  #known: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#known = parts.apps.count();
  }

  /**
   * Takes up what an ended process left in the journal.
   *
   * @param defaults by which the deadlines were set.
   */
  replay(defaults: Defaults): void {
    const { apps, journal, known } = this.#parts;
    for (const { id, entries } of journal.read()) {
      for (const { app, number, heartbeat } of entries) {
        const stored = apps.findRow(app);
        // It was forgotten since, or this was settled with a later one that had it change sides.
        if (stored === null || stored.heartbeats >= number) continue;
        const beat = { ...heartbeat, appId: stored.app.id };
        const heard = receive(stored.app, beat, defaults);
        known.defer({ ...stored, app: heard.app, heartbeats: number }, [beat], id);
      }
      known.commit();
    }
  }

  /** Counts apps that came or went otherwise; throws `too_many` for one that may not come. */
  countApps(more: 1 | -1): void {
    const { maxApps } = this.#parts.admission;
    if (more > 0 && this.#known >= maxApps) throw tooManyApps(this.#known, maxApps);
    this.#known += more;
  }

  /** Joins the open group; see `Store.record()`. */
  record(heartbeats: readonly Heartbeat[]): Promise<readonly Receipt[]> {
    if (this.#openHeartbeats + heartbeats.length > QUEUE_LIMIT) {
      this.#deafen(heartbeats);
      return Promise.reject(unavailable("too many heartbeats wait to be stored"));
    }
    return new Promise((resolve, reject) => {
      if (this.#open.length === 0) setImmediate(() => this.#gather(0));
      this.#open.push({ heartbeats, resolve, reject });
      this.#openHeartbeats += heartbeats.length;
    });
  }

  /**
   * Writes the open group once nothing has joined it for a turn of the loop:
   * each flush is worth waiting for whoever comes (tests/bench/: a fifth more
   * heartbeats a second than without).
   */
  #gather(joined: number): void {
    const now = this.#open.length;
    if (now > joined && now < GROUP_LIMIT) setImmediate(() => this.#gather(now));
    else this.flush();
  }

  /** Writes the open group. Without effect when nothing waits. */
  flush(): void {
    const group = this.#open;
    if (group.length === 0) return;
    this.#open = [];
    this.#openHeartbeats = 0;
    try {
      this.#write(group);
    } catch (error) {
      // Unless it is the storage, one of them may have been the reason: each gets a try of its own.
      for (const waiting of group) {
        if (error instanceof AppError) this.#refuse(waiting, error);
        else this.#writeAlone(waiting);
      }
    }
  }

  #writeAlone(waiting: Waiting): void {
    try {
      this.#write([waiting]);
    } catch (error) {
      this.#refuse(waiting, error);
    }
  }

  #refuse({ heartbeats, reject }: Waiting, error: unknown): void {
    this.#deafen(heartbeats);
    reject(unavailable("the database could not be written", error));
  }

  /** What is refused is not heard: their senders, and whoever comes till the next commit. */
  #deafen(heartbeats: readonly Heartbeat[]): void {
    for (const { at } of heartbeats) this.#parts.writer.deafSince(at);
  }

  /** One transaction; answers are given once it is on disk. */
  #write(group: readonly Waiting[]): void {
    const { writer, settling } = this.#parts;
    const beats = group.reduce((sum, { heartbeats }) => sum + heartbeats.length, 0);
    const batch = new Batch(this.#parts, this.#known);
    const outcomes = writer.write(() => {
      settling.makeRoom(beats);
      const now = this.#parts.clock.now();
      const all = group.map(({ heartbeats }) => batch.add(heartbeats.map(notAfter(now))));
      batch.write();
      return all;
    });
    this.#known = batch.known;
    const { earliestDeadline: deadlineAt, news } = batch;
    this.#parts.onCommit({ deadlineAt, news, isOwed: news.length > 0 });
    for (const [index, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      if ("refused" in outcome) reject(outcome.refused);
      else resolve(outcome.receipts);
    }
  }
}

/** A heartbeat that waited while the clock was set back did not come in time to come. */
function notAfter(now: Instant): (heartbeat: Heartbeat) => Heartbeat {
  return (heartbeat) => heartbeat.at <= now ? heartbeat : { ...heartbeat, at: now };
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
class Batch {
  readonly #parts: Parts;
  readonly #touched = new Map<string, Touched>();
  /** How many apps there are, with those of this batch. */
  known: number;
  /** The news it makes, in order. */
  readonly news: Flip[] = [];

  constructor(parts: Parts, known: number) {
    this.#parts = parts;
    this.known = known;
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
    for (const { stored, beats, isMoved } of this.#touched.values()) {
      if (isMoved) {
        apps.update(stored, beats);
        gaps.heard(beats.at(-1)?.at ?? null);
        continue;
      }
      const first = stored.heartbeats - beats.length + 1;
      for (const [index, heartbeat] of beats.entries()) {
        entries.push({ app: stored.id, number: first + index, heartbeat });
      }
    }
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
    if (this.known + unknown.size > admission.maxApps) {
      return tooManyApps(this.known, admission.maxApps);
    }
    return null;
  }

  #receive(heartbeat: Heartbeat): Receipt {
    const { defaults, history } = this.#parts;
    const touched = this.#touched.get(heartbeat.appId) ?? this.#register(heartbeat.appId);
    const { app, flips } = receive(touched.stored.app, heartbeat, defaults);
    for (const flip of flips) {
      touched.isMoved = true;
      touched.stored = history.addFlip(touched.stored, flip, heartbeat.at);
      if (isNews(flip)) this.news.push(flip);
    }
    touched.beats.push(heartbeat);
    touched.stored = { ...touched.stored, app, heartbeats: touched.stored.heartbeats + 1 };
    return { appId: app.id, status: status(app, heartbeat.at, defaults) };
  }

  #register(appId: string): Touched {
    this.known++;
    const isIgnored = this.#parts.admission.ignoredApps.has(appId);
    const stored = this.#parts.apps.insert(register(appId, { isIgnored }));
    const touched = { stored, beats: [], isMoved: true };
    this.#touched.set(appId, touched);
    return touched;
  }
}

function unknownApps(unknown: ReadonlyMap<string, number>): AppError {
  const details = [...unknown].map(([appId, index]) => ({
    path: `${index}.app_id`,
    message: `App "${appId}" is not registered, and AUTO_REGISTER is false`,
  }));
  return new AppError("not_found", "Cannot store heartbeat: unknown app", { details });
}

function tooManyApps(known: number, most: number): AppError {
  return new AppError(
    "too_many",
    `Cannot register another app: there are ${known} of at most ${most} (MAX_APPS)`,
  );
}

function unavailable(why: string, cause?: unknown): AppError {
  return new AppError("unavailable", `Cannot store heartbeat: ${why}; try again`, { cause });
}
