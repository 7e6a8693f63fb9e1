/**
 * The stream that tells open pages that something has changed (server-sent
 * events, WHATWG HTML §9.2): no more than that, for each page asks for what it
 * shows.
 *
 *     data: changed                     ask anew
 *     event: alive                      all is told
 *     event: ended, data: login         whoever opened it is not logged in any more
 *     event: ended, data: crowded       newer pages have taken its place
 *
 * A stream that ends without a word was cut, and the page opens another one.
 *
 * @module
 */

import { type Alarm, type Clock, type Duration, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Change, Store } from "../store.ts";

/** How soon pages learn of news, and at most how often. */
const NEWS_AFTER: Duration = SECOND / 4;

/** How soon they learn that apps were heard, which on a busy service never ends. */
const BEATS_AFTER: Duration = 0.75 * SECOND;

/** How far apart they are told for each that is open: to answer one takes a quarter of that. */
const APART_FOR_EACH: Duration = 30;

/** How often they are told even if nothing came: what is late becomes so by itself, a session ends. */
const QUIET_AFTER: Duration = 8 * SECOND;

/** How often they hear that the stream is alive: a page that hears nothing is not. */
const ALIVE_EVERY: Duration = 3 * SECOND;

/**
 * How many streams may be open: of one login, which is one browser; from one
 * address, which may be an office; and in all. Beyond that the oldest ends, so
 * that nobody who opens many keeps others out.
 */
const LIMITS = { login: 20, address: 100, all: 200 } as const;

/** How often it is looked whether those who listen are still logged in. */
const LOOK_EVERY: Duration = 5 * SECOND;

/** So that the browser knows at once that it is connected. */
const CONNECTED = new TextEncoder().encode(": connected\n\n");
const CHANGED = new TextEncoder().encode("data: changed\n\n");
const ALIVE = new TextEncoder().encode("event: alive\ndata: yes\n\n");

/** What goes with each stream; nobody on the way may hold it up. */
export const STREAM_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
} as const;

/** What is told to somebody who is not logged in: a browser takes no other answer for a stream. */
export const REFUSAL: string = ended("login");

/** Why a stream ends. */
type Reason = "login" | "crowded";

/** Who listens. */
export interface Listener {
  /** The hash of the session. */
  readonly login: string;
  readonly address: string;
}

/** A stream that is open. */
interface Open extends Listener {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** Whether it has yet to be told of what has changed. */
  isUntold: boolean;
}

/** What the streams work with. */
interface Parts {
  readonly store: Pick<Store, "onChange">;
  readonly clock: Clock;
  /** Whether a session is still one. */
  readonly isLoggedIn: (login: string) => Promise<boolean>;
  /** Ends all of them: an open one would hold up a stop. */
  readonly signal: AbortSignal;
}

/** Keeps pages up to date. */
export class Live {
  readonly #clock: Clock;
  readonly #isLoggedIn: Parts["isLoggedIn"];
  readonly #signal: AbortSignal;
  /** The oldest first. */
  readonly #open = new Set<Open>();
  /** When all are told next, by the steady clock; null while nobody listens. */
  #next: { readonly at: Duration; readonly cancel: () => void } | null = null;
  /** Rings when they are to hear that it is alive; null while nobody listens. */
  #alive: Alarm | null = null;
  /** When it was looked last who is logged in, by the same. */
  #lookedAt: Duration = 0;

  constructor({ store, clock, isLoggedIn, signal }: Parts) {
    this.#clock = clock;
    this.#isLoggedIn = isLoggedIn;
    this.#signal = signal;
    store.onChange((change) => this.#changed(change));
    signal.addEventListener("abort", () => this.#end());
  }

  /**
   * A stream for one page.
   *
   * @throws {AppError} `unavailable` while the service stops.
   */
  stream(listener: Listener): ReadableStream<Uint8Array> {
    if (this.#signal.aborted) {
      throw new AppError("unavailable", "Cannot open another stream: the service stops");
    }
    let mine: Open;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = { ...listener, controller, isUntold: false };
        this.#open.add(mine);
        controller.enqueue(CONNECTED);
        this.#makeRoom(mine);
        this.#tellIn(QUIET_AFTER);
        this.#alive ??= this.#aliveAgain();
      },
      cancel: () => void this.#open.delete(mine),
    });
  }

  /** Ends the streams of those who are not logged in any more. */
  async look(): Promise<void> {
    this.#lookedAt = this.#clock.elapsed();
    for (const login of new Set(Array.from(this.#open, (each) => each.login))) {
      if (await this.#isLoggedIn(login)) continue;
      for (const each of this.#open) if (each.login === login) this.#endOne(each, "login");
    }
  }

  #makeRoom({ login, address }: Open): void {
    const open = [...this.#open];
    const mine = open.filter((each) => each.login === login);
    const near = open.filter((each) => each.address === address);
    // The oldest of the narrowest circle that is full: whoever opens too many ends their own.
    const victim = mine.length > LIMITS.login
      ? mine[0]
      : near.length > LIMITS.address
      ? near[0]
      : open.length > LIMITS.all
      ? open[0]
      : undefined;
    if (victim !== undefined) this.#endOne(victim, "crowded");
  }

  #changed({ news }: Change): void {
    if (this.#open.size === 0) return;
    const soon = news.length > 0 ? NEWS_AFTER : BEATS_AFTER;
    this.#tellIn(Math.max(soon, this.#open.size * APART_FOR_EACH));
  }

  /** Tells all within this time, or before if that is planned. */
  #tellIn(wait: Duration): void {
    const at = this.#clock.elapsed() + wait;
    if (this.#next !== null && this.#next.at <= at) return;
    this.#next?.cancel();
    const { cancel } = this.#clock.wakeAt(this.#clock.now() + wait, () => this.#tell());
    this.#next = { at, cancel };
  }

  #tell(): void {
    this.#next = null;
    for (const open of this.#open) {
      open.isUntold = true;
      this.#send(open);
    }
    if (this.#open.size > 0) this.#tellIn(QUIET_AFTER);
    // What cannot be read now, for the storage fails, is looked at the next time.
    if (this.#clock.elapsed() - this.#lookedAt >= LOOK_EVERY) this.look().catch(() => {});
  }

  #aliveAgain(): Alarm {
    return this.#clock.wakeAt(this.#clock.now() + ALIVE_EVERY, () => {
      for (const open of this.#open) this.#send(open);
      this.#alive = this.#open.size > 0 ? this.#aliveAgain() : null;
    });
  }

  /** What has changed comes before what says that all is told. */
  #send(open: Open): void {
    // Who does not read is not waited for: a stream that is full is told the next time.
    if ((open.controller.desiredSize ?? 0) <= 0) return;
    open.controller.enqueue(open.isUntold ? CHANGED : ALIVE);
    open.isUntold = false;
  }

  #endOne(open: Open, reason: Reason): void {
    this.#open.delete(open);
    open.controller.enqueue(new TextEncoder().encode(ended(reason)));
    open.controller.close();
  }

  #end(): void {
    this.#next?.cancel();
    this.#alive?.cancel();
    for (const { controller } of this.#open) controller.close();
    this.#open.clear();
  }
}

function ended(reason: Reason): string {
  return `event: ended\ndata: ${reason}\n\n`;
}
