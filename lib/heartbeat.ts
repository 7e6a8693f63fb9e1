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
  type AppState,
  type Defaults,
  expectation,
  parseAppId,
  silence,
} from "./app.ts";
import type { Instant } from "./clock.ts";
import type { Detail } from "./errors.ts";
import type { Flip } from "./flip.ts";
import { excerpt } from "./printable.ts";

/** What an app can say with a heartbeat. */
export const HEARTBEAT_KINDS = ["success", "start", "fail", "log"] as const;

/** What an app says with a heartbeat. */
export type HeartbeatKind = typeof HEARTBEAT_KINDS[number];

/** One signal from an app. */
export interface Heartbeat {
  readonly appId: string;
  readonly kind: HeartbeatKind;
  /** At most {@linkcode MESSAGE_LENGTH} code points. */
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

/** How much of a message is kept, in code points. */
export const MESSAGE_LENGTH = 4_096;

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

/** What is kept of a message, and whether that is less than it was. */
export function keptMessage(text: string): {
  readonly message: string;
  readonly isTruncated: boolean;
} {
  const whole = storable(text);
  const message = cut(whole, MESSAGE_LENGTH);
  return { message, isTruncated: message !== whole };
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
      const { period, grace } = expectation(app, defaults);
      const deadlineAt = heartbeat.at + period + grace;
      const state: AppState = {
        kind: "up",
        successAt: heartbeat.at,
        excusedAt: null,
        unknownFrom: null,
        deadlineAt,
      };
      const up: App = { ...heard, state };
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

/**
 * Text that comes back from the database as it went in: a lone half of a
 * surrogate pair has no UTF-8 form, and the driver reads up to the first NUL.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u2400");
}

/** The first `length` code points: a cut between the halves of a pair would leave broken text. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (let points = 0; points < length && end < text.length; points++) {
    end += text.codePointAt(end) as number > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
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
