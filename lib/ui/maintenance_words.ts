/**
 * What the page of maintenance says. Spans, instants and times of day come in
 * written out.
 *
 * @module
 */

import type { Language } from "../language.ts";
import type { Weekday } from "../maintenance.ts";
import { MAINTENANCE_RUSSIAN } from "./maintenance_russian.ts";
import type { SCOPES, TIMES } from "./maintenance_draft.ts";

/** One language's words. */
export interface MaintenanceWords {
  /** What a window does. */
  readonly meaning: string;
  readonly empty: string;

  readonly all: string;
  readonly tag: string;
  readonly app: string;
  /** Behind an app that no heartbeat has come from yet. */
  readonly unknownApp: string;
  once(from: string, to: string, span: string): string;
  daily(time: string, zone: string, span: string): string;
  /** On this day of each week. */
  weekly(day: string, time: string, zone: string, span: string): string;
  readonly weekdays: Readonly<Record<Weekday, string>>;
  /** It covers this moment. */
  until(at: string): string;
  readonly end: string;

  readonly create: string;
  readonly forWhom: string;
  readonly scopes: Readonly<Record<typeof SCOPES[number], string>>;
  readonly when: string;
  readonly times: Readonly<Record<typeof TIMES[number], string>>;
  readonly at: string;
  /** By which clock times are read. */
  zone(name: string): string;
  readonly weekday: string;
  readonly timeOfDay: string;
  readonly length: string;
  readonly lengthHint: string;
  readonly note: string;
  readonly noteHint: string;
  readonly button: string;

  /** Above a form with something to fix. */
  readonly wrong: string;
  readonly tooMany: string;
  readonly unavailable: string;
  readonly faults: {
    readonly scope: string;
    readonly tag: string;
    readonly appId: string;
    readonly when: string;
    readonly at: string;
    readonly over: string;
    readonly timeOfDay: string;
    length(shortest: string, longest: string): string;
    note(most: string): string;
  };
}

const ENGLISH: MaintenanceWords = {
  meaning: "While a window covers an app, no alarm comes of it. What is still down when the " +
    "window ends is told then; the history has every fall all the same.",
  empty: "No maintenance is planned.",

  all: "All apps",
  tag: "Tag",
  app: "App",
  unknownApp: "not known yet",
  once: (from, to, span) => `Once, from ${from} to ${to} (${span})`,
  daily: (time, zone, span) => `Every day at ${time} (${zone}), for ${span}`,
  weekly: (day, time, zone, span) => `${day} at ${time} (${zone}), for ${span}`,
  weekdays: {
    mon: "Every Monday",
    tue: "Every Tuesday",
    wed: "Every Wednesday",
    thu: "Every Thursday",
    fri: "Every Friday",
    sat: "Every Saturday",
    sun: "Every Sunday",
  },
  until: (at) => `In effect until ${at}`,
  end: "End",

  create: "New window",
  forWhom: "For whom",
  scopes: { all: "All apps", tag: "Apps with a tag", app: "One app" },
  when: "When",
  times: { now: "Now", once: "Once", daily: "Every day", weekly: "Every week" },
  at: "Begins on",
  zone: (name) => `By the clock of ${name}`,
  weekday: "Day",
  timeOfDay: "Begins at",
  length: "How long",
  lengthHint: "Like 30m, 2h or 1d",
  note: "Note",
  noteHint: "Why, for whoever reads this later; may be left out",
  button: "Make it",

  wrong: "Nothing was made: something below is to be fixed first.",
  tooMany: "Nothing was made: there are as many windows as there may be. End one first.",
  unavailable: "Nothing was made: it cannot be stored now. Try again.",
  faults: {
    scope: "Choose whom it is for.",
    tag: "A tag is a letter or digit, then up to 49 letters, digits or . _ : / -",
    appId:
      "An app_id is a whole number, or a letter or digit of ASCII and then up to 99 letters, " +
      "digits or . _ -",
    when: "Choose when it comes.",
    at: "A date and a time are needed.",
    over: "Such a window would be over already: have it begin later, or last longer.",
    timeOfDay: "A time like 02:30 is needed.",
    length: (shortest, longest) =>
      `A length is like 90s, 5m, 2h or 1d, from ${shortest} to ${longest}.`,
    note: (most) => `A note has up to ${most} characters, none of them a control character.`,
  },
};

/** The words of each language. */
export const MAINTENANCE_WORDS: Readonly<Record<Language, MaintenanceWords>> = {
  en: ENGLISH,
  ru: MAINTENANCE_RUSSIAN,
};
