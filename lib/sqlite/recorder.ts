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
 * On one thread with all else: SQLite on a second one gained nothing, measured
 * on the floor of tests/bench/ (0.97 of its heartbeats a second).
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Defaults } from "../app.ts";
import type { Occupancy } from "../capacity.ts";
import type { Clock, Instant } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Heartbeat, receive } from "../heartbeat.ts";
import type { Change, Recorded } from "../store.ts";
import type { Spared } from "../text_quota.ts";
import type { StoredApp } from "./app_row.ts";
import { Batch, type BatchParts, tooManyApps } from "./batch.ts";
import type { CapacityTable } from "./capacity_table.ts";
import type { Settling } from "./settling.ts";
import type { Writer } from "./writer.ts";

/** How many heartbeats may wait for their group: about a second's worth, some 50 MB. */
const QUEUE_LIMIT = 50_000;

/** How many requests a group waits for: beyond that a flush costs each of them next to nothing. */
const GROUP_LIMIT = 500;

/** What the recorder works on. */
interface Parts extends BatchParts {
  readonly writer: Writer;
  readonly capacity: CapacityTable;
  readonly clock: Clock;
  readonly settling: Settling;
  /** Told of each commit. */
  readonly onCommit: (change: Change) => void;
}

/** A request in the open group. */
interface Waiting {
  readonly heartbeats: readonly Heartbeat[];
  readonly spared: Spared | null;
  readonly resolve: (recorded: readonly Recorded[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Writes heartbeats in groups. */
export class Recorder {
  readonly #parts: Parts;
  #open: Waiting[] = [];
  #openHeartbeats = 0;
  /** How many apps there are. */
  #registered: number;
  #stored = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#registered = parts.apps.count();
  }

  /** How many apps there are, and may be. */
  get occupancy(): Occupancy {
    return { apps: this.#registered, most: this.#parts.admission.maxApps };
  }

  /** How many heartbeats it has stored. */
  get stored(): number {
    return this.#stored;
  }

  /**
   * Takes up what an ended process left in the journal.
   *
   * @param defaults by which the deadlines were set.
   */
  replay(defaults: Defaults): void {
    const { apps, journal, known } = this.#parts;
    /** By its row how each app stands after what was read; null for one that was forgotten. */
    const standing = new Map<number, StoredApp | null>();
    for (const { id, entries } of journal.read()) {
      for (const { app, number, heartbeat } of entries) {
        const before = standing.get(app);
        const stored = before === undefined ? apps.findRow(app) : before;
        standing.set(app, stored);
        // Under load about a half of what is there was settled already.
        if (stored === null || stored.heartbeats >= number) continue;
        const beat = { ...heartbeat, appId: stored.app.id };
        const after = {
          ...stored,
          app: receive(stored.app, beat, defaults).app,
          heartbeats: number,
        };
        standing.set(app, after);
        known.defer(after, [beat], id);
      }
      known.commit();
    }
  }

  /** Counts apps that came or went otherwise; throws `too_many` for one that may not come. */
  countApps(more: 1 | -1): void {
    const { maxApps } = this.#parts.admission;
    if (more > 0 && this.#registered >= maxApps) throw tooManyApps(this.#registered, maxApps);
    this.#registered += more;
  }

  /** Joins the open group; see `Store.record()`. */
  record(heartbeats: readonly Heartbeat[], spared: Spared | null): Promise<readonly Recorded[]> {
    if (this.#openHeartbeats + heartbeats.length > QUEUE_LIMIT) {
      this.#deafen(heartbeats);
      return Promise.reject(unavailable("too many heartbeats wait to be stored"));
    }
    return new Promise((resolve, reject) => {
      if (this.#open.length === 0) setImmediate(() => this.#gather(0));
      this.#open.push({ heartbeats, spared, resolve, reject });
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
    const { writer, settling, capacity } = this.#parts;
    const beats = group.reduce((sum, { heartbeats }) => sum + heartbeats.length, 0);
    const { batch, outcomes } = writer.write((gap) => {
      settling.makeRoom(beats);
      const now = this.#parts.clock.now();
      const batch = new Batch(this.#parts, { registered: this.#registered, gap });
      const outcomes = group.map(({ heartbeats, spared }) =>
        batch.add(heartbeats.map(notAfter(now)), spared)
      );
      batch.write();
      if (batch.registered !== this.#registered) {
        capacity.note({ ...this.occupancy, apps: batch.registered }, now);
      }
      return { batch, outcomes };
    });
    this.#registered = batch.registered;
    this.#stored += batch.stored;
    const { earliestDeadline: deadlineAt, news, isMailChanged } = batch;
    this.#parts.onCommit({ deadlineAt, news, isOwed: news.length > 0 || isMailChanged });
    for (const [index, recorded] of outcomes.entries()) group[index]?.resolve(recorded);
  }
}

/** A heartbeat that waited while the clock was set back did not come in time to come. */
function notAfter(now: Instant): (heartbeat: Heartbeat) => Heartbeat {
  return (heartbeat) => heartbeat.at <= now ? heartbeat : { ...heartbeat, at: now };
}

function unavailable(why: string, cause?: unknown): AppError {
  return new AppError("unavailable", `Cannot store heartbeat: ${why}; try again`, { cause });
}
