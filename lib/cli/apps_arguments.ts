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
  | { readonly kind: "pause" | "resume" | "ack"; readonly id: string }
  | {
    readonly kind: "snooze";
    readonly id: string;
    /** As it was written: what it may be is the service's to say. Null ends a snooze. */
    readonly length: string | null;
  }
  | { readonly kind: "forget"; readonly id: string; readonly isSure: boolean };

/** The options of `apps`, as they were given. */
export type AppsOptions = Readonly<Record<string, string | boolean | undefined>>;

/** What stands for "as it is by default" where a duration is expected. */
const DEFAULT = "default";

const EXCERPT_LENGTH = 100;

const ACTIONS = ["show", "set", "ack", "snooze", "pause", "resume", "forget"] as const;

/** The options that one action has for itself: with another they would do nothing, unnoticed. */
const OWNERS: Readonly<Record<string, AppsAction["kind"]>> = {
  status: "list",
  tag: "list",
  q: "list",
  name: "set",
  note: "set",
  tags: "set",
  period: "set",
  grace: "set",
  for: "snooze",
  end: "snooze",
  yes: "forget",
};

/** The action that the words and options ask for, or what is wrong with them. */
export function appsAction(words: readonly string[], options: AppsOptions): AppsAction | string {
  const [word, given, surplus] = words;
  const kind = word === undefined ? "list" : ACTIONS.find((each) => each === word);
  if (kind === undefined) {
    return `Command apps cannot take ${quoted(word)}: expected one of ${ACTIONS.join(", ")}`;
  }
  const misplaced = misplacedOption(kind, options);
  if (misplaced !== null) return misplaced;
  if (kind === "list") return { kind, query: textsOf(kind, options) };

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
    case "ack":
      return { kind, id };
    case "snooze":
      return snoozeOf(id, options);
    case "forget":
      return { kind, id, isSure: options.yes === true };
    case "set":
      return setOf(id, options);
  }
}

function misplacedOption(kind: AppsAction["kind"], options: AppsOptions): string | null {
  for (const [name, owner] of Object.entries(OWNERS)) {
    if (options[name] === undefined || owner === kind) continue;
    return `Option "--${name}" does not go with ${spelled(kind)}: expected ${spelled(owner)}`;
  }
  return null;
}

function spelled(kind: AppsAction["kind"]): string {
  return kind === "list" ? "apps" : `apps ${kind}`;
}

function setOf(id: string, options: AppsOptions): AppsAction | string {
  const settings = Object.fromEntries(
    Object.entries(textsOf("set", options)).map(([name, text]) => [name, settingOf(name, text)]),
  );
  if (Object.keys(settings).length === 0) {
    return "Command apps set lacks what to set: expected --name, --note, --tags, --period or --grace";
  }
  return { kind: "set", id, settings };
}

function snoozeOf(id: string, options: AppsOptions): AppsAction | string {
  const { for: length, end } = options;
  if (typeof length !== "string" && end !== true) {
    return "Command apps snooze lacks how long: expected --for 20m, or --end";
  }
  if (typeof length !== "string") return { kind: "snooze", id, length: null };
  if (end !== true) return { kind: "snooze", id, length };
  return 'Option "--for" does not go with "--end": expected one of them';
}

function settingOf(name: string, text: string): unknown {
  if (name === "tags") return text === "" ? [] : text.split(",").map((tag) => tag.trim());
  return text === "" || text === DEFAULT && (name === "period" || name === "grace") ? null : text;
}

/** The texts that were given for this kind of action. */
function textsOf(
  kind: AppsAction["kind"],
  options: AppsOptions,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(OWNERS).flatMap(([name, owner]) => {
      const value = options[name];
      return owner === kind && typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

function quoted(text = ""): string {
  return `"${excerpt(text, EXCERPT_LENGTH)}"`;
}
