/** What happened, for whoever counts it or has to find out why. */

import type { Instant } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import type { Passed } from "./agenda.ts";
import type { Manner } from "./speech.ts";

/** Why nobody listens. */
export type Why = "stopped" | "killed" | "asleep" | "stalled" | "set";

/** A heartbeat that an app has sent. */
export interface Sent {
  readonly number: number;
  readonly appId: string;
  readonly kind: HeartbeatKind;
  readonly manner: Manner;
  readonly sentAt: Passed;
  outcome: "pending" | "answered" | "unavailable" | "lost";
}

/** What happened, for whoever has to find out why. */
export interface Remark {
  readonly passed: Passed;
  readonly wall: Instant;
  readonly appId: string | null;
  readonly text: string;
}

/** What was counted. */
export interface Tally {
  heartbeats: number;
  answered: number;
  gaps: number;
  clockSteps: number;
  diskFaults: number;
  shutDoors: number;
  flips: number;
  putOffs: number;
  /** Alarms of apps that beat: of a heartbeat lost in a second gap, and under a clock that was set. */
  secondGap: number;
  underSetClock: number;
}

/** Nothing counted yet. */
export function emptyTally(): Tally {
  return {
    heartbeats: 0,
    answered: 0,
    gaps: 0,
    clockSteps: 0,
    diskFaults: 0,
    shutDoors: 0,
    flips: 0,
    putOffs: 0,
    secondGap: 0,
    underSetClock: 0,
  };
}

/** An instant, to be read by people. */
export function clock(at: Instant): string {
  return new Date(at).toISOString();
}
