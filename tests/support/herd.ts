/**
 * A herd of apps that beat over HTTP, each at its own phase, whether anyone
 * listens or not; and the ledger of what each of them sent and was answered.
 *
 * @module
 */

import { type Duration, type Instant, SECOND } from "../../lib/clock.ts";
import type { Random } from "./random.ts";

/** One heartbeat that was sent. */
export interface Attempt {
  readonly sentAt: Instant;
  /** When it was answered 200, or null if it was not, or not that we know of. */
  readonly answeredAt: Instant | null;
}

/** How the herd beats. */
export interface HerdOptions {
  /** Where to: the same all the while. */
  readonly url: string;
  /** Between two heartbeats of an app. */
  readonly every: Duration;
  /** Where the phases come from, and which heartbeats go together in one request. */
  readonly random: Random;
}

interface Beater {
  readonly attempts: Attempt[];
  nextAt: Instant;
  isSilent: boolean;
}

/** How often the herd looks who is to beat. */
const LOOK_EVERY: Duration = SECOND / 100;

/** How often, on average, those who beat together do so in one request. */
const ARRAYS = 0.1;

/** How long an answer is waited for. */
const PATIENCE: Duration = 10 * SECOND;

/** A herd that beats until it is disposed of. */
export class Herd implements AsyncDisposable {
  /** Each heartbeat that was answered 200, by its message, which no other one has. */
  readonly answered = new Set<string>();
  /** How many were sent. */
  sent = 0;
  /** The longest that a 200 took. */
  longestWait: Duration = 0;
  /** What else was answered, by status; 0 stands for no answer. */
  readonly refused = new Map<number, number>();
  readonly #options: HerdOptions;
  readonly #apps = new Map<string, Beater>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY);

  constructor(options: HerdOptions) {
    this.#options = options;
  }

  /** Has an app begin to beat, or beat again, within its first period. */
  wake(appId: string): void {
    const { every, random } = this.#options;
    const nextAt = Date.now() + random() * every;
    const known = this.#apps.get(appId);
    if (known === undefined) this.#apps.set(appId, { attempts: [], nextAt, isSilent: false });
    else Object.assign(known, { nextAt, isSilent: false });
  }

  /** Has an app fall silent. */
  silence(appId: string): void {
    const app = this.#apps.get(appId);
    if (app !== undefined) app.isSilent = true;
  }

  /** What the app sent, in order. */
  attempts(appId: string): readonly Attempt[] {
    return (this.#apps.get(appId)?.attempts ?? []).toSorted((a, b) => a.sentAt - b.sentAt);
  }

  /** All that ever beat. */
  get appIds(): readonly string[] {
    return [...this.#apps.keys()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
  }

  #look(): void {
    const { every, random } = this.#options;
    const now = Date.now();
    const due: string[] = [];
    for (const [appId, app] of this.#apps) {
      if (app.isSilent || app.nextAt > now) continue;
      app.nextAt += every * Math.ceil((now - app.nextAt + 1) / every);
      due.push(appId);
    }
    if (due.length > 1 && random() < ARRAYS) this.#track(this.#beat(due, true));
    else for (const appId of due) this.#track(this.#beat([appId], false));
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    work.finally(() => this.#underWay.delete(work));
  }

  async #beat(appIds: readonly string[], isArray: boolean): Promise<void> {
    const heartbeats = appIds.map((app_id) => ({ app_id, message: `heartbeat ${++this.sent}` }));
    const sentAt = Date.now();
    const status = await post(this.#options.url, isArray ? heartbeats : heartbeats[0]);
    const answeredAt = status === 200 ? Date.now() : null;
    if (answeredAt !== null) this.longestWait = Math.max(this.longestWait, answeredAt - sentAt);
    for (const appId of appIds) this.#apps.get(appId)?.attempts.push({ sentAt, answeredAt });
    if (status === 200) { for (const { message } of heartbeats) this.answered.add(message); }
    else this.refused.set(status, (this.refused.get(status) ?? 0) + heartbeats.length);
  }
}

/** Sends one heartbeat or an array of them; the answer's status, or 0 for none. */
export async function post(url: string, body: unknown): Promise<number> {
  try {
    const response = await fetch(`${url}/api/apps/`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    // Nobody listens, or whoever did is gone.
    if (error instanceof TypeError || error instanceof DOMException) return 0;
    throw error;
  }
}
