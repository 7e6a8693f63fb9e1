/**
 * Heartbeats: the signals an app sends, and what each does to it.
 *
 *  | state \ signal | success            | fail             | start, log | deadline passes |
 *  |----------------|--------------------|------------------|------------|-----------------|
 *  | (unknown app)  | registered, up     | registered, down | registered |                 |
 *  | new            | up                 | down             | -          | -               |
 *  | up             | up, new deadline   | down             | -          | down            |
 *  | down           | up                 | -                | -          | -               |
 *  | paused         | -                  | -                | -          | -               |
 *
 * @module
 */

import {
  type App,
  APP_ID_FORM,
  type Defaults,
  expectation,
  parseAppId,
  silence,
  upFrom,
} from "./app.ts";
import type { Instant } from "./clock.ts";
import type { Detail } from "./errors.ts";
import type { Flip } from "./flip.ts";
import { keptMessage } from "./message.ts";
import { excerpt } from "./printable.ts";

/** What an app can say with a heartbeat. */
export const HEARTBEAT_KINDS = ["success", "start", "fail", "log"] as const;

/** What an app says with a heartbeat. */
export type HeartbeatKind = typeof HEARTBEAT_KINDS[number];

/** One signal from an app. */
export interface Heartbeat {
  readonly appId: string;
  readonly kind: HeartbeatKind;
  /** What is kept of it: see message.ts. */
  readonly message: string | null;
  /** When its request had been read whole. */
  readonly at: Instant;
  /** The sender's network address. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A heartbeat as it was sent, before anyone knows when and from where. */
export interface Signal {
  readonly appId: string;
  readonly kind: HeartbeatKind;
  readonly message: string | null;
  /** Whether the message was cut. */
  readonly isTruncated: boolean;
}

/**
 * Reads one heartbeat from parsed JSON.
 *
 * An over-long message is cut rather than refused: that an app is alive is
 * worth more than what it says.
 */
export function parseSignal(value: unknown): Signal | readonly Detail[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ path: "", message: 'Expected an object like {"app_id": 23}' }];
  }
  const { app_id, message, kind } = value as Record<string, unknown>;
  const details: Detail[] = [];

  const appId = parseAppId(app_id);
  if (appId === null) {
    const problem = app_id === undefined ? "is missing" : `cannot be ${described(app_id)}`;
    details.push({ path: "app_id", message: `app_id ${problem}: expected ${APP_ID_FORM}` });
  }
  if (typeof message === "object" && message !== null) {
    details.push({
      path: "message",
      message: `message cannot be ${
        described(message)
      }: expected text, a number, a boolean or null`,
    });
  }
  const known = HEARTBEAT_KINDS.find((each) => each === (kind ?? "success"));
  if (known === undefined) {
    const expected = HEARTBEAT_KINDS.map((each) => `"${each}"`).join(", ");
    details.push({
      path: "kind",
      message: `kind cannot be ${described(kind)}: expected one of ${expected}`,
    });
  }

  if (appId === null || known === undefined || details.length > 0) return details;
  const kept = message === undefined || message === null
    ? { message: null, isTruncated: false }
    : keptMessage(String(message));
  return { appId, kind: known, ...kept };
}

/** An app after a heartbeat, and the flips on the way there, oldest first. */
export interface Received {
  readonly app: App;
  readonly flips: readonly Flip[];
}

/**
 * What a heartbeat makes of an app.
 *
 * One that comes after the deadline but before a sweep first takes the app
 * down, at the deadline: what happened must not depend on when a sweep ran.
 */
export function receive(app: App, heartbeat: Heartbeat, defaults: Defaults): Received {
  const fell = silence(app, heartbeat.at);
  const before: App = fell === null ? app : { ...app, state: { kind: "down", since: fell.at } };
  const after = answer(before, heartbeat, defaults);
  return fell === null ? after : { app: after.app, flips: [fell, ...after.flips] };
}

/** The table of states, a row each. */
function answer(app: App, heartbeat: Heartbeat, defaults: Defaults): Received {
  const lastHeartbeat = { at: heartbeat.at, message: heartbeat.message };
  const heard: App = { ...app, lastHeartbeat };
  if (app.isIgnored || app.state.kind === "paused") return { app: heard, flips: [] };

  switch (heartbeat.kind) {
    case "start":
    case "log":
      return { app: heard, flips: [] };
    case "fail": {
      if (app.state.kind === "down") return { app: heard, flips: [] };
      const fell: Flip = {
        appId: app.id,
        at: heartbeat.at,
        from: app.state.kind,
        to: "down",
        reason: "fail",
        heartbeat: lastHeartbeat,
      };
      return { app: { ...heard, state: { kind: "down", since: heartbeat.at } }, flips: [fell] };
    }
    case "success": {
      const up: App = { ...heard, state: upFrom(heartbeat.at, expectation(app, defaults)) };
      if (app.state.kind === "up") return { app: up, flips: [] };
      const rose: Flip = {
        appId: app.id,
        at: heartbeat.at,
        from: app.state.kind,
        to: "up",
        reason: "heartbeat",
        heartbeat: lastHeartbeat,
      };
      return { app: up, flips: [rose] };
    }
  }
}

/** The most of a wrong value that an answer repeats, in code points. */
const EXCERPT_LENGTH = 60;

/** A wrong value, short enough to repeat: nested values by their kind only. */
function described(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string"
    ? `"${excerpt(value, EXCERPT_LENGTH)}"`
    : excerpt(String(value), EXCERPT_LENGTH);
}
