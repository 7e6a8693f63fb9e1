/** Facts for letters, seen at a fixed instant. */

import { DAY, HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import type { AwayEntry, BackEntry, Digest, DownEntry, FlappingEntry } from "../../lib/digest.ts";
import type { Language } from "../../lib/language.ts";
import type { FactsOf, LetterStyle, StillDown } from "../../lib/letter.ts";
import type { HeardAfterAll, PutOff } from "../../lib/put_off.ts";

/** 24 November 2026, 12:00 in Moscow. */
export const NOW: Instant = Date.UTC(2026, 10, 24, 9, 0);

export const HOME = "https://alive.example.org";

/** Seen at {@linkcode NOW}, in Moscow, without pages. */
export function style(language: Language, changes: Partial<LetterStyle> = {}): LetterStyle {
  return {
    language,
    timeZone: "Europe/Moscow",
    baseUrl: null,
    mailInterval: MINUTE,
    acknowledgeUrl: null,
    now: NOW,
    ...changes,
  };
}

/** Nothing to tell, but for the changes. */
export function facts(
  changes: Partial<Omit<FactsOf<"news">, "digest">> & Partial<Digest> = {},
): FactsOf<"news"> {
  const { down = [], back = [], away = [], flapping = [], ...rest } = changes;
  return {
    kind: "news",
    digest: { down, back, away, flapping },
    putOffs: [],
    left: 0,
    stillDown: { apps: [], others: [], total: 0 },
    failed: [],
    heard: [],
    stale: 0,
    isCrowded: false,
    ...rest,
  };
}

/** Last heard 2 h 10 min ago. */
export function silent(appId: string, changes: Partial<DownEntry> = {}): DownEntry {
  return {
    appId,
    name: null,
    at: NOW - 2 * HOUR - 8 * MINUTE,
    reason: "silence",
    heartbeat: { at: NOW - 2 * HOUR - 10 * MINUTE, message: "OK:200" },
    refusal: null,
    falls: 3,
    awayBefore: null,
    incident: 1,
    ...changes,
  };
}

/** Said so 5 min ago. */
export function failing(appId: string, changes: Partial<DownEntry> = {}): DownEntry {
  const at = NOW - 5 * MINUTE;
  return silent(appId, {
    at,
    reason: "fail",
    heartbeat: { at, message: "disk full" },
    falls: 1,
    ...changes,
  });
}

/** Back for 1 min after 2 h 10 min. */
export function back(appId: string, changes: Partial<BackEntry> = {}): BackEntry {
  const upAt = NOW - MINUTE;
  return {
    appId,
    name: null,
    downAt: upAt - 2 * HOUR - 10 * MINUTE,
    upAt,
    awayAgain: null,
    message: "OK:200",
    falls: 3,
    ...changes,
  };
}

/** Away for 14 min, back for 1 min. */
export function away(appId: string, changes: Partial<AwayEntry> = {}): AwayEntry {
  const upAt = NOW - MINUTE;
  const total = 14 * MINUTE;
  return { appId, name: null, times: 1, total, downAt: upAt - total, upAt, falls: 1, ...changes };
}

/** Fell again 5 min ago. */
export function flapping(appId: string, changes: Partial<FlappingEntry> = {}): FlappingEntry {
  return {
    appId,
    name: null,
    isDown: true,
    since: NOW - 5 * MINUTE,
    times: 2,
    total: 12 * MINUTE,
    falls: 7,
    message: "OK:200",
    incident: 4,
    ...changes,
  };
}

/** Down for 3 d. */
export function stillDown(...appIds: readonly string[]): StillDown {
  const apps = appIds.map((appId) => ({
    appId,
    name: null,
    since: NOW - 3 * DAY,
    incident: 2,
  }));
  return { apps, others: [], total: apps.length };
}

/** A reminder of apps that are down for 3 d. */
export function reminder(...appIds: readonly string[]): FactsOf<"reminder"> {
  return { kind: "reminder", stillDown: stillDown(...appIds), failed: [], heard: [] };
}

/** Deaf for 7 h 10 min of last night, which moved 31 deadlines. */
export function gap(changes: Partial<FactsOf<"gap">> = {}): FactsOf<"gap"> {
  const [from, to] = [NOW - 14 * HOUR, NOW - 6 * HOUR - 50 * MINUTE];
  return {
    kind: "gap",
    from,
    to,
    gaps: 1,
    cause: "off",
    deaf: to - from,
    moved: 31,
    putOff: 0,
    failed: [],
    heard: [],
    ...changes,
  };
}

/** Due at 11:25, and then we were off for two seconds: down tomorrow at 11:50. */
export function putOff(
  appId: string,
  { name = null, ...changes }: Partial<PutOff> & { readonly name?: string | null } = {},
): PutOff {
  const [dueAt, from] = [NOW - 35 * MINUTE, NOW - 14 * MINUTE - 6 * SECOND];
  return {
    appId,
    appName: name,
    dueAt,
    at: NOW - 10 * MINUTE,
    gap: { from, to: from + 2 * SECOND, cause: "off" },
    otherGaps: 0,
    deadlineAt: NOW + 23 * HOUR + 50 * MINUTE,
    ...changes,
  };
}

/** Heard after all, at 11:55. */
export function heard(appId: string): HeardAfterAll {
  return { appId, appName: null, at: NOW - 5 * MINUTE };
}

/** A week of 31 apps, all well by now, and two incidents. */
export function proof(changes: Partial<FactsOf<"proof">> = {}): FactsOf<"proof"> {
  return {
    kind: "proof",
    apps: { total: 31, down: 0, unknown: 0 },
    incidents: 2,
    since: NOW - 7 * DAY,
    failed: [],
    heard: [],
    ...changes,
  };
}

/** Where an incident is acknowledged, as long as it really is. */
export function acknowledgeUrl(incident: number): string {
  return `${HOME}/ack/${incident}.0123456789abcdefghijkA`;
}

/** So many of something, named 1, 2, 3, … */
export function many<Fact>(count: number, fact: (appId: string) => Fact): readonly Fact[] {
  return Array.from({ length: count }, (_, index) => fact(String(index + 1)));
}

/** What a letter must show without obeying it: markup, an attribute's end, writing direction, a new header. */
export const HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>' +
  "\u202egnp.exe\u2066 \u200b\ufeff\u0000\u001b[31m\r\nBcc: all@example.org\ud800";
