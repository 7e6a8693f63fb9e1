/** The machine on which the service runs: it starts it, stops it, kills it. */

import { type Duration, HOUR, type Instant, SECOND } from "../../lib/clock.ts";
import type { Log, LogFields, LogLevel } from "../../lib/log.ts";
import { type Engine, startEngine } from "../../engine.ts";
import { PROGRAM } from "../support/example_program.ts";
import type { Passed } from "./agenda.ts";
import { runEvery } from "./cron.ts";
import { Doorway } from "./doorway.ts";
import { Life } from "./life.ts";
import type { World } from "./world.ts";

/** How the service's process stands. */
export type HostState = "off" | "starting" | "on" | "stopping";

/** How long whoever watches over the process waits before it starts it again. */
const RESTART_AFTER: Duration = 10 * SECOND;

/** How many lines of the log are kept for a report. */
const LOG_LINES = 400;

/** An event as it was logged; it is written out only for who wants to read it. */
interface Logged {
  readonly at: Instant;
  readonly event: string;
  readonly fields: LogFields;
}

/** Runs one process at a time. */
export class Host {
  state: HostState = "off";
  life: Life | null = null;
  /** The machine sleeps, or the loop stands still, until then. */
  pausedUntil: Passed = 0;
  /** Since when nothing but the weather kept the service from its work. */
  get ableSince(): Passed {
    return this.#ableSince;
  }

  /** When somebody last asked for what waits to be tried at once. */
  forcedAt: Passed = -1;
  /** What the service logged last. */
  readonly logged: Logged[] = [];
  starts = 0;
  crashes = 0;
  /** The door has shut, and no gap says so yet. */
  isDoorUnnoted = false;
  /** When a process ended because its door stayed shut. */
  gaveUpAt: Passed = -Infinity;
  readonly #world: World;
  #ableSince: Passed = 0;
  #engine: Engine<Doorway> | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** The door of the process that runs. */
  get doorway(): Doorway | null {
    return this.#engine?.gate ?? null;
  }

  /** Whether a request would be read now. */
  get isListening(): boolean {
    return this.state === "on" && this.#world.time.passed >= this.pausedUntil;
  }

  /** Something keeps the service from its work until then. */
  keepFrom(until: Passed): void {
    this.#ableSince = Math.max(this.#ableSince, until);
  }

  /** Starts the process; it may fail, or be killed on the way. */
  start(): void {
    if (this.state !== "off") return;
    const { time, config, driver, post, cadence, looks } = this.#world;
    // A clock that was set is to be noticed, and so is a door that shut: the real service looks
    // several times a second.
    const isSpared = () => time.passed <= time.setAt + cadence.lookEvery || this.isDoorUnnoted;
    const life = new Life(() => this.#onDeath(life), isSpared);
    this.state = "starting";
    this.life = life;
    this.starts++;
    driver.life = life;
    const clock = time.clockOf(life);
    const starting = startEngine<Doorway>(
      {
        ...{ config, clock, cadence: looks, program: PROGRAM, settings: [] },
        log: this.#log(life),
        mailer: post.mailerOf(life),
      },
      {
        open: ({ handle }) => new Doorway(this.#world, handle),
        register: (check, options) => runEvery(check, { ...options, life, time }),
      },
    );
    starting.then((engine) => {
      if (life.isDead) return;
      this.#engine = engine;
      engine.lost.then(() => this.#giveUp(engine));
      this.state = "on";
      this.keepFrom(time.passed);
      this.#world.onListening();
    }, (error) => {
      if (life.isDead) return;
      this.#keep("start failed", { error });
      life.end();
    });
  }

  /** Stops it as SIGTERM does; resolves by the passing of time. */
  stop(offFor: Duration): void {
    const { time, agenda } = this.#world;
    const { life } = this;
    const engine = this.#engine;
    if (!this.isListening || engine === null || life === null) return;
    this.state = "stopping";
    this.#world.onDeaf("stopped");
    engine[Symbol.asyncDispose]().then(() => {
      if (life.isDead) return;
      this.#end();
      agenda.add(time.passed + offFor, () => this.start());
    });
  }

  /** As the service does when it cannot go on: whoever watches over the process starts it again. */
  #giveUp(engine: Engine<Doorway>): void {
    if (this.#engine !== engine) return;
    this.gaveUpAt = this.#world.time.passed;
    this.stop(RESTART_AFTER);
  }

  /** Asks the service with JSON; null if it never answers. */
  request(method: string, path: string, body?: unknown): Promise<Response | null> {
    return this.ask(method, path, body === undefined ? null : JSON.stringify(body));
  }

  /** Asks the service; null if it never answers. */
  async ask(method: string, path: string, body: BodyInit | null): Promise<Response | null> {
    const { life } = this;
    const engine = this.#engine;
    if (engine === null || life === null) return null;
    const headers = { Authorization: `Bearer ${this.#world.config.adminToken}` };
    const request = new Request(`http://sim${path}`, { method, headers, body });
    try {
      return await Promise.race([engine.gate.handle(request, "192.0.2.1"), life.ended]);
    } catch (error) {
      if (life.isDead) return null;
      throw error;
    }
  }

  /** Has the service look whether it listens, as it does several times a second; null if there is none. */
  look(): Promise<unknown> | null {
    return this.#engine?.store.listen() ?? null;
  }

  #onDeath(life: Life): void {
    const { time, agenda, post, random, isCalm } = this.#world;
    if (this.life !== life) return;
    this.crashes++;
    this.#keep("killed", {});
    post.onDeath(life);
    if (this.state === "on") this.#world.onDeaf("killed");
    if (this.state === "stopping") this.#world.observer?.stopCutOff();
    // A machine that sleeps starts nothing before it wakes.
    const awakeAt = Math.max(this.pausedUntil, time.passed);
    this.#end();
    const isPrompt = isCalm || random.chance(0.5);
    const offFor = isPrompt ? RESTART_AFTER : random.span(SECOND, 6 * HOUR);
    agenda.add(awakeAt + offFor, () => this.start());
  }

  #end(): void {
    this.isDoorUnnoted = false;
    this.state = "off";
    this.pausedUntil = 0;
    this.life = null;
    this.#engine = null;
    this.#world.time.alarms.clear();
    this.#world.driver.life = null;
  }

  /** Keeps what is told, and lets it go its usual way. */
  #log(life: Life): Log {
    const log = this.#world.log.logOf(life);
    const tell = (level: LogLevel) => (event: string, fields: LogFields = {}) => {
      this.#keep(event, fields);
      return log[level](event, fields);
    };
    return { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
  }

  #keep(event: string, fields: LogFields): void {
    this.logged.push({ at: this.#world.time.wall, event, fields });
    if (this.logged.length > LOG_LINES) this.logged.shift();
  }
}
