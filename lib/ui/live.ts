/**
 * The stream that tells open pages that something has changed (server-sent
 * events, WHATWG HTML §9.2): no more than that, for each page asks for what it
 * shows.
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

/** How often they hear that the stream is alive: a page that hears nothing is not (live_script.ts). */
const ALIVE_EVERY: Duration = 3 * SECOND;

/** How many streams may be open: each is asked for by somebody who is logged in. */
const STREAMS_LIMIT = 200;

/** So that the browser knows at once that it is connected. */
const CONNECTED = new TextEncoder().encode(": connected\n\n");
const CHANGED = new TextEncoder().encode("data: changed\n\n");
const ALIVE = new TextEncoder().encode("event: alive\ndata: yes\n\n");

/** What the streams work with. */
interface Parts {
  readonly store: Pick<Store, "onChange">;
  readonly clock: Clock;
  /** Ends all of them: an open one would hold up a stop. */
  readonly signal: AbortSignal;
}

/** Keeps pages up to date. */
export class Live {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  /** Those that have not been told yet of what has changed. */
  readonly #untold = new WeakSet<ReadableStreamDefaultController<Uint8Array>>();
  /** When all are told next, by the steady clock; null while nobody listens. */
  #next: { readonly at: Duration; readonly cancel: () => void } | null = null;
  /** Rings when they are to hear that it is alive; null while nobody listens. */
  #alive: Alarm | null = null;

  constructor({ store, clock, signal }: Parts) {
    this.#clock = clock;
    this.#signal = signal;
    store.onChange((change) => this.#changed(change));
    signal.addEventListener("abort", () => this.#end());
  }

  /**
   * A stream for one page.
   *
   * @throws {AppError} `unavailable` while too many are open, or the service stops.
   */
  stream(): Response {
    if (this.#open.size >= STREAMS_LIMIT || this.#signal.aborted) {
      throw new AppError("unavailable", "Cannot open another stream: too many pages are open");
    }
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        this.#open.add(controller);
        controller.enqueue(CONNECTED);
        this.#tellIn(QUIET_AFTER);
        this.#alive ??= this.#aliveAgain();
      },
      cancel: () => void this.#open.delete(mine),
    });
    return new Response(body, {
      headers: {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store, no-transform",
        "X-Accel-Buffering": "no",
      },
    });
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
    for (const controller of this.#open) {
      this.#untold.add(controller);
      this.#send(controller);
    }
    if (this.#open.size > 0) this.#tellIn(QUIET_AFTER);
  }

  #aliveAgain(): Alarm {
    return this.#clock.wakeAt(this.#clock.now() + ALIVE_EVERY, () => {
      for (const controller of this.#open) this.#send(controller);
      this.#alive = this.#open.size > 0 ? this.#aliveAgain() : null;
    });
  }

  /** What has changed comes before what says that all is told. */
  #send(controller: ReadableStreamDefaultController<Uint8Array>): void {
    // Who does not read is not waited for: a stream that is full is told the next time.
    if ((controller.desiredSize ?? 0) <= 0) return;
    controller.enqueue(this.#untold.delete(controller) ? CHANGED : ALIVE);
  }

  #end(): void {
    this.#next?.cancel();
    this.#alive?.cancel();
    for (const controller of this.#open) controller.close();
    this.#open.clear();
  }
}
