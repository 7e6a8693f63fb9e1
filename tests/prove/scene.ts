/**
 * A scene for faults: a mail server, the program, a few apps that beat on
 * whatever happens, and one that dies.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { rows } from "../support/beside.ts";
import { Herd } from "../support/herd.ts";
import { type ReadLetter, readLetter } from "../support/letter_reader.ts";
import { PostOffice } from "../support/post_office.ts";
import { Proven } from "../support/proven.ts";
import { seeded } from "../support/random.ts";
import { until } from "../support/until.ts";

/** Apps that beat on, each once a second, unless there are to be more. */
const LIVING = 30;

/** The one that dies. */
const MORTAL = "mortal";

const PERIOD: Duration = 3 * SECOND;
const GRACE: Duration = 1 * SECOND;

/** From the last heartbeat to the alarm. */
export const SILENCE: Duration = PERIOD + GRACE;

/** From an alarm to its letter: the digest window, a try, and what a busy machine adds. */
export const TO_LETTER: Duration = 6 * SECOND;

const START_LIMIT: Duration = 10 * SECOND;

/** A gap in the ledger. */
export interface LedgerGap {
  readonly cause: string;
  readonly length: Duration;
}

/** See the module. Disposed of, all of it is gone. */
export class Scene implements AsyncDisposable {
  readonly post = new PostOffice();
  readonly program: Proven;
  readonly #herd: Herd;

  private constructor(program: (post: PostOffice) => Proven) {
    this.program = program(this.post);
    this.#herd = new Herd({ url: this.program.url, every: SECOND, random: seeded(1) });
  }

  /** All are up when it begins. */
  static async begin(options: {
    readonly settings?: Readonly<Record<string, string>>;
    /** Where the database is. */
    readonly folder?: string;
    /** What the log is written to. */
    readonly log?: string;
    readonly living?: number;
  } = {}): Promise<Scene> {
    const { settings = {}, living = LIVING, ...place } = options;
    const terms = { PERIOD: `${PERIOD / SECOND}s`, GRACE: `${GRACE / SECOND}s` };
    const scene = new Scene((post) => new Proven(post, { ...terms, ...settings }, place));
    await scene.program.start();
    for (let app = 1; app <= living; app++) scene.#herd.wake(`living-${app}`);
    scene.#herd.wake(MORTAL);
    await until("all apps to be up", () => scene.#appsIn("up") === living + 1, START_LIMIT);
    return scene;
  }

  /** The one app dies. */
  die(): void {
    this.#herd.silence(MORTAL);
  }

  /** Resolves when the mail server has the letter about the one that died. */
  async dead(limit: Duration): Promise<void> {
    await until("the letter about the dead app", async () => {
      const letters = await this.letters();
      return letters.some(({ named }) => named.down.includes(MORTAL));
    }, limit);
  }

  /** The letters that the mail server has. */
  letters(): Promise<readonly ReadLetter[]> {
    return Promise.all(this.post.delivered.map(readLetter));
  }

  /** The apps that fell though they beat on. */
  falseAlarms(): readonly string[] {
    const sql = `
      SELECT app_id
      FROM flips
      JOIN apps ON apps.id = flips.app
      WHERE to_state = 'down' AND app_id <> '${MORTAL}'
    `;
    return rows(this.program.database, sql).map(({ app_id }) => String(app_id));
  }

  /** How long the app that died was silent until it fell; null if it has not. */
  silence(): Duration | null {
    const sql = `
      SELECT at - heartbeat_at AS silence
      FROM flips
      JOIN apps ON apps.id = flips.app
      WHERE to_state = 'down' AND app_id = '${MORTAL}'
    `;
    const [fall] = rows(this.program.database, sql);
    return fall === undefined ? null : Number(fall.silence);
  }

  /** How many heartbeats were answered otherwise than by 200, or not at all. */
  get refused(): number {
    return [...this.#herd.refused.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The ledger of gaps. */
  gaps(): readonly LedgerGap[] {
    const sql = "SELECT cause, ended_at - began_at AS length FROM gaps";
    return rows(this.program.database, sql).map(({ cause, length }) => ({
      cause: String(cause),
      length: Number(length),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#herd[Symbol.asyncDispose]();
    await this.program[Symbol.asyncDispose]();
    await this.post[Symbol.asyncDispose]();
  }

  #appsIn(state: string): number {
    const sql = `SELECT app_id FROM apps WHERE state = '${state}'`;
    return rows(this.program.database, sql).length;
  }
}
