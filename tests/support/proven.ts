/**
 * The program under proof: on one database and at one port, started as often
 * as it takes.
 *
 * @module
 */

import { type Duration, type Instant, SECOND } from "../../lib/clock.ts";
import type { PostOffice } from "./post_office.ts";
import { COMMAND, type Finished, Program, runProgram } from "./program.ts";
import { ADMIN, temporaryFolder } from "./store.ts";
import { until } from "./until.ts";

/** Below those that the system gives to whoever calls, so that no caller's port is ours. */
const PORTS = { first: 20_000, last: 29_999 };

/** The longest a start may take. */
const START_LIMIT: Duration = 30 * SECOND;

const TOKEN = "an-admin-token-for-proofs";

/** Quick to alarm, and no letter that was not asked for. */
const SETTINGS = {
  HOST: "127.0.0.1",
  PERIOD: "2s",
  GRACE: "1s",
  DIGEST_WINDOW: "1s",
  MAIL_INTERVAL: "1s",
  REMIND_EVERY: "never",
  MAIL_PROOF: "never",
  FLAPPING_FLIPS: "3600",
  TIMEZONE: "UTC",
  ADMIN_TOKEN: TOKEN,
};

/** See the module. Disposed of, it is killed and all of it is gone. */
export class Proven implements AsyncDisposable {
  readonly url: string;
  readonly database: string;
  readonly #folder = temporaryFolder();
  readonly #command: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #log: string | null;
  #program: Program | null = null;

  /**
   * @param settings beside those of the post office, and over our own.
   * @param options `folder` is where the database is, if not beside all else; `descriptors` how
   * many it may have, if not as many as we; `log` what the log is written to, if it is not to be
   * read here.
   */
  constructor(
    post: PostOffice,
    settings: Readonly<Record<string, string>> = {},
    options: { readonly folder?: string; readonly descriptors?: number; readonly log?: string } =
      {},
  ) {
    const { descriptors: most } = options;
    this.#command = most === undefined
      ? COMMAND
      : ["prlimit", `--nofile=${most}:${most}`, ...COMMAND];
    const port = freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.database = `${options.folder ?? this.#folder.path}/stillalive.db`;
    this.#log = options.log ?? null;
    this.#env = {
      ...SETTINGS,
      ...post.settings(ADMIN),
      PORT: String(port),
      DATABASE: this.database,
      ...settings,
    };
  }

  /** The lines that it wrote since it was last started. */
  get lines(): readonly string[] {
    return this.#program?.lines ?? [];
  }

  /** The process that runs. */
  get process(): Program {
    if (this.#program === null) throw new Error("The program does not run");
    return this.#program;
  }

  /** Begins to start it. */
  launch(): Program {
    const options = { folder: this.#folder.path, env: this.#env };
    const command = this.#log === null
      ? this.#command
      : ["bash", "-c", `exec "$0" "$@" 2>'${this.#log}'`, ...this.#command];
    this.#program = new Program({ ...options, command });
    return this.#program;
  }

  /** Starts it; resolves with when it took heartbeats. */
  async start(): Promise<Instant> {
    const program = this.launch();
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new Error(`Not started:\n${program.lines.join("\n")}`)),
      START_LIMIT,
    );
    try {
      const isListening = this.#log === null
        ? program.says(/listening url=/)
        : until("it to answer", () => this.#answers(), START_LIMIT);
      await Promise.race([isListening, promise]);
    } finally {
      clearTimeout(timer);
    }
    return Date.now();
  }

  /** Kills it as a power cut would, and resolves with when. */
  async kill(): Promise<Instant> {
    const killedAt = Date.now();
    await this.#program?.[Symbol.asyncDispose]();
    this.#program = null;
    return killedAt;
  }

  /** Runs another command on the same database. */
  run(...args: readonly string[]): Promise<Finished> {
    return runProgram({ folder: this.#folder.path, args, env: this.#env });
  }

  /** Has it sweep and deliver now, whatever the retry clocks say. */
  async check(): Promise<void> {
    await this.request("POST", "/api/check");
  }

  /** Sends a request with the admin token. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return text === "" ? null : JSON.parse(text);
  }

  /** The number of a metric without labels. */
  async metric(name: string): Promise<number> {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const text = await (await fetch(`${this.url}/metrics`, { headers })).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`)).ok;
    } catch {
      // Nobody listens yet.
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#folder[Symbol.dispose]();
  }
}

/** The port that is tried next. One after the other: two programs that begin at once share none. */
let nextPort = PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first + 1));

function freePort(): number {
  for (;;) {
    const port = nextPort;
    nextPort = port === PORTS.last ? PORTS.first : port + 1;
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
