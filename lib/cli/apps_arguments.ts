/**
 * The command line of `apps`, read.
 *
 * @module
 */

import { APP_ID_FORM, parseAppId } from "../app.ts";
import { excerpt } from "../printable.ts";

/** What `apps` is to do. */
export type AppsAction =
  | { readonly kind: "list"; readonly query: Readonly<Record<string, string>> }
  | { readonly kind: "show"; readonly id: string }
  | {
    readonly kind: "set";
    readonly id: string;
    readonly settings: Readonly<Record<string, unknown>>;
  }
  | { readonly kind: "pause" | "resume"; readonly id: string }
  | { readonly kind: "forget"; readonly id: string; readonly isSure: boolean };

/** The options of `apps`, as they were given. */
export type AppsOptions = Readonly<Record<string, string | boolean | undefined>>;

/** What stands for "as it is by default" where a duration is expected. */
const DEFAULT = "default";

const EXCERPT_LENGTH = 100;

const ACTIONS = ["show", "set", "pause", "resume", "forget"] as const;

/** The action that the words and options ask for, or what is wrong with them. */
export function appsAction(words: readonly string[], options: AppsOptions): AppsAction | string {
  const [word, given, surplus] = words;
  if (word === undefined) return { kind: "list", query: textsOf(options, ["status", "tag", "q"]) };
  const kind = ACTIONS.find((each) => each === word);
  if (kind === undefined) {
    return `Command apps cannot take ${quoted(word)}: expected one of ${ACTIONS.join(", ")}`;
  }
  if (given === undefined) return `Command apps ${kind} lacks its app: expected apps ${kind} ID`;
  const id = parseAppId(given);
  if (id === null) return `Cannot ${kind} app ${quoted(given)}: expected ${APP_ID_FORM}`;
  if (surplus !== undefined) {
    return `Command apps ${kind} cannot take ${quoted(surplus)}: expected one app`;
  }
  switch (kind) {
    case "show":
    case "pause":
    case "resume":
      return { kind, id };
    case "forget":
      return { kind, id, isSure: options.yes === true };
    case "set":
      return setOf(id, options);
  }
}

function setOf(id: string, options: AppsOptions): AppsAction | string {
  const given = textsOf(options, ["name", "note", "tags", "period", "grace"]);
  const settings = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, settingOf(name, text)]),
  );
  if (Object.keys(settings).length === 0) {
    return "Command apps set lacks what to set: expected --name, --note, --tags, --period or --grace";
  }
  return { kind: "set", id, settings };
}

function settingOf(name: string, text: string): unknown {
  if (name === "tags") return text === "" ? [] : text.split(",").map((tag) => tag.trim());
  return text === "" || text === DEFAULT && (name === "period" || name === "grace") ? null : text;
}

function textsOf(options: AppsOptions, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = options[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

function quoted(text: string): string {
  return `"${excerpt(text, EXCERPT_LENGTH)}"`;
}
