/**
 * An app's settings as they are typed into the form, with what the form was
 * filled with: read as the API reads them, so that both take the same.
 *
 * @module
 */

import type { App } from "../app.ts";
import { durationText } from "../duration.ts";
import type { Detail } from "../errors.ts";
import { type AppSettings, parseSettings } from "../registry.ts";
import {
  markOf,
  marksOf,
  revise,
  type Revision,
  type Seen,
  SETTING_KEYS,
  type SettingKey,
} from "../revision.ts";

/** The fields, as they are typed. */
export type Typed = Readonly<Record<SettingKey, string>>;

/** What stands before the name of a field in the name of another one that belongs to it. */
export const FIELDS = {
  /** The mark of what it was filled with. */
  seen: "was.",
  /** Where two have changed it: the mark of the other's, as it was shown; and whose is wanted. */
  shown: "theirs.",
  taken: "take.",
} as const;

/** Whose is wanted, where two have changed the same. */
export const SIDES = ["theirs", "mine"] as const;

/** A form, as it was sent. */
export interface AppDraft {
  readonly typed: Typed;
  readonly seen: Seen;
  /** Where two have changed the same: the marks of the other's, as they were shown. */
  readonly shown: Seen;
  /** And whose was chosen. */
  readonly taken: Readonly<Partial<Record<SettingKey, typeof SIDES[number]>>>;
}

/** The draft of an app that nobody has changed anything of yet. */
export function draftOf(app: AppSettings): AppDraft {
  return { typed: typedOf(app), seen: marksOf(plainOf(app)), shown: {}, taken: {} };
}

/** What a form brought. */
export function draftIn(fields: URLSearchParams): AppDraft {
  const all = (prefix: string) =>
    Object.fromEntries(SETTING_KEYS.flatMap((key) => {
      const value = fields.get(prefix + key);
      return value === null ? [] : [[key, value]];
    }));
  const taken = Object.entries(all(FIELDS.taken)).filter(([, side]) =>
    SIDES.includes(side as never)
  );
  const of = (key: SettingKey) => fields.get(key) ?? "";
  const typed = {
    name: of("name"),
    tags: of("tags"),
    period: of("period"),
    grace: of("grace"),
    note: oneParagraph(of("note")),
  };
  return {
    typed,
    seen: all(FIELDS.seen),
    shown: all(FIELDS.shown),
    taken: Object.fromEntries(taken),
  };
}

/** The settings that are wanted; those that the other's are chosen of are left out. */
export function wishOf({ typed, taken }: AppDraft): Partial<AppSettings> | readonly Detail[] {
  const object = Object.entries(settingsOf(typed));
  const mine = object.filter(([key]) => taken[key as SettingKey] !== "theirs");
  return parseSettings(Object.fromEntries(mine));
}

/** What comes of the wish, as the app is now. */
export function reviseBy(
  { seen, shown, taken }: AppDraft,
  wish: Partial<AppSettings>,
  app: App,
): Revision {
  const theirs = plainOf(app);
  const known: Partial<Record<SettingKey, string>> = { ...seen };
  for (const key of SETTING_KEYS) {
    // Who has seen the other's as it is, and wants their own, overwrites it knowingly.
    const mark = markOf(theirs, key);
    if (taken[key] === "mine" && shown[key] === mark) known[key] = mark;
  }
  return revise({ ...theirs, ...wish }, theirs, known);
}

/** The settings as the form would send them back that shows them. */
export function plainOf({ name, note, tags, period, grace }: AppSettings): AppSettings {
  return {
    name: name?.trim() || null,
    note: oneParagraph(note ?? "").trim() || null,
    tags,
    period,
    grace,
  };
}

/** The fields of an app as it is. */
export function typedOf({ name, note, tags, period, grace }: AppSettings): Typed {
  return {
    name: name ?? "",
    note: note ?? "",
    tags: tags.join(" "),
    period: period === null ? "" : durationText(period),
    grace: grace === null ? "" : durationText(grace),
  };
}

/** What was typed, as the registry's JSON has it. */
function settingsOf({ name, note, tags, period, grace }: Typed): object {
  return {
    name: name.trim() || null,
    note: note.trim() || null,
    tags: tags.split(/[\s,]+/).filter((tag) => tag !== ""),
    period: period.trim() || null,
    grace: grace.trim() || null,
  };
}

/** A browser sends line ends as CR LF; a note is one paragraph. */
function oneParagraph(note: string): string {
  return note.replace(/\s*\r?\n\s*/g, " ");
}
