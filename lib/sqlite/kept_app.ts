/**
 * An app as it is remembered from one heartbeat to the next.
 *
 * What heartbeats change of it is overwritten: new objects for each would live
 * for as long as it takes the app to beat again, which is the kind of garbage
 * that costs the most.
 *
 * @module
 */

import type { AppState } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { StoredApp } from "./app_row.ts";

/** Stands for the state of every app that is up: its instants are kept beside it. */
const UP: AppState = {
  kind: "up",
  successAt: NaN,
  excusedAt: null,
  deadlineAt: NaN,
  oldDeadlineAt: null,
  isPutOff: false,
};

/** Keeps how an app stands. */
export class KeptApp {
  /** How it stood before heartbeats came that left it on its side, but for what they changed. */
  #before: StoredApp;

  // What they changed; NaN is for null, which would take an object for each number.
  #isHeard = false;
  #heartbeats = 0;
  #lastAt: Instant = NaN;
  #lastMessage: string | null = null;
  #successAt: Instant = NaN;
  #excusedAt: Instant = NaN;
  #deadlineAt: Instant = NaN;
  #oldDeadlineAt: Instant = NaN;
  #isPutOff = false;

  constructor(stored: StoredApp) {
    this.#before = stored;
  }

  /** Heartbeats came that left it on its side: then it stands as said. */
  hear({ app: { state, lastHeartbeat }, heartbeats }: StoredApp): void {
    if (!this.#isHeard) this.#before = unheard(this.#before);
    this.#isHeard = true;
    this.#heartbeats = heartbeats;
    this.#lastAt = lastHeartbeat?.at ?? NaN;
    const message = lastHeartbeat?.message ?? null;
    if (message !== this.#lastMessage) this.#lastMessage = message;
    if (state.kind !== "up") return;
    this.#successAt = state.successAt;
    this.#excusedAt = state.excusedAt ?? NaN;
    this.#deadlineAt = state.deadlineAt;
    this.#oldDeadlineAt = state.oldDeadlineAt ?? NaN;
    this.#isPutOff = state.isPutOff;
  }

  /** The app as it stands. */
  get stored(): StoredApp {
    const before = this.#before;
    if (!this.#isHeard) return before;
    const { state } = before.app;
    const app = {
      ...before.app,
      lastHeartbeat: { at: this.#lastAt, message: this.#lastMessage },
      state: state.kind !== "up" ? state : {
        kind: state.kind,
        successAt: this.#successAt,
        excusedAt: orNull(this.#excusedAt),
        deadlineAt: this.#deadlineAt,
        oldDeadlineAt: orNull(this.#oldDeadlineAt),
        isPutOff: this.#isPutOff,
      },
    };
    return { ...before, app, heartbeats: this.#heartbeats };
  }
}

function orNull(at: Instant): Instant | null {
  return Number.isNaN(at) ? null : at;
}

/** The app without what heartbeats change of it. */
function unheard(stored: StoredApp): StoredApp {
  const { app } = stored;
  const state = app.state.kind === "up" ? UP : app.state;
  return { ...stored, app: { ...app, lastHeartbeat: null, state } };
}
