/**
 * Fields of forms: a label, what was typed, a hint, and what is wrong with it.
 *
 * @module
 */

import type { Element } from "./element.ts";

/** What is wrong with a field. */
export interface Trouble {
  /** In words, or null for nothing. */
  readonly wrong: string | null;
  /** Whether it is the first one to be fixed: that is where typing goes on. */
  readonly isFirst: boolean;
}

/** What goes with a form and is not seen; some browsers would keep an old one over a reload. */
export function Hidden(
  { name, value }: { readonly name: string; readonly value: string },
): Element {
  return <input type="hidden" name={name} value={value} autocomplete="off" />;
}

/** A line of text. The class `of-<name>` is for fields that belong to a choice. */
export function Field(
  { name, label, type = "text", value, hint = null, more = {}, trouble }: {
    readonly name: string;
    readonly label: string;
    readonly type?: "text" | "time" | "datetime-local";
    readonly value: string;
    readonly hint?: string | null;
    /** Further attributes of the input. */
    readonly more?: Readonly<Record<string, string>>;
    readonly trouble: Trouble;
  },
): Element {
  return (
    <div class={`field of-${name}`}>
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        value={value}
        autocomplete="off"
        autofocus={trouble.isFirst}
        {...more}
        {...faulty(name, trouble, hint === null ? [] : [`${name}-hint`])}
      />
      {hint === null ? null : <p id={`${name}-hint`} class="quiet small">{hint}</p>}
      <Wrong name={name} trouble={trouble} />
    </div>
  );
}

/** One of several, each with a button of its own. */
export function Choice(
  { name, legend, options, chosen, trouble }: {
    readonly name: string;
    readonly legend: string;
    /** What each is called. */
    readonly options: Readonly<Record<string, string>>;
    readonly chosen: string | null;
    readonly trouble: Trouble;
  },
): Element {
  const { wrong, isFirst } = trouble;
  return (
    <fieldset {...describedBy(wrong === null ? [] : [`${name}-wrong`])}>
      <legend>{legend}</legend>
      <div class="choices">
        {Object.entries(options).map(([option, label], index) => (
          <label class="choice">
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === chosen}
              autofocus={isFirst && index === 0}
            />
            {label}
          </label>
        ))}
      </div>
      <Wrong name={name} trouble={trouble} />
    </fieldset>
  );
}

/** What is wrong with the field of this name. */
export function Wrong(
  { name, trouble: { wrong } }: { readonly name: string; readonly trouble: Trouble },
): Element | null {
  if (wrong === null) return null;
  return <p id={`${name}-wrong`} class="down small" role="alert">{wrong}</p>;
}

/** Tells those who do not see it what is wrong with the field of this name, and what else describes it. */
export function faulty(
  name: string,
  { wrong }: Trouble,
  described: readonly string[] = [],
): Readonly<Record<string, string>> {
  if (wrong === null) return describedBy(described);
  return { "aria-invalid": "true", ...describedBy([...described, `${name}-wrong`]) };
}

function describedBy(ids: readonly string[]): Readonly<Record<string, string>> {
  return ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") };
}
