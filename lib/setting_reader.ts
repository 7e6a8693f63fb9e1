/**
 * Settings read one after the other, and all that is wrong with them gathered.
 *
 * @module
 */

import type { Detail } from "./errors.ts";
import { SETTING_FORMS, type SettingValues } from "./setting_forms.ts";
import {
  MASK,
  quotesHint,
  type ReadTextFile,
  reason,
  showable,
  shown,
  type Sources,
  type Statement,
  statements,
} from "./setting_sources.ts";
import { type SettingName, SETTINGS } from "./settings.ts";

/** Reads settings, and goes on where one is wrong, so as to find every problem. */
export class SettingReader {
  readonly #statements: ReadonlyMap<SettingName, Statement>;
  readonly #readTextFile: ReadTextFile;
  readonly #problems: Detail[] = [];

  constructor(sources: Sources, readTextFile: ReadTextFile) {
    this.#statements = statements(sources, readTextFile);
    this.#readTextFile = readTextFile;
  }

  /** All that was wrong so far, in the order of reading. */
  get problems(): readonly Detail[] {
    return this.#problems;
  }

  /** A setting that may be absent: null then, and where it is wrong. */
  optional<Name extends SettingName>(name: Name): SettingValues[Name] | null {
    const statement = this.statement(name);
    switch (statement.kind) {
      case "absent":
        return null;
      case "garbled":
        this.#problems.push(statement.problem);
        return null;
      case "given": {
        const form = SETTING_FORMS[name];
        const value = form.read(statement.text);
        if (value === null) this.object(name, `expected ${form.expected}`);
        return value;
      }
    }
  }

  /** A setting with a default, which also stands in for a value that is wrong. */
  required<Name extends SettingName>(name: Name): SettingValues[Name] {
    const value = this.optional(name) ?? SETTING_FORMS[name].read(SETTINGS[name].fallback ?? "");
    if (value === null) throw new TypeError(`Cannot read the default of ${name}`);
    return value;
  }

  /** The text of the file that a setting names, or null, and a problem, where it cannot be read. */
  textIn(name: SettingName, path: string): string | null {
    try {
      return this.#readTextFile(path, "public");
    } catch (error) {
      this.object(name, `cannot read it: ${reason(error)}`);
      return null;
    }
  }

  /** Notes a problem with a setting; its name, value and source go before the message. */
  object(name: SettingName, message: string): void {
    const statement = this.statement(name);
    const state = statement.kind === "given" ? given(name, statement) : "not set";
    const hint = quotesHint(statement);
    const whole = `${name} is ${state}: ${message}${hint === "" ? "" : `; ${hint}`}`;
    this.#problems.push({ path: name, message: whole });
  }

  /** What was said of a setting. */
  statement(name: SettingName): Statement {
    return this.#statements.get(name) ?? { kind: "absent" };
  }

  /** Whether anything was said of a setting, be it wrong. */
  isSet(name: SettingName): boolean {
    return this.statement(name).kind !== "absent";
  }
}

function given(
  name: SettingName,
  { text, source }: { readonly text: string; readonly source: string },
): string {
  return `${SETTINGS[name].isSecret ? MASK : `"${shown(showable(name, text))}"`} (${source})`;
}
