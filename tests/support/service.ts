/** The whole service, but for the machine's clock: a real store, real HTTP, a real mail server. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, type Duration, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";
import type { EffectiveSetting } from "../../lib/effective_settings.ts";
import type { Cadence, Gap } from "../../lib/gap.ts";
import { makeLog } from "../../lib/log.ts";
import { mailerOf } from "../../mailing.ts";
import { type Service, startService } from "../../service.ts";
import { PROGRAM } from "./example_program.ts";
import { FakeClock } from "./fake_clock.ts";
import type { MailServer } from "./smtp_server.ts";
import { ADMIN, DEFAULTS, temporaryFolder } from "./store.ts";
import { wrongIn } from "./verified.ts";

/** The admin token of services under test. */
export const TOKEN = "an-admin-token-for-tests";

/** How long news is gathered for one letter. */
export const WINDOW: Duration = 3 * SECOND;

/** Looks so seldom that days pass quickly, and at moments at which nothing else wakes. */
const SELDOM: Cadence = { lookEvery: 11 * SECOND + 1, markEvery: 11 * MINUTE };

/** A service under test. Disposed of, it stops and its folder is gone. */
export interface TestService extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly url: string;
  readonly config: Config;
  /** What it logged so far. */
  readonly logged: readonly string[];
  /** Resolves once it has logged the event so many times since it was first started. */
  logs(event: string, times?: number): Promise<void>;
  /** Sends a request with the admin token. */
  request(method: string, path: string, body?: unknown): Promise<Response>;
  /** Sends one heartbeat and returns its answer. */
  beat(appId: string | number, more?: object): Promise<unknown>;
  /** An app as the registry shows it. */
  app(appId: string | number): Promise<{ readonly status: string; readonly deadline_at: string }>;
  /** The ledger of gaps, oldest first, without those that took no time. */
  gaps(): readonly (Gap & { readonly moved: number })[];
  /** See `Service.lost`. */
  readonly lost: Service["lost"];
  /** Stops it and starts it again on the same file, with other settings if need be. */
  restart(changes?: Partial<Config>, options?: { readonly offFor: Duration }): Promise<void>;
  /** Stops it for as long as something else is done to what it leaves. */
  pause(work: () => Promise<void>): Promise<void>;
  /** Has it end at once, and starts another on what is on disk. */
  crash(options: { readonly offFor: Duration }): Promise<void>;
}

/** Starts one that mails to the given server, if there is one. */
export async function testService(
  options: {
    readonly mail?: MailServer;
    readonly config?: Partial<Config>;
    readonly cadence?: Cadence;
    readonly now?: Instant;
    /** What the page of settings shows. */
    readonly settings?: readonly EffectiveSetting[];
    /** Makes the database that it is started on. */
    readonly fill?: (path: string) => Promise<void>;
  } = {},
): Promise<TestService> {
  const { cadence = SELDOM, settings = [] } = options;
  const folder = temporaryFolder();
  const clock = new FakeClock(options.now);
  const events = new EventLog();
  const log = makeLog({ level: "debug", format: "text", clock, write: (line) => events.add(line) });
  let config: Config = {
    ...CONFIG,
    database: `${folder.path}/stillalive.db`,
    smtp: options.mail?.config ?? null,
    ...options.config,
  };
  const start = () => {
    const mailer = mailerOf(config);
    return startService({ config, clock, program: PROGRAM, log, mailer, cadence, settings });
  };
  await options.fill?.(config.database);
  let service: Service = await start();

  function request(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${service.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  return {
    clock,
    logged: events.lines,
    logs: (event, times = 1) => events.has(event, times),
    request,
    get url() {
      return service.url;
    },
    get config() {
      return config;
    },
    async beat(appId, more = {}) {
      const response = await request("POST", "/api/apps/", { app_id: appId, ...more });
      return await response.json();
    },
    async app(appId) {
      return await (await request("GET", `/api/apps/${appId}`)).json();
    },
    gaps: () => ledger(config.database),
    get lost() {
      return service.lost;
    },
    async restart(changes = {}, { offFor } = { offFor: 0 }) {
      await service[Symbol.asyncDispose]();
      clock.advance(offFor);
      config = { ...config, ...changes };
      service = await start();
    },
    async pause(work) {
      await service[Symbol.asyncDispose]();
      await work();
      service = await start();
    },
    async crash({ offFor }) {
      const { database } = config;
      config = { ...config, database: `${database}.after` };
      // What a killed process leaves: SQLite's log is read again by whoever opens the file next.
      for (const part of ["", "-wal"]) {
        Deno.copyFileSync(`${database}${part}`, `${config.database}${part}`);
      }
      await service[Symbol.asyncDispose]();
      clock.advance(offFor);
      service = await start();
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      try {
        // Whatever a test did, what it leaves must be as the rules say.
        assert.deepEqual(wrongIn(config.database), []);
      } finally {
        folder[Symbol.dispose]();
      }
    },
  };
}

function ledger(database: string): ReturnType<TestService["gaps"]> {
  using db = new DatabaseSync(database, { readOnly: true });
  const found = db.prepare("SELECT * FROM gaps WHERE ended_at > began_at ORDER BY id").all();
  return found.map(({ began_at, ended_at, cause, moved }) => ({
    from: Number(began_at),
    to: Number(ended_at),
    cause: cause as Gap["cause"],
    moved: Number(moved),
  }));
}

/** Lines as they are written, and who waits for some. */
class EventLog {
  readonly lines: string[] = [];
  #waiting: { readonly event: string; readonly times: number; readonly resolve: () => void }[] = [];

  add(line: string): void {
    this.lines.push(line);
    const come = this.#waiting.filter(({ event, times }) => this.#count(event) >= times);
    this.#waiting = this.#waiting.filter((each) => !come.includes(each));
    for (const { resolve } of come) resolve();
  }

  has(event: string, times: number): Promise<void> {
    if (this.#count(event) >= times) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ event, times, resolve }));
  }

  #count(event: string): number {
    // A line is an instant, a level of five characters, and the event.
    return this.lines.filter((line) => line.slice(31).startsWith(event)).length;
  }
}

const CONFIG: Omit<Config, "database" | "smtp"> = {
  host: "127.0.0.1",
  port: 0,
  adminEmails: [ADMIN],
  defaults: DEFAULTS,
  checkEvery: MINUTE,
  ignoredApps: new Set(),
  autoRegister: true,
  maxApps: 1_000,
  timing: { digestWindow: WINDOW, mailInterval: MINUTE, remindEvery: null, mailProof: null },
  flappingFlips: 100,
  watchdogUrl: null,
  language: "en",
  timeZone: "Europe/Moscow",
  baseUrl: null,
  adminToken: TOKEN,
  readToken: null,
  heartbeatToken: null,
  trustedProxies: [],
  statusTags: [],
  retainHeartbeats: 30 * DAY,
  retainFlips: 730 * DAY,
  pruneImported: false,
  logLevel: "info",
  logFormat: "text",
};
