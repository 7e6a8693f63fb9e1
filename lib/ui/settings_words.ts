/**
 * What the page of settings says.
 *
 * @module
 */

import type { Language } from "../language.ts";
import { type SettingName, SETTINGS } from "../settings.ts";
import { SETTINGS_RUSSIAN } from "./settings_russian.ts";
import type { Subject } from "./settings_view.ts";

/** One language's words. */
export interface SettingsWords {
  readonly intro: string;
  readonly subject: Readonly<Record<Subject, string>>;
  /** What a setting means, in a line. */
  meaning(name: SettingName): string;

  readonly name: string;
  readonly value: string;
  readonly source: string;
  /** Where a value comes from that nobody gave. */
  readonly byDefault: string;
  readonly environment: string;
  /** Beside a secret's mask. */
  readonly secret: string;
  readonly unset: string;

  /** The program itself. */
  readonly program: string;
  readonly version: string;
  readonly runtime: string;
  readonly database: string;
  readonly size: string;
}

const ENGLISH: SettingsWords = {
  intro: "They are read once, at the start: what the command line says goes before the " +
    "environment, and that before .env. To change one, change it there and start again.",
  subject: {
    mail: "Mail",
    letters: "Letters",
    judging: "Judging apps",
    access: "Access",
    storage: "Storage",
    speech: "Language, time and log",
  },
  meaning: (name) => SETTINGS[name].meaning,
  name: "Setting",
  value: "In effect",
  source: "Comes from",
  byDefault: "default",
  environment: "environment",
  secret: "set, and not shown",
  unset: "not set",
  program: "This program",
  version: "Version",
  runtime: "Runs on",
  database: "Database",
  size: "Size",
};

/** The words of each language. */
export const SETTINGS_WORDS: Readonly<Record<Language, SettingsWords>> = {
  en: ENGLISH,
  ru: SETTINGS_RUSSIAN,
};
