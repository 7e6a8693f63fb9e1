/**
 * The settings in effect, as they may be shown.
 *
 * @module
 */

import type { SettingReader } from "./setting_reader.ts";
import { showable, type Texts } from "./setting_sources.ts";
import { SETTING_NAMES, type SettingName, SETTINGS } from "./settings.ts";

/** What is in effect for a setting. No secret is ever in it. */
export interface EffectiveSetting {
  readonly name: SettingName;
  readonly value:
    | { readonly kind: "text"; readonly text: string }
    /** Something that is not shown. */
    | { readonly kind: "secret" }
    | { readonly kind: "unset" };
  /** "default", ".env", "environment" or the flag, "--port"; for a secret from a file, with that file. */
  readonly source: string;
}

/**
 * Every setting, in the order of the table. `worked` holds, by name, what the
 * program made of a setting where that is not simply its text or its default.
 */
export function effectiveSettings(
  reader: SettingReader,
  worked: Texts,
): readonly EffectiveSetting[] {
  return SETTING_NAMES.map((name) => {
    const statement = reader.statement(name);
    const isGiven = statement.kind === "given";
    const source = isGiven ? statement.source : "default";
    if (isGiven && SETTINGS[name].isSecret) return { name, value: { kind: "secret" }, source };
    const text = worked[name] ?? (isGiven ? statement.text : SETTINGS[name].fallback);
    if (text === null) return { name, value: { kind: "unset" }, source };
    return { name, value: { kind: "text", text: showable(name, text) }, source };
  });
}
