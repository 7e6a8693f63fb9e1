/**
 * The two things the service does by itself: it takes silent apps down, and
 * delivers what is owed.
 *
 * @module
 */

import type { Arrivals } from "./arrivals.ts";
import { type Clock, type Duration, type Instant, SECOND, within } from "./clock.ts";
import { englishHint } from "./hint.ts";
import type { Letter, LetterFacts } from "./letter.ts";
import type { Log } from "./log.ts";
import { served } from "./loop.ts";
import { MailDoor } from "./mail_door.ts";
import {
  type Delivery,
  type Errand,
  errands,
  type Failure,
  type Mailer,
  type Outbox,
  type Session,
  type Timing,
} from "./outbox.ts";
import type { Store, Try } from "./store.ts";
import { type Attempt, UnderWay } from "./under_way.ts";

/** Apps taken down in one transaction: some 8 ms, so that no heartbeat waits long behind it. */
const SWEEP_STEP = 100;

/** How long delivery rests when our own part of it failed, as when the disk is full. */
const REST_AFTER_FAULT: Duration = 15 * SECOND;

/** What the service needs for what it does by itself. */
export interface WatchParts {
  readonly store: Store;
  readonly arrivals: Arrivals;
  /** Null while mail is not set up: debts wait. */
  readonly mailer: Mailer | null;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Log;
  /** Puts what is owed into words, at `now`. */
  readonly write: (facts: LetterFacts, now: Instant) => Letter;
  /** A new `Message-ID`. */
  readonly messageId: () => string;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** What one round of deliveries came to. */
export interface Delivered {
  /** Messages that a server took. */
  readonly sent: number;
  /** Tries that did not end so. */
  readonly waiting: number;
  /** Tries that have not ended, these or others. */
  readonly trying: number;
}

/** How a round of deliveries is made. */
export interface Round {
  /** Overrides the retry clocks, not the gathering of news into one letter. */
  readonly isRetryNow?: boolean;
  /** How long what comes of it is waited for; the tries go on. */
  readonly patience?: Duration;
}

/** Sweeps and delivers. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #door: MailDoor | null;
  readonly #underWay: UnderWay;
  /** Tries that ended but could not be settled, as when the disk was full. */
  #unsettled: { attempt: Try; delivery: Delivery; endedAt: Instant }[] = [];
  /** Only one judges at a time. */
  #judging: Promise<unknown> = Promise.resolve();
  /** By the steady clock. */
  #restUntil: Duration = 0;
  #onTryEnded: () => void = () => {};
  #isSure: () => Promise<boolean> = () => Promise.resolve(true);

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#door = parts.mailer === null ? null : new MailDoor(parts.mailer, parts.clock);
    this.#underWay = new UnderWay(parts.clock);
  }

  /** Calls `listener` whenever a try has ended, so that another may be due. */
  onTryEnded(listener: () => void): void {
    this.#onTryEnded = listener;
  }

  /** Asks `isSure`, before a sweep judges anyone, whether who was silent could have been heard. */
  judgeIf(isSure: () => Promise<boolean>): void {
    this.#isSure = isSure;
  }

  /**
   * Takes down the apps whose deadline has passed, and returns how many.
   *
   * The instant is taken first and the queued heartbeats are written before
   * anyone is judged by it: one that came in time never ends in an alarm. And
   * the door is looked at after it: it may be shut since the look before.
   */
  async sweep(): Promise<number> {
    const { store, clock, arrivals } = this.#parts;
    const now = clock.now();
    await arrivals.allRead();
    const next = await store.nextDeadline();
    if (next !== null && next <= now && !(await this.#isSure())) return 0;
    await store.flush();
    return await this.judge(now);
  }

  /**
   * Takes down the apps whose deadline had passed by `now`, and returns how
   * many. Once all that was asked for before is done: each sweep leaves time
   * for heartbeats between its own steps only.
   */
  judge(now: Instant): Promise<number> {
    const judged = this.#judging.then(() => this.#judge(now));
    // Why it failed is told to who asked for it; the next one tries anew.
    this.#judging = judged.catch(() => {});
    return judged;
  }

  async #judge(now: Instant): Promise<number> {
    let total = 0;
    for (;;) {
      const { down, isMore } = await this.#parts.store.takeDown(now, SWEEP_STEP);
      total += down;
      if (!isMore) return total;
      await served();
    }
  }

  /** The earliest instant at which a try can be made, or null if none is to be. */
  async nextTryAt(): Promise<Instant | null> {
    const { store, clock } = this.#parts;
    if (this.#door === null) return null;
    const planned = this.#plan(await store.outbox(this.#underWay.slow()));
    const now = clock.now();
    const times = planned.map(({ errand, heldUpFor }) => Math.max(errand.at, now + heldUpFor));
    if (this.#unsettled.length > 0) times.push(now);
    if (times.length === 0) return null;
    return Math.max(Math.min(...times), now + this.#rest());
  }

  /** Makes the tries that are due, and resolves when these have ended. */
  async deliver({ isRetryNow = false, patience }: Round = {}): Promise<Delivered> {
    const { store, clock } = this.#parts;
    const door = this.#door;
    const now = clock.now();
    const isResting = this.#rest() > 0 && !isRetryNow;
    if (door === null || isResting) return { sent: 0, waiting: 0, trying: this.#underWay.count };
    await this.#settleLeft();
    const ended: boolean[] = [];
    const tries = this.#plan(await store.outbox(this.#underWay.slow()), isRetryNow)
      .filter(({ errand, heldUpFor }) => errand.at <= now && heldUpFor === 0)
      .map(async ({ errand }) => ended.push(await this.#try(errand, { door, isRetryNow })));
    const all = Promise.all(tries);
    await (patience === undefined ? all : within(clock, patience, all));
    const sent = ended.filter((isSent) => isSent).length;
    return { sent, waiting: ended.length - sent, trying: this.#underWay.count };
  }

  /** The tries to be made, one to each address, and how long what is under way holds each up. */
  #plan(outbox: Outbox, isRetryNow = false): readonly Planned[] {
    const all = errands(isRetryNow ? withoutClocks(outbox) : outbox, this.#parts.timing);
    const taken = new Set<string>();
    return all.flatMap((errand) => {
      const heldUpFor = taken.has(errand.address) ? null : this.#underWay.heldUpFor(errand);
      if (heldUpFor === null) return [];
      taken.add(errand.address);
      return [{ errand, heldUpFor }];
    });
  }

  /** Makes one try; returns whether a server took the message. */
  async #try(errand: Errand, { door, isRetryNow }: TryOptions): Promise<boolean> {
    const { store, log, signal } = this.#parts;
    const attempt = this.#underWay.begin(errand);
    try {
      const connection = await door.enter(signal);
      if (connection === null) return false;
      if (connection.outcome === "unreachable") {
        await this.#serverFailed(connection);
        return false;
      }
      const { session } = connection;
      try {
        await store.serverReady();
        const due = await this.#stillDue(attempt, isRetryNow);
        return due !== null && await this.#send(due, session);
      } finally {
        session.close();
      }
    } catch (error) {
      this.#beginRest();
      log.error("delivery failed", { to: errand.address, error });
      return false;
    } finally {
      this.#underWay.end(attempt);
      this.#onTryEnded();
    }
  }

  async #serverFailed({ reason, hint }: Failure): Promise<void> {
    const { store, clock, log } = this.#parts;
    await store.serverFailed(reason, clock.now());
    log.warn("mail server failed", { reason, hint: englishHint(hint) });
  }

  /** What an attempt was begun for, if no other has done that since. */
  async #stillDue(
    { errand, isBeside }: Attempt,
    isRetryNow: boolean,
  ): Promise<Errand | null> {
    if (!isBeside) return errand;
    const { store, clock, timing } = this.#parts;
    const outbox = await store.outbox(new Set([errand.address]));
    const due = errands(isRetryNow ? withoutClocks(outbox) : outbox, timing).find((each) =>
      each.address === errand.address && each.kind === errand.kind &&
      each.message?.id === errand.message?.id
    );
    return due !== undefined && due.at <= clock.now() ? due : null;
  }

  async #send(errand: Errand, session: Session): Promise<boolean> {
    const { store, clock, write, messageId } = this.#parts;
    const now = clock.now();
    const begin = {
      now,
      messageId: messageId(),
      write: (facts: LetterFacts) => write(facts, now),
    };
    const attempt = await store.beginTry(errand, begin);
    if (attempt === null) return false;
    // To write a large letter takes long, and so does packing it up: heartbeats come between.
    await served();
    const delivery = await session.send(attempt.mail);
    const endedAt = clock.now();
    this.#unsettled.push({ attempt, delivery, endedAt });
    try {
      await this.#settleLeft();
    } finally {
      this.#tell(attempt, delivery);
    }
    return delivery.outcome === "sent";
  }

  /** Settles what has ended, oldest first; what fails stays for the next time. */
  async #settleLeft(): Promise<void> {
    const { store, log } = this.#parts;
    for (let next = this.#unsettled[0]; next !== undefined; next = this.#unsettled[0]) {
      // Taken off first: while it is being settled, another try may end and look here.
      this.#unsettled.shift();
      try {
        const failed = await store.settle(next.attempt, next.delivery, next.endedAt);
        if (failed > 0) log.error("news failed", { to: next.attempt.mail.to, news: failed });
      } catch (error) {
        this.#unsettled.unshift(next);
        this.#beginRest();
        throw error;
      }
    }
  }

  #beginRest(): void {
    this.#restUntil = this.#parts.clock.elapsed() + REST_AFTER_FAULT;
  }

  /** How long the rest after a fault of our own still takes. */
  #rest(): Duration {
    return Math.max(this.#restUntil - this.#parts.clock.elapsed(), 0);
  }

  #tell({ mail, tries, debts }: Try, delivery: Delivery): void {
    const { log } = this.#parts;
    const letter = { to: mail.to, message_id: mail.messageId, tries, news: debts };
    if (delivery.outcome === "sent") {
      log.info("letter sent", { ...letter, subject: mail.subject, reply: delivery.reply });
    } else {
      const { outcome, reason, hint } = delivery;
      log.warn("letter not sent", { ...letter, outcome, reason, hint: englishHint(hint) });
    }
  }
}

/** A try to be made. */
interface Planned {
  readonly errand: Errand;
  readonly heldUpFor: Duration;
}

interface TryOptions {
  readonly door: MailDoor;
  readonly isRetryNow: boolean;
}

/** An outbox in which nothing waits for a retry. */
function withoutClocks({ server, queues }: Outbox): Outbox {
  return {
    server: { ...server, nextTryAt: null },
    queues: queues.map((queue) => ({
      ...queue,
      messages: queue.messages.map((message) => ({ ...message, nextTryAt: 0 })),
    })),
  };
}
