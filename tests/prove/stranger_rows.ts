/**
 * A storm of strangers: apps that nobody has, bodies that never end, tokens
 * that open nothing, texts without end. Who is known must be heard through it,
 * and nobody who beats may be told as down.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { pause } from "../support/proof.ts";
import { close, write } from "../support/wire.ts";
import { type FaultRow, type Found, meet, type Promises } from "./fault_row.ts";
import { Scene, SILENCE, TO_LETTER } from "./scene.ts";

/** Far more apps are invented than that. */
const MAX_APPS = 500;

/** Apps invented in a request, and how many requests with as many there are each second. */
const INVENTED = 1_000;
const REQUESTS = 5;

/** Bodies under way that never end, of the longest there may be. */
const UNFINISHED = 200;
const UNFINISHED_BYTES = 1024 * 1024;

/** How long it lasts: several times as long as an app may be silent. */
const STORM: Duration = 3 * SILENCE;

/** The most memory that is used in it, in bytes: what is used without, and what unfinished bodies may hold. */
const MEMORY_LIMIT = 350_000_000;

/** Who is heard only beside strangers, in one array with them. */
const BESIDE = "beside";

/** A row for the storm. */
export async function strangerRows(): Promise<readonly FaultRow[]> {
  return [await meet("a storm of strangers", met)];
}

async function met(promises: Promises): Promise<Found> {
  await using scene = await Scene.begin({ settings: { MAX_APPS: String(MAX_APPS) } });
  const { program } = scene;
  await post(program.url, { app_id: BESIDE });
  const storm = new Storm(program.url);
  const begunAt = Date.now();
  await storm.rage();
  scene.die();
  await promises.come("the dead app is told", scene.dead(SILENCE + TO_LETTER));
  await pause(Math.max(begunAt + STORM - Date.now(), 0));
  const memory = residentOf(program.process.pid);
  await storm.end();

  const falls = scene.falseAlarms();
  promises.expect(`no false alarm (${falls.join(", ")})`, falls.length === 0);
  promises.expect(`no heartbeat of a known app refused (${scene.refused})`, scene.refused === 0);
  promises.expect(`422 beside strangers (${[...storm.beside]})`, storm.isHeardBeside);
  promises.expect(`no gap (${scene.gaps().length})`, scene.gaps().length === 0);
  promises.expect(`memory ${megabytes(memory)}`, memory < MEMORY_LIMIT);
  const refused = program.lines.filter((line) => line.includes("heartbeat refused"));
  promises.expect("refusals in the log", refused.length > 0 && refused.length < 30);
  const outcome = `${storm.invented} apps invented, ${UNFINISHED} bodies unfinished, ` +
    `${storm.guesses} tokens guessed; ${megabytes(memory)}, ${refused.length} lines of the log`;
  return { outcome, repairedAfter: null };
}

/** Strangers, until they are told to end. */
class Storm {
  invented = 0;
  guesses = 0;
  /** What was answered to the one that is known amid strangers. */
  readonly beside = new Set<number>();
  readonly #url: string;
  readonly #connections: Deno.Conn[] = [];
  readonly #works: Promise<void>[] = [];
  #isOver = false;

  constructor(url: string) {
    this.#url = url;
  }

  get isHeardBeside(): boolean {
    return this.beside.size === 1 && this.beside.has(422);
  }

  /** Begins; resolves when it is in full swing. */
  async rage(): Promise<void> {
    await this.#invent();
    const { hostname, port } = new URL(this.#url);
    for (let body = 0; body < UNFINISHED; body++) {
      const connection = await Deno.connect({ hostname, port: Number(port) });
      this.#connections.push(connection);
      const head =
        `POST /api/apps/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${UNFINISHED_BYTES}\r\n\r\n`;
      // All of it but the last byte; whoever is given up takes no more.
      this.#works.push(write(connection, head + " ".repeat(UNFINISHED_BYTES - 1)));
    }
    this.#works.push(this.#keepOn(() => this.#invent()), this.#keepOn(() => this.#guess()));
    this.#works.push(this.#keepOn(() => this.#comeBeside()));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    for (const connection of this.#connections) close(connection);
    await Promise.all(this.#works);
  }

  async #keepOn(work: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      await work();
      await pause(SECOND / REQUESTS);
    }
  }

  /** Such as are never judged, so that nobody is told of them. */
  async #invent(): Promise<void> {
    const apps = Array.from({ length: INVENTED }, () => ({
      app_id: crypto.randomUUID(),
      kind: "log",
      message: "x".repeat(500),
    }));
    await post(this.#url, apps);
    this.invented += apps.length;
  }

  async #guess(): Promise<void> {
    for (const path of ["/api/apps", "/ping/living-1/finished", "/ping/living-1"]) {
      const token = `Bearer ${crypto.randomUUID()}`;
      const headers = { Authorization: token, "Sec-Purpose": "prefetch" };
      await (await fetch(`${this.#url}${path}`, { headers })).arrayBuffer();
      this.guesses++;
    }
  }

  async #comeBeside(): Promise<void> {
    this.beside.add(await post(this.#url, [{ app_id: crypto.randomUUID() }, { app_id: BESIDE }]));
  }
}

async function post(url: string, body: unknown): Promise<number> {
  const init = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}/api/apps/`, init);
  await response.arrayBuffer();
  return response.status;
}

/** How much memory a process holds, in bytes. */
function residentOf(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return 1_024 * Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
