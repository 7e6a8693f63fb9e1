/**
 * Writing: each transaction first writes down what was not heard before it, so
 * that nobody is judged by a silence that ran through a gap.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import { type Clock, type Duration, type Instant, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Gap } from "../gap.ts";
import { Histogram } from "../histogram.ts";
import type { Listening, Unwritten } from "../listening.ts";
import type { FileLoss, Listened, StorageFailure } from "../store.ts";
import { shiftClock } from "./clock_shift.ts";
import { BUSY, BUSY_TIMEOUT, type Database, errorCode, isStorageFault } from "./database.ts";
import { type Identity, lossOf } from "./file.ts";
import type { Gaps } from "./gaps.ts";
import type { RefusedHeartbeats } from "./refused.ts";
import { SETTLE_STEP, type Settling } from "./settling.ts";

/** From a flush of a fast disk to one that an admin should know of, in milliseconds. */
const COMMIT_BOUNDS = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500];

/** How long we own the file without a look at the lock: one before each commit would cost a tenth of it. */
const LOOK_AT_LOCK_EVERY: Duration = SECOND / 5;

/** Whoever says something within a transaction that holds from its commit on. */
export interface Follower {
  /** The transaction is on disk. */
  commit(): void;
  /** Nothing of the transaction is on disk. */
  rollBack(): void;
}

/** What writing works on. */
interface Parts {
  readonly db: Database;
  readonly gaps: Gaps;
  readonly listening: Listening;
  readonly followers: readonly Follower[];
  readonly refused: RefusedHeartbeats;
  readonly settling: Settling;
  readonly clock: Pick<Clock, "stopwatch">;
  /** By which deadlines are set. */
  readonly defaults: Defaults;
  /** The file; null for a database in memory. */
  readonly file: Identity | null;
  /** Asked whether this process still owns the file. */
  readonly isOwner: () => boolean;
  /** Told of each transaction that failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Writes to the database. */
export class Writer {
  /** How long transactions took that are on disk. */
  readonly commits = new Histogram(COMMIT_BOUNDS);
  readonly #parts: Parts;
  #failures = 0;
  /** Before it began nothing is heard, whatever the clocks tell, and the mark stays as it was left. */
  #hasBegun = false;
  #endedAt: Instant | null = null;
  #failure: StorageFailure | null = null;
  #loss: FileLoss | null = null;
  /** When this process was last known to own the file, by the stopwatch. */
  #ownedAt: Duration = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Why the last transaction failed, and since when they do; null if it did not. */
  get failure(): StorageFailure | null {
    return this.#failure;
  }

  /** How many transactions failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Since when nothing could be heard, or null. */
  get deaf(): Instant | null {
    return this.#parts.listening.deaf;
  }

  /** Since when the door is shut, or null. */
  get shutSince(): Instant | null {
    return this.#parts.listening.shutSince;
  }

  /** What became of the file; null while it is in its place. */
  get loss(): FileLoss | null {
    return this.#loss;
  }

  /**
   * One transaction. `work` is told of the gap that has just been written, for
   * some of what it brings may have waited through it.
   *
   * @throws {AppError} `unavailable` if the storage fails, or the file is no
   * longer in its place.
   */
  write<T>(work: (gap: Gap | null) => T): T {
    const { db, gaps, listening, followers, settling, clock, onFailure } = this.#parts;
    const loss = this.#look();
    if (loss !== null) throw lost(loss);
    const unwritten = listening.look();
    const began = clock.stopwatch();
    try {
      const result = db.transaction(() => {
        const isListening = this.#hasBegun && this.#endedAt === null;
        if (isListening) this.#catchUp(unwritten);
        const done = work(isListening ? unwritten.gap : null);
        // What is stored after the end was under way by then: it is not later than that.
        if (this.#endedAt !== null) {
          settling.all();
          gaps.mark(this.#endedAt);
        }
        return done;
      });
      this.commits.observe(clock.stopwatch() - began);
      for (const follower of followers) follower.commit();
      listening.wrote();
      if (this.#failure !== null) db.waitForOthers(BUSY_TIMEOUT);
      this.#failure = null;
      return result;
    } catch (error) {
      for (const follower of followers) follower.rollBack();
      if (error instanceof AppError) throw error;
      this.#failures++;
      const reason = error instanceof Error ? error.message : String(error);
      // Once another process holds the file for longer, waiting each time would only make all wait.
      if (this.#failure === null && errorCode(error) === BUSY) db.waitForOthers(0);
      this.#failure = { since: this.#failure?.since ?? listening.now, reason };
      const failure = isStorageFault(error) ? unavailable(reason, error) : error;
      onFailure(failure);
      throw failure;
    }
  }

  /**
   * Ends the gap in which nobody listened, by the mark that was left. Returns
   * it, or null if there is none to count from.
   *
   * @param defaults by which the deadlines were set.
   */
  begin(defaults: Defaults): Gap | null {
    const { db, gaps, listening, settling } = this.#parts;
    this.#hasBegun = false;
    this.#endedAt = null;
    const gap = this.write(() => {
      const { now } = listening;
      const from = gaps.heardUntil();
      return settling.changeAll(() => {
        gaps.mark(now);
        if (from === null) return null;
        if (from <= now) return gaps.add({ from, to: now, cause: "off" }, defaults);
        shiftClock(db, from - now, now);
        return gaps.addUnmeasured(now, defaults);
      });
    });
    this.#hasBegun = true;
    return gap;
  }

  /** Notes that nobody listens any more, from `at` on. */
  end(at: Instant): void {
    const { gaps, refused, settling } = this.#parts;
    this.write(() => {
      // So that the next start has nothing to read.
      settling.all();
      refused.write();
      gaps.mark(at);
    });
    this.#endedAt = at;
  }

  /**
   * Writes what was found, if anything was, and the listening mark when it is
   * time, and settles some of what waits; see `Store.listen()`.
   */
  listen(): Listened {
    const { gaps, listening, refused, settling } = this.#parts;
    const { back, gap } = listening.look();
    // What failed is tried again when the next mark is due, or by the next heartbeat.
    const isFound = this.#failure === null && (back > 0 || gap !== null);
    const isMarked = isFound || listening.isMarkDue;
    const isSettling = this.#failure === null && !settling.isDone;
    if (isMarked) listening.marked();
    if (isMarked || isSettling) {
      try {
        this.write(() => {
          settling.step(SETTLE_STEP);
          if (!isMarked) return;
          refused.write();
          gaps.mark(listening.now);
        });
      } catch {
        // Told by `onFailure`, and by what is returned. From here on nobody would be heard.
        listening.deafSince(listening.now, "unstored");
      }
    }
    const loss = this.#look();
    if (loss !== null) return { outcome: "lost", loss };
    if (this.#failure !== null) return { outcome: "failing", failure: this.#failure };
    return { outcome: "listening", isMarked };
  }

  /** Heartbeats were refused from `at` on. */
  deafSince(at: Instant): void {
    this.#parts.listening.deafSince(at, "unstored");
  }

  /** See `Store.reached()`. */
  reached(at: Instant): void {
    this.#parts.listening.reached(at);
  }

  /** See `Store.unreached()`. */
  unreached(): void {
    this.#parts.listening.unreached();
  }

  /**
   * What became of the file: SQLite would go on writing to one that nobody finds
   * any more, or that another process writes as well.
   */
  #look(): FileLoss | null {
    const { file, clock, isOwner } = this.#parts;
    if (file === null) return null;
    const now = clock.stopwatch();
    if (now - this.#ownedAt >= LOOK_AT_LOCK_EVERY) {
      this.#ownedAt = now;
      if (!isOwner()) this.#loss ??= { database: file.path, what: "taken over" };
    }
    this.#loss ??= lossOf(file);
    return this.#loss;
  }

  #catchUp({ back, gap }: Unwritten): void {
    const { db, gaps, listening, settling, defaults } = this.#parts;
    if (back === 0 && gap === null) return;
    settling.changeAll(() => {
      if (back > 0) shiftClock(db, back, listening.now);
      if (gap !== null) gaps.add(gap, defaults);
      gaps.mark(listening.now);
    });
  }
}

function unavailable(reason: string, cause: unknown): AppError {
  return new AppError("unavailable", `Cannot write the database: ${reason}; try again`, { cause });
}

function lost({ database, what }: FileLoss): AppError {
  return new AppError("unavailable", `Cannot write database "${database}": it was ${what}`);
}
