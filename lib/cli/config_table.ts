/**
 * What the `config` command prints.
 *
 * @module
 */

import type { EffectiveSetting } from "../effective_settings.ts";
import { printable } from "../printable.ts";
import { MASK } from "../setting_sources.ts";

/** The widest that the column of values grows, in characters: a longer one moves only its own source. */
const VALUE_WIDTH = 40;

/** Each setting on a line, with its value and where it came from; without a line break at the end. */
export function configTable(settings: readonly EffectiveSetting[]): string {
  const rows = settings.map((setting) => ({
    name: setting.name,
    value: valueText(setting),
    source: printable(setting.source),
  }));
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const widest = Math.max(0, ...rows.map(({ value }) => value.length));
  const valueWidth = Math.min(widest, VALUE_WIDTH);
  return rows
    .map(({ name, value, source }) =>
      `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}`
    )
    .join("\n");
}

function valueText({ value }: EffectiveSetting): string {
  switch (value.kind) {
    case "text":
      return printable(value.text);
    case "secret":
      return MASK;
    case "unset":
      return "not set";
  }
}
