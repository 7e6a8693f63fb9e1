/**
 * The two things the service does by itself: it takes silent apps down, and
 * delivers what is owed.
 *
 * @module
 */

import { type Clock, type Duration, type Instant, SECOND } from "./clock.ts";
import { englishHint } from "./hint.ts";
import type { Letter, LetterFacts } from "./letter.ts";
import type { Log } from "./log.ts";
import { drained, served } from "./loop.ts";
import {
  type Delivery,
  type Errand,
  errands,
  type Mailer,
  type Outbox,
  type Session,
  type Timing,
} from "./outbox.ts";
import type { Store, Try } from "./store.ts";

/** Apps taken down in one transaction: some 8 ms, so that no heartbeat waits long behind it. */
const SWEEP_STEP = 100;

/** Tries under way at once, each to another address: more would look like spam to a server. */
const TRIES_AT_ONCE = 8;

/** How long delivery rests when our own part of it failed, as when the disk is full. */
const REST_AFTER_FAULT: Duration = 15 * SECOND;

/** What the service needs for what it does by itself. */
export interface WatchParts {
  readonly store: Store;
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
}

/** Sweeps and delivers. */
export class Watch {
  readonly #parts: WatchParts;
  /** Addresses with a try under way. */
  readonly #busy = new Set<string>();
  /** Tries that ended but could not be settled, as when the disk was full. */
  #unsettled: { attempt: Try; delivery: Delivery; endedAt: Instant }[] = [];
  /** Only one judges at a time. */
  #judging: Promise<unknown> = Promise.resolve();
  /** Only one connects at a time, so that a refusing server is asked once. */
  #turn: Promise<void> = Promise.resolve();
  #serverFailures = 0;
  /** By the steady clock. */
  #restUntil: Duration = 0;
  #onTryEnded: () => void = () => {};
  #isSure: () => Promise<boolean> = () => Promise.resolve(true);

  constructor(parts: WatchParts) {
    this.#parts = parts;
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
    const { store, clock } = this.#parts;
    const now = clock.now();
    await drained();
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
    if (this.#parts.mailer === null || this.#busy.size >= TRIES_AT_ONCE) return null;
    const next = this.#free(await this.#parts.store.outbox())[0];
    if (next === undefined && this.#unsettled.length === 0) return null;
    return Math.max(next?.at ?? 0, this.#parts.clock.now() + this.#rest());
  }

  /**
   * Makes the tries that are due, and resolves when these have ended.
   *
   * @param options `isRetryNow` overrides the retry clocks, not the gathering
   * of news into one letter.
   */
  async deliver(options: { readonly isRetryNow?: boolean } = {}): Promise<Delivered> {
    const { mailer, store, clock } = this.#parts;
    const now = clock.now();
    const isResting = this.#rest() > 0 && !options.isRetryNow;
    if (mailer === null || isResting) return { sent: 0, waiting: 0 };
    await this.#settleLeft();
    const outbox = await store.outbox();
    const due = this.#free(options.isRetryNow ? withoutClocks(outbox) : outbox)
      .filter(({ at }) => at <= now)
      .slice(0, TRIES_AT_ONCE - this.#busy.size);
    const ended = await Promise.all(due.map((errand) => this.#try(errand, mailer)));
    const sent = ended.filter((isSent) => isSent).length;
    return { sent, waiting: ended.length - sent };
  }

  /** The tries to be made to addresses that have none under way, one for each. */
  #free(outbox: Outbox): readonly Errand[] {
    const taken = new Set(this.#busy);
    return errands(outbox, this.#parts.timing).filter(({ address }) => {
      if (taken.has(address)) return false;
      taken.add(address);
      return true;
    });
  }

  /** Makes one try; returns whether a server took the message. */
  async #try(errand: Errand, mailer: Mailer): Promise<boolean> {
    const { log } = this.#parts;
    this.#busy.add(errand.address);
    try {
      const session = await this.#connect(mailer);
      if (session === null) return false;
      try {
        return await this.#send(errand, session);
      } finally {
        session.close();
      }
    } catch (error) {
      this.#beginRest();
      log.error("delivery failed", { to: errand.address, error });
      return false;
    } finally {
      this.#busy.delete(errand.address);
      this.#onTryEnded();
    }
  }

  /** A session, or null if the server lets nobody in; whoever waited behind then need not ask. */
  async #connect(mailer: Mailer): Promise<Session | null> {
    const { store, clock, log, signal } = this.#parts;
    const failuresBefore = this.#serverFailures;
    const turn = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = turn.promise;
    try {
      await before;
      if (signal.aborted || this.#serverFailures !== failuresBefore) return null;
      const connection = await mailer.connect(signal);
      if (connection.outcome === "ready") {
        await store.serverReady();
        return connection.session;
      }
      // What we ended ourselves is no fault of the server.
      if (signal.aborted) return null;
      this.#serverFailures++;
      await store.serverFailed(connection.reason, clock.now());
      const { reason, hint } = connection;
      log.warn("mail server failed", { reason, hint: englishHint(hint) });
      return null;
    } finally {
      turn.resolve();
    }
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
