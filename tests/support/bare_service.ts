/**
 * What the service does by itself, without wires and timers: a real store on a
 * real file, swept and delivered in time, and a mail server that does as a
 * test says.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Arrivals } from "../../lib/arrivals.ts";
import { type Duration, type Instant, MINUTE, SECOND, WEEK } from "../../lib/clock.ts";
import type { Heartbeat } from "../../lib/heartbeat.ts";
import type { Letter, LetterFacts } from "../../lib/letter.ts";
import { makeLog } from "../../lib/log.ts";
import type { Connection, Delivery, Mail, Mailer, Timing } from "../../lib/outbox.ts";
import { openBeside } from "../../lib/sqlite/database.ts";
import type { SqliteStore, StoreOptions } from "../../lib/sqlite/store.ts";
import type { Account } from "../../lib/sqlite/verify.ts";
import { Watch } from "../../lib/watch.ts";
import { FakeClock, START } from "./fake_clock.ts";
import { calling } from "./fake_mail.ts";
import { ADMIN, DEFAULTS, heartbeat, openStore, plainLetter, temporaryFolder } from "./store.ts";
import { verdictOn, wrongIn } from "./verified.ts";

/** What becomes of tries: one of a session's outcomes, or nobody is let in. */
export type Fate = Delivery["outcome"] | "unreachable";

/** A letter that the mail server took, or may have. */
export interface BareLetter {
  /** Since {@linkcode START}. */
  readonly at: Duration;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}

/** How it is set up; what is left out is as in {@linkcode USUAL}. */
export interface BareOptions {
  readonly addresses: readonly string[];
  readonly timing: Timing;
  readonly flappingFlips: number;
  /** Puts letters into words. */
  readonly write: (facts: LetterFacts, now: Instant) => Letter;
}

/** A digest window of 3 s, a mail interval of a minute, neither reminders nor proofs; letters are plain. */
export const USUAL: BareOptions = {
  addresses: [ADMIN],
  timing: { digestWindow: 3 * SECOND, mailInterval: MINUTE, remindEvery: null, mailProof: null },
  flappingFlips: 100,
  write: plainLetter,
};

/** No look comes late: how gaps are found is tested elsewhere. */
const NEVER_LATE: Pick<StoreOptions, "cadence"> = {
  cadence: { lookEvery: 1_000 * WEEK, markEvery: 1_000 * WEEK },
};

/** Rounds at one instant: more of them would go on for ever. */
const ROUNDS_AT_ONCE = 20;

/** Disposed of, it is verified, and its folder is gone. */
export class BareService implements AsyncDisposable {
  readonly clock = new FakeClock();
  /** In the order they were taken. */
  readonly letters: BareLetter[] = [];
  /** What becomes of each try from now on. */
  fate: Fate = "sent";
  /** Whose letters are refused, whatever becomes of others. */
  refused: string | null = null;
  readonly #folder = temporaryFolder();
  readonly #mailer: Mailer;
  #options: BareOptions;
  #messages = 0;
  #read = 0;
  #store: SqliteStore | null = null;
  #watch: Watch | null = null;

  private constructor(options: Partial<BareOptions>) {
    this.#options = { ...USUAL, ...options };
    this.#mailer = { connect: () => Promise.resolve(calling(this.#connect())) };
  }

  /** Starts one. */
  static async start(options: Partial<BareOptions> = {}): Promise<BareService> {
    const service = new BareService(options);
    await service.#open();
    return service;
  }

  get store(): SqliteStore {
    assert.ok(this.#store);
    return this.#store;
  }

  get watch(): Watch {
    assert.ok(this.#watch);
    return this.#watch;
  }

  /** Where its database is. */
  get path(): string {
    return `${this.#folder.path}/a.db`;
  }

  get now(): Instant {
    return this.clock.now();
  }

  /** Stores a heartbeat that comes now. */
  async beat(appId: string, kind: Heartbeat["kind"] = "success"): Promise<void> {
    await this.store.record([heartbeat(appId, { kind, at: this.now })]);
  }

  /** Lets time go by, and everything be done at its own instant. */
  async pass(duration: Duration): Promise<void> {
    const until = this.now + duration;
    for (let rounds = 0;;) {
      const due = [await this.store.nextDeadline(), await this.watch.nextTryAt()];
      const next = Math.max(Math.min(...due.map((at) => at ?? Infinity)), this.now);
      if (next > until) break;
      rounds = next === this.now ? rounds + 1 : 0;
      assert.ok(rounds <= ROUNDS_AT_ONCE, "it looks again and again, and gets nowhere");
      this.clock.moveTo(next);
      await this.watch.sweep();
      await this.watch.deliver();
    }
    this.clock.moveTo(until);
  }

  /** Stops cleanly, stays off for a while and starts again, with other settings if need be. */
  async restart(
    { off = 0, ...changes }: Partial<BareOptions> & { readonly off?: Duration } = {},
  ): Promise<void> {
    await this.store.endListening(this.now);
    await this.crash({ off, ...changes });
  }

  /** The same without a word. */
  async crash(
    { off = 0, ...changes }: Partial<BareOptions> & { readonly off?: Duration } = {},
  ): Promise<void> {
    this.store[Symbol.dispose]();
    this.clock.advance(off);
    this.#options = { ...this.#options, ...changes };
    await this.#open();
  }

  /** The letters taken since this was last asked: when, and what they tell. */
  news(): readonly (readonly [Duration, string])[] {
    const letters = this.letters.slice(this.#read);
    this.#read = this.letters.length;
    return letters.map(({ at, text }) => [at, text]);
  }

  /** The debts by their states and reasons, each as often as there is. */
  debts(): readonly string[] {
    using beside = openBeside(this.path);
    const rows = beside.all("SELECT state, reason FROM debts ORDER BY id");
    return rows.map(({ state, reason }) => reason === null ? `${state}` : `${state}: ${reason}`);
  }

  /** The account, once the whole database has been found to be as the rules say. */
  verified(): Account {
    assert.deepEqual(wrongIn(this.path), []);
    const { account } = verdictOn(this.path);
    assert.ok(account);
    return account;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.flush();
    this.store[Symbol.dispose]();
    try {
      this.verified();
    } finally {
      this.#folder[Symbol.dispose]();
    }
  }

  async #open(): Promise<void> {
    const { clock, path } = this;
    const { addresses, timing, flappingFlips, write } = this.#options;
    const { remindEvery } = timing;
    const admission = { autoRegister: true, maxApps: 10_000, ignoredApps: new Set<string>() };
    const options = { addresses, flappingFlips, remindEvery, clock, admission, ...NEVER_LATE };
    const store = await openStore({ path, ...options });
    this.#store = store;
    this.#watch = new Watch({
      store,
      arrivals: new Arrivals(),
      mailer: this.#mailer,
      clock,
      timing,
      log: makeLog({ level: "error", format: "text", clock, write: (line) => assert.fail(line) }),
      write,
      messageId: () => `<${++this.#messages}@example.org>`,
      signal: new AbortController().signal,
    });
    await store.beginListening();
    await store.recover(this.now);
    await this.#watch.judge(this.now);
    const settings = { defaults: DEFAULTS, ignoredApps: new Set<string>(), addresses };
    await store.adopt({ ...settings, hasMail: addresses.length > 0 }, this.now);
  }

  #connect(): Connection {
    const failure = { reason: "no", hint: null };
    const outcome = this.fate;
    if (outcome === "unreachable") return { outcome, ...failure };
    const send = (mail: Mail): Promise<Delivery> => {
      const fate = mail.to === this.refused ? "refused" : outcome;
      if (fate === "sent") {
        const { to, subject, text, messageId } = mail;
        this.letters.push({ at: this.now - START, to, subject, text, messageId });
        return Promise.resolve({ outcome: fate, reply: "250 OK" });
      }
      return Promise.resolve({ outcome: fate, ...failure });
    };
    return { outcome: "ready", session: { send, close: () => {} } };
  }
}
