/**
 * Digests: the news owed to one address, folded into a line an app.
 *
 * Where the address has not been told yet that an app is down, down and up
 * fold into "was away"; where the app is down again by now, the times it was
 * away before go with the alarm.
 *
 * @module
 */

import type { Duration, Instant } from "./clock.ts";
import type { Flip, FlipReason } from "./flip.ts";
import type { RefusedHeartbeat } from "./refused.ts";

/** One piece of news owed to one address, with what a letter says of it. */
export interface News {
  readonly flip: Flip;
  readonly appName: string | null;
  /** Where the app stands in letters: lower comes first. */
  readonly precedence: number;
  /** How often the app fell in the 7 days up to now, this time included. */
  readonly falls: number;
  /** Whether its flip made the app flapping, or came while it was. */
  readonly isFlapping: boolean;
  /** For a fall: the flip's own id; else null. */
  readonly incident: number | null;
  /** For a fall: the last heartbeat of the app that was refused after its last one. */
  readonly refusal: Omit<RefusedHeartbeat, "times"> | null;
  /** For a recovery: the fall that it ends, and the letter that told of it, if one was taken or may have been. */
  readonly ended: {
    readonly at: Instant;
    readonly toldBy: string | null;
  } | null;
}

/** An app that is down. */
export interface DownEntry {
  readonly appId: string;
  readonly name: string | null;
  /** When it fell: its deadline, or when it said so. */
  readonly at: Instant;
  readonly reason: FlipReason;
  /** Its last heartbeat before, or the `fail` itself; null for none. */
  readonly heartbeat: { readonly at: Instant; readonly message: string | null } | null;
  /** What it sent since that heartbeat, and was refused: the last of it; null for nothing. */
  readonly refusal: Omit<RefusedHeartbeat, "times"> | null;
  /** How often it fell in the last 7 days, this time included. */
  readonly falls: number;
  /** What it did since the last letter, before it fell. */
  readonly awayBefore: Absences | null;
  /** The flip that began it. */
  readonly incident: number;
}

/** Several absences, added up. */
export interface Absences {
  readonly times: number;
  readonly total: Duration;
}

/** An app that is back, of which the address had been told that it is down. */
export interface BackEntry {
  readonly appId: string;
  readonly name: string | null;
  /** The absence that the address had been told of. */
  readonly downAt: Instant;
  readonly upAt: Instant;
  /** Further absences that began and ended since. */
  readonly awayAgain: Absences | null;
  /** What it said when it came back. */
  readonly message: string | null;
  readonly falls: number;
}

/** An app that fell and came back before the address could be told. */
export interface AwayEntry {
  readonly appId: string;
  readonly name: string | null;
  readonly times: number;
  readonly total: Duration;
  /** The last time. */
  readonly downAt: Instant;
  readonly upAt: Instant;
  readonly falls: number;
}

/** An app that keeps falling and coming back. */
export interface FlappingEntry {
  readonly appId: string;
  readonly name: string | null;
  /** How it is by now. */
  readonly isDown: boolean;
  /** Since when it is so. */
  readonly since: Instant;
  /** Its absences that ended with this news, told of before or not; none while `times` is 0. */
  readonly times: number;
  /** How long these were in all. */
  readonly total: Duration;
  readonly falls: number;
  /** What it said last. */
  readonly message: string | null;
  /** Where it is down: the flip that began it. */
  readonly incident: number | null;
}

/** News folded; each app is in one of the four, each list in the order of precedence. */
export interface Digest {
  readonly down: readonly DownEntry[];
  readonly back: readonly BackEntry[];
  readonly away: readonly AwayEntry[];
  /** Apps any of whose news came while they were flapping. */
  readonly flapping: readonly FlappingEntry[];
}

/** Folds news, given oldest first for each app, into a line an app. */
export function digest(news: readonly News[]): Digest {
  const down: DownEntry[] = [];
  const back: BackEntry[] = [];
  const away: AwayEntry[] = [];
  const flapping: FlappingEntry[] = [];
  for (const ofApp of byApp(news)) {
    const last = ofApp.at(-1);
    if (last === undefined) continue;
    const app = { appId: last.flip.appId, name: last.appName, falls: last.falls };
    const absences = absencesIn(ofApp);
    const told = absences.find((each) => each.wasTold);
    const latest = absences.at(-1);
    if (ofApp.some((each) => each.isFlapping)) {
      flapping.push({ ...app, ...flappingNow(last), ...(sum(absences) ?? NONE) });
    } else if (last.incident !== null) {
      const { at, reason, heartbeat } = last.flip;
      const { incident, refusal } = last;
      down.push({ ...app, at, reason, heartbeat, refusal, awayBefore: sum(absences), incident });
    } else if (told !== undefined) {
      const message = last.flip.heartbeat?.message ?? null;
      const { downAt, upAt } = told;
      const awayAgain = sum(absences.filter((each) => each !== told));
      back.push({ ...app, downAt, upAt, awayAgain, message });
    } else if (latest !== undefined) {
      const { downAt, upAt } = latest;
      away.push({ ...app, ...(sum(absences) ?? NONE), downAt, upAt });
    }
  }
  return { down, back, away, flapping };
}

/** The `Message-ID`s of the letters that told of what this news ends, oldest first, each once. */
export function answeredBy(news: readonly News[]): readonly string[] {
  const told = news.flatMap((each) => each.ended?.toldBy ?? []);
  return [...new Set(told)];
}

/** The news of each app, the apps in the order of precedence. */
function byApp(news: readonly News[]): readonly (readonly News[])[] {
  const apps = Map.groupBy(news, ({ flip }) => flip.appId);
  return [...apps.values()].sort(([one], [other]) => {
    return (one?.precedence ?? 0) - (other?.precedence ?? 0);
  });
}

function flappingNow(
  { flip, incident }: News,
): Pick<FlappingEntry, "isDown" | "since" | "message" | "incident"> {
  const message = flip.heartbeat?.message ?? null;
  return { isDown: flip.to === "down", since: flip.at, message, incident };
}

/** A span that an app was down, from its flip to the one that ended it. */
interface Absence {
  readonly downAt: Instant;
  readonly upAt: Instant;
  readonly wasTold: boolean;
}

function absencesIn(news: readonly News[]): readonly Absence[] {
  return news.flatMap(({ flip, ended }) =>
    ended === null ? [] : [{ downAt: ended.at, upAt: flip.at, wasTold: ended.toldBy !== null }]
  );
}

const NONE: Absences = { times: 0, total: 0 };

function sum(absences: readonly Absence[]): Absences | null {
  if (absences.length === 0) return null;
  const total = absences.reduce((span, each) => span + each.upAt - each.downAt, 0);
  return { times: absences.length, total };
}
