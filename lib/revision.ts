/**
 * Settings that more than one may change at a time: who has seen what, and
 * where their wishes clash.
 *
 *  seen ──── mine                 mine alone is another: set
 *     └───── theirs               theirs alone is another: stays
 *                                 both are, and not the same: they clash
 *
 * What was seen is known by a mark of each setting, made of its value. A
 * counter for the whole app would need a place in the storage, would be
 * counted on by who saves without a change, and would make two clash who
 * changed different settings.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { AppSettings } from "./registry.ts";

/** One of an app's settings. */
export type SettingKey = keyof AppSettings;

/** All of them, in the order in which they are shown. */
export const SETTING_KEYS: readonly SettingKey[] = ["name", "tags", "period", "grace", "note"];

/** The marks of the settings that somebody has seen; a setting without one was not seen. */
export type Seen = Readonly<Partial<Record<SettingKey, string>>>;

/** In characters of base64url: 96 bits, so that no two values have one mark by chance. */
const MARK_LENGTH = 16;

/** What comes of settings that somebody wants. */
export interface Revision {
  /** Those to be set. */
  readonly settings: Partial<AppSettings>;
  /** Those that somebody else has changed meanwhile, and that stay so. */
  readonly theirs: readonly SettingKey[];
  /** Those that both have changed, and differently: while there are any, nothing is to be set. */
  readonly clashes: readonly SettingKey[];
}

/** The mark of a setting. */
export function markOf(settings: AppSettings, key: SettingKey): string {
  return digest([key, settings[key]]);
}

/** The marks of all. */
export function marksOf(settings: AppSettings): Record<SettingKey, string> {
  const marks = SETTING_KEYS.map((key) => [key, markOf(settings, key)] as const);
  return Object.fromEntries(marks) as Record<SettingKey, string>;
}

/** One mark for all of them together. */
export function settingsMark(settings: AppSettings): string {
  return digest(SETTING_KEYS.map((key) => settings[key]));
}

/** What comes of `mine`, wanted by somebody who saw `seen`, where `theirs` is set now. */
export function revise(mine: AppSettings, theirs: AppSettings, seen: Seen): Revision {
  const [wanted, current] = [marksOf(mine), marksOf(theirs)];
  const differing = SETTING_KEYS.filter((key) => wanted[key] !== current[key]);
  const isMine = (key: SettingKey) => wanted[key] !== seen[key];
  const isTheirs = (key: SettingKey) => current[key] !== seen[key];
  const set = differing.filter((key) => isMine(key) && !isTheirs(key));
  return {
    settings: Object.fromEntries(set.map((key) => [key, mine[key]])),
    theirs: differing.filter((key) => !isMine(key)),
    clashes: differing.filter((key) => isMine(key) && isTheirs(key)),
  };
}

function digest(value: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(value)).digest("base64url");
  return hash.slice(0, MARK_LENGTH);
}
