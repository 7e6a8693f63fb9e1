/**
 * A service that lives through days in seconds: a real store, swept and
 * delivered whenever something is due, and a mail server that refuses one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Arrivals } from "../../lib/arrivals.ts";
import { DAY, HOUR, type Instant, MINUTE, SECOND, WEEK } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";
import type { Heartbeat } from "../../lib/heartbeat.ts";
import { letter } from "../../lib/letter.ts";
import { makeLog } from "../../lib/log.ts";
import type { Delivery, Mail, Mailer } from "../../lib/outbox.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { Watch } from "../../lib/watch.ts";
import { type Deed, IGNORED_APP, PUBLIC_TAG } from "./believable_apps.ts";
import { FakeClock } from "./fake_clock.ts";
import { calling } from "./fake_mail.ts";
import { ADMIN, DEFAULTS, openStore } from "./store.ts";

/** Whose letters no server takes. */
export const REFUSED = "anna@example.org";

/** What a service is to be told that goes on with such a database. */
export const BELIEVABLE_SETTINGS = {
  adminEmails: [ADMIN, REFUSED],
  defaults: DEFAULTS,
  ignoredApps: new Set([IGNORED_APP]),
  autoRegister: true,
  maxApps: 100_000,
  timing: { digestWindow: 3 * SECOND, mailInterval: MINUTE, remindEvery: DAY, mailProof: WEEK },
  flappingFlips: 6,
  statusTags: [PUBLIC_TAG],
} as const satisfies Partial<Config>;

/** What the links of letters are signed with. */
export const BELIEVABLE_KEY = "a-key-for-believable-links";

/** How often it looks. Flips have their own instants whenever it looks; letters come so much later. */
const STEP = 5 * MINUTE;

/** Heartbeats stored at one go: what one request may hold. */
const AT_ONCE = 1_000;

/** No look comes late: what gaps there are, are meant. */
const NEVER_LATE = { lookEvery: 1_000 * WEEK, markEvery: 1_000 * WEEK };

/** Disposed of, it has stopped cleanly. */
export class House implements AsyncDisposable {
  readonly #path: string;
  readonly #clock: FakeClock;
  readonly #heartbeats: readonly Heartbeat[];
  #heard = 0;
  #letters = 0;
  #store: SqliteStore | null = null;
  #watch: Watch | null = null;

  private constructor(path: string, at: Instant, heartbeats: readonly Heartbeat[]) {
    this.#path = path;
    this.#clock = new FakeClock(at);
    this.#heartbeats = heartbeats;
  }

  /** Starts one on a new file, at the instant of its first day; what it will be sent is in order. */
  static async build(path: string, options: {
    readonly at: Instant;
    readonly heartbeats: readonly Heartbeat[];
  }): Promise<House> {
    const house = new House(path, options.at, options.heartbeats);
    await house.#open();
    await house.store.acknowledgeKey(BELIEVABLE_KEY);
    return house;
  }

  get store(): SqliteStore {
    assert.ok(this.#store);
    return this.#store;
  }

  /** Lets time go by up to there. */
  async live(until: Instant): Promise<void> {
    const watch = this.#watch;
    assert.ok(watch);
    for (let now = this.#clock.now(); now < until;) {
      const nextTryAt = await watch.nextTryAt() ?? until;
      now = Math.min(Math.max(nextTryAt, now + SECOND), now + STEP, until);
      this.#clock.moveTo(now);
      await this.#hear(now);
      await watch.sweep();
      await watch.deliver();
    }
  }

  /** Stops cleanly, and starts again then. */
  async restart(at: Instant): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#clock.moveTo(at);
    await this.#open();
  }

  /** What an admin does to an app. */
  async lay(hand: Deed, id: string): Promise<void> {
    const now = this.#clock.now();
    switch (hand) {
      case "pause":
        return void await this.store.pause(id, now);
      case "snooze":
        return void await this.store.snooze(id, now + 8 * HOUR, now);
      case "acknowledge":
        return void await this.store.acknowledge(id, now);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.flush();
    await this.store.endListening(this.#clock.now());
    this.store[Symbol.dispose]();
  }

  async #hear(until: Instant): Promise<void> {
    for (;;) {
      const batch = this.#heartbeats.slice(this.#heard, this.#heard + AT_ONCE)
        .filter(({ at }) => at <= until);
      if (batch.length === 0) return;
      this.#heard += batch.length;
      await this.store.record(batch);
    }
  }

  async #open(): Promise<void> {
    const clock = this.#clock;
    const { adminEmails: addresses, timing, ...settings } = BELIEVABLE_SETTINGS;
    const store = this.#store = await openStore({
      ...settings,
      ...timing,
      path: this.#path,
      addresses,
      admission: settings,
      clock,
      cadence: NEVER_LATE,
    });
    const place = { language: "en", timeZone: "Europe/Moscow", baseUrl: null } as const;
    const style = { ...place, mailInterval: timing.mailInterval };
    const watch = this.#watch = new Watch({
      store,
      arrivals: new Arrivals(),
      mailer: MAILER,
      clock,
      timing,
      log: makeLog({ level: "error", format: "text", clock, write: () => {} }),
      write: (facts, now) => letter(facts, { ...style, acknowledgeUrl: null, now }),
      messageId: () => `<${++this.#letters}.${clock.now()}@stillalive.example.org>`,
      signal: new AbortController().signal,
    });
    await store.beginListening();
    await store.recover(clock.now());
    await watch.judge(clock.now());
    await store.adopt({ ...settings, addresses, hasMail: true }, clock.now());
  }
}

const MAILER: Mailer = {
  connect: () => Promise.resolve(calling({ outcome: "ready", session: { send, close: () => {} } })),
};

function send({ to, messageId }: Mail): Promise<Delivery> {
  const reason = `550 5.1.1 <${to}>: Recipient address rejected: User unknown`;
  return Promise.resolve(
    to === REFUSED
      ? { outcome: "refused", reason, hint: null }
      : { outcome: "sent", reply: `250 2.0.0 Ok: queued as ${messageId.slice(1, 9)}` },
  );
}
