/**
 * Put-offs: news that nobody can know how an app is. A gap may have swallowed
 * its heartbeat, and its alarm comes more than an hour later for it; people
 * are told at the old deadline. No flip, and no incident.
 *
 * @module
 */

import type { Instant } from "./clock.ts";
import type { Gap } from "./gap.ts";

/** One of them, as a letter tells it. */
export interface PutOff {
  readonly appId: string;
  readonly appName: string | null;
  /** When it was due, and its old deadline. */
  readonly dueAt: Instant;
  readonly at: Instant;
  /** The first gap that moved its deadline, null if that is no longer known, and how many others did. */
  readonly gap: Gap | null;
  readonly otherGaps: number;
  /** When it is down, if it stays silent; as it was known at the old deadline. */
  readonly deadlineAt: Instant;
}

/** An app that was heard after people had been told that nobody knows. */
export interface HeardAfterAll {
  readonly appId: string;
  readonly appName: string | null;
  readonly at: Instant;
}
