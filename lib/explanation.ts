/**
 * Explanations: how an app stands and why, what comes next if it stays silent,
 * and who will be told of it when, or why not.
 *
 *   app, what keeps it quiet ──> why its status ──> what comes next
 *                                                        │
 *   addresses, outbox, timing ──────────────────> who is told when
 *
 * @module
 */

import {
  type App,
  type Defaults,
  due,
  expectation,
  silence,
  type Status,
  status,
  unknownSince,
} from "./app.ts";
import { DAY, type Duration, type Instant } from "./clock.ts";
import { putOffAt } from "./excuse.ts";
import { PUT_OFF_BEYOND } from "./gap.ts";
import type { Flapping, KnownApp } from "./known_app.ts";
import type { MaintenanceWindow } from "./maintenance.ts";
import { type Mute, wholeMute } from "./mute.ts";
import type { Outbox, Timing } from "./outbox.ts";
import type { RefusedHeartbeat } from "./refused.ts";
import { type Telling, tellingOf } from "./telling.ts";

/** For how long a refused heartbeat is spoken of though others were taken since. */
const REFUSED_OF_LATE: Duration = DAY;

/** What an explanation is made of. */
export interface ExplanationFacts {
  readonly known: KnownApp;
  readonly windows: readonly MaintenanceWindow[];
  readonly defaults: Defaults;
  /** A queue for each admin address. */
  readonly outbox: Outbox;
  readonly timing: Timing;
  /** Whether there is a mail server to send by. */
  readonly hasMail: boolean;
  /** By which silence is judged. */
  readonly now: Instant;
  /** The instant it is: later than that while we cannot listen. */
  readonly seenAt: Instant;
}

/** The whole of it. */
export interface Explanation {
  readonly app: App;
  readonly now: Instant;
  readonly status: Status;
  readonly why: Why;
  /** What keeps it quiet now, until that ends without a break; null for nothing. */
  readonly mute: Mute | null;
  readonly flapping: Flapping | null;
  /** The last heartbeat of it that we refused, of late or since its last one; null for none. */
  readonly refused: RefusedHeartbeat | null;
  readonly next: Next;
  readonly telling: Telling;
}

/** What an app that is up is judged by. */
export interface Expected {
  readonly successAt: Instant;
  readonly period: Duration;
  readonly grace: Duration;
  readonly dueAt: Instant;
  readonly deadlineAt: Instant;
}

/** The rule that decides its status. */
export type Why =
  /** The settings name it among those that are never judged. */
  | { readonly rule: "ignored" }
  | { readonly rule: "paused"; readonly since: Instant | null }
  /** No success yet, since it was registered or judged again. */
  | { readonly rule: "unheard" }
  /** Nothing is due yet. */
  | ({ readonly rule: "heard" } & Expected)
  | ({ readonly rule: "overdue" } & Expected)
  /** It was due while we were deaf: it counts from `excusedAt`, and is unknown since before that. */
  | (
    & { readonly rule: "excused"; readonly excusedAt: Instant; readonly unknownFrom: Instant }
    & Expected
  )
  /** It has been due since we are deaf. */
  | ({ readonly rule: "deaf"; readonly unknownFrom: Instant } & Expected)
  /** The clock went ahead, or the machine slept: nobody knows which, nor how it is. */
  | ({ readonly rule: "put_off"; readonly unknownFrom: Instant } & Expected)
  /** Its deadline passed. */
  | ({ readonly rule: "silence" } & Fallen)
  /** It said so itself. */
  | ({ readonly rule: "fail" } & Fallen);

/** Since when an app is down, and who knows of it. */
export interface Fallen {
  readonly since: Instant;
  readonly acknowledgedAt: Instant | null;
}

/** What comes next, if the app stays silent. */
export type Next =
  /** Nothing: it is not judged, or not yet, or all has been said. */
  | { readonly kind: "nothing" }
  /** It is down at `at`; with a mute people are told only when that has ended. */
  | {
    readonly kind: "alarm";
    /** Null if it has passed. */
    readonly dueAt: Instant | null;
    /** When people are told that nobody knows how it is, for gaps put its alarm off; null for never. */
    readonly unknownAt: Instant | null;
    readonly at: Instant;
    readonly mute: Mute | null;
  }
  /** It is down, and people are told after all when a snooze or maintenance has ended. */
  | { readonly kind: "told_after_all"; readonly mute: Mute };

/** Explains an app. */
export function explanation(facts: ExplanationFacts): Explanation {
  const { known, defaults, now, seenAt } = facts;
  const { app, flapping } = known;
  const why = whyOf(facts);
  const next = nextOf(facts, why);
  return {
    app,
    now,
    status: status(app, { judgedBy: now, now: seenAt }, defaults),
    why,
    mute: muteFrom(facts, now),
    flapping,
    refused: refusedOf(facts),
    next,
    telling: tellingOf(facts, next),
  };
}

/** What was refused long ago, and cured since, is not worth a word. */
function refusedOf({ known: { app, refused }, now }: ExplanationFacts): RefusedHeartbeat | null {
  if (refused === null) return null;
  const isCured = app.lastHeartbeat !== null && app.lastHeartbeat.at > refused.at;
  return isCured && now - refused.at > REFUSED_OF_LATE ? null : refused;
}

function whyOf({ known, defaults, now, seenAt }: ExplanationFacts): Why {
  const { app, flippedAt, incident } = known;
  if (app.isIgnored) return { rule: "ignored" };
  const fell = silence(app, now);
  if (fell !== null) return { rule: "silence", since: fell.at, acknowledgedAt: null };
  const { state } = app;
  switch (state.kind) {
    case "paused":
      return { rule: "paused", since: flippedAt };
    case "new":
      return { rule: "unheard" };
    case "down": {
      const acknowledgedAt = incident?.acknowledgedAt ?? null;
      return { rule: incident?.reason ?? "silence", since: state.since, acknowledgedAt };
    }
    case "up": {
      const { successAt, excusedAt, deadlineAt } = state;
      const dueAt = due(app, defaults) ?? deadlineAt;
      const expected = { successAt, ...expectation(app, defaults), dueAt, deadlineAt };
      const unknownFrom = unknownSince(app, { judgedBy: now, now: seenAt }, defaults);
      if (unknownFrom !== null) {
        if (excusedAt !== null) return { rule: "excused", excusedAt, unknownFrom, ...expected };
        // Only of one that is unknown since we are deaf nothing is stored yet.
        const rule = state.unknownFrom === null ? "deaf" : "put_off";
        return { rule, unknownFrom, ...expected };
      }
      return { rule: now < dueAt ? "heard" : "overdue", ...expected };
    }
  }
}

function nextOf(facts: ExplanationFacts, why: Why): Next {
  switch (why.rule) {
    case "ignored":
    case "paused":
    case "unheard":
      return { kind: "nothing" };
    case "heard":
    case "overdue":
    case "excused":
    case "put_off": {
      const { dueAt, deadlineAt } = why;
      const mute = muteFrom(facts, deadlineAt);
      return {
        kind: "alarm",
        dueAt: dueAt > facts.now ? dueAt : null,
        unknownAt: unknownToldAt(facts, deadlineAt),
        at: deadlineAt,
        mute,
      };
    }
    case "deaf": {
      // Its deadline counts from the end of the gap, which is now at the earliest.
      const at = facts.seenAt + why.period + why.grace;
      return { kind: "alarm", dueAt: null, unknownAt: null, at, mute: muteFrom(facts, at) };
    }
    case "silence":
    case "fail":
      return afterFall(facts, why);
  }
}

/** When people are told that nobody knows: at the old deadline, or when a snooze or maintenance ends. */
function unknownToldAt(facts: ExplanationFacts, deadlineAt: Instant): Instant | null {
  const at = putOffAt(facts.known.app);
  const mute = at === null ? null : muteFrom(facts, at);
  if (mute === null) return at;
  return deadlineAt - mute.until > PUT_OFF_BEYOND ? mute.until : null;
}

/** One that has fallen. While no sweep has noticed, what its fall will come to is still ahead. */
function afterFall(facts: ExplanationFacts, { since }: Fallen): Next {
  const { known: { app, incident }, now } = facts;
  if (app.state.kind === "up") {
    const mute = muteFrom(facts, since);
    const isOver = mute !== null && mute.until <= now;
    const heldUntil = isOver ? null : mute;
    return { kind: "alarm", dueAt: null, unknownAt: null, at: since, mute: heldUntil };
  }
  if (incident === null || incident.mute === null) return { kind: "nothing" };
  const { reason, until } = incident.mute;
  const further = muteFrom(facts, until);
  return { kind: "told_after_all", mute: { reason, until: further?.until ?? until } };
}

/** What keeps the app quiet from an instant on without a break. */
function muteFrom({ known, windows }: ExplanationFacts, at: Instant): Mute | null {
  return wholeMute(known.app, { snoozedUntil: known.snoozedUntil, windows, at });
}
