/**
 * The command line, read.
 *
 *  stillalive [COMMAND] [ARGUMENT] [--setting VALUE] …
 *
 * @module
 */

import { parseArgs, type ParseArgsConfig } from "node:util";
import { ADDRESS } from "../network_forms.ts";
import { excerpt } from "../printable.ts";
import type { Texts } from "../setting_sources.ts";
import { flag, SETTING_KEYS } from "../settings.ts";
import { type AppsAction, appsAction, type AppsOptions } from "./apps_arguments.ts";

/** What can be asked of the program. */
export type CommandName =
  | "serve"
  | "check"
  | "import"
  | "mail-test"
  | "apps"
  | "backup"
  | "verify"
  | "config"
  | "token"
  | "version";

/** A command with what belongs to it alone. */
export type Command =
  | { readonly name: Exclude<CommandName, "mail-test" | "import" | "apps" | "backup" | "token"> }
  | {
    readonly name: "apps";
    readonly action: AppsAction;
    /** Whether programs read the answer. */
    readonly isJson: boolean;
  }
  | {
    readonly name: "backup";
    /** Where the copy goes. */
    readonly file: string;
  }
  | {
    readonly name: "import";
    /** The original's database. */
    readonly file: string;
    /** Whether its apps are to be judged from now on. */
    readonly isWatching: boolean;
  }
  | {
    readonly name: "mail-test";
    /** To whom, or null for every admin. */
    readonly address: string | null;
    /** Whether it is to look as an alarm does. */
    readonly isAlarm: boolean;
  }
  | {
    readonly name: "token";
    /** Whether the links' key is made anew with it. */
    readonly hasLinks: boolean;
  };

/** What the command line asks for. */
export type Invocation =
  | {
    readonly kind: "run";
    readonly command: Command;
    /** Settings given as flags, by their keys in the environment. */
    readonly flags: Texts;
  }
  /** Of one command, or of all where it names none. */
  | { readonly kind: "help"; readonly command: CommandName | null }
  /** Nothing is done, and the exit code is 2. */
  | { readonly kind: "misuse"; readonly message: string };

/** All commands, in the order in which help lists them. */
export const COMMAND_NAMES: readonly CommandName[] = [
  "serve",
  "check",
  "import",
  "mail-test",
  "apps",
  "backup",
  "verify",
  "config",
  "token",
  "version",
];

/** How much of a wrong argument a message repeats, in code points. */
const EXCERPT_LENGTH = 100;

/** Each key that can be set, by the name of its flag without the dashes. */
const KEYS: ReadonlyMap<string, string> = new Map(
  SETTING_KEYS.map((key) => [flag(key).replace("--", ""), key]),
);

/** The options that one command has for itself. */
const OWN_OPTIONS: Readonly<Record<string, readonly [CommandName, "boolean" | "string"]>> = {
  alarm: ["mail-test", "boolean"],
  watch: ["import", "boolean"],
  links: ["token", "boolean"],
  json: ["apps", "boolean"],
  yes: ["apps", "boolean"],
  status: ["apps", "string"],
  tag: ["apps", "string"],
  q: ["apps", "string"],
  name: ["apps", "string"],
  note: ["apps", "string"],
  tags: ["apps", "string"],
  for: ["apps", "string"],
  end: ["apps", "boolean"],
};

/** Settings that for `apps` are an app's own, and not the program's. */
const OWN_OF_APPS: readonly string[] = ["period", "grace"];

const OPTIONS: NonNullable<ParseArgsConfig["options"]> = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  ...Object.fromEntries(Object.entries(OWN_OPTIONS).map(([name, [, type]]) => [name, { type }])),
  ...Object.fromEntries(Array.from(KEYS.keys(), (name) => [name, { type: "string" }])),
};

/** Reads the arguments that follow the program's name. Never throws. */
export function parseArguments(args: readonly string[]): Invocation {
  const commandLine = { args: [...args], options: OPTIONS, allowPositionals: true };
  const problem = problemIn(parseArgs({ ...commandLine, strict: false, tokens: true }).tokens);
  if (problem !== null) return misuse(problem);

  const { values, positionals } = parseArgs({ ...commandLine, strict: true });
  const [word = "serve", ...rest] = positionals;
  const name = COMMAND_NAMES.find((each) => each === word);
  if (name === undefined) {
    return misuse(`Unknown command ${quoted(word)}: expected one of ${COMMAND_NAMES.join(", ")}`);
  }
  if (values.help) return { kind: "help", command: positionals.length === 0 ? null : name };
  if (values.version) return run({ name: "version" }, values);

  const command = commandOf(name, { words: rest, values });
  return typeof command === "string" ? misuse(command) : run(command, values);
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];

/** What is wrong with the options, or null; in our own words, which name the option. */
function problemIn(tokens: readonly Token[]): string | null {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const name = quoted(token.rawName);
    const type = Object.hasOwn(OPTIONS, token.name) ? OPTIONS[token.name]?.type : undefined;
    switch (type) {
      case undefined:
        return `Unknown option ${name}: expected one that --help lists`;
      case "boolean":
        if (token.value !== undefined) return `Option ${name} has a value: expected none`;
        break;
      case "string": {
        const isTaken = token.value !== undefined &&
          (token.inlineValue || !/^-./.test(token.value));
        if (!isTaken) return `Option ${name} has no value: expected ${token.rawName}=VALUE`;
        // Of two lists of addresses one would be lost without a word.
        if (seen.has(token.name)) return `Option ${name} is given twice: expected it once`;
        seen.add(token.name);
      }
    }
  }
  return null;
}

/** What was given beside the command's name. */
interface Given {
  readonly words: readonly string[];
  readonly values: Values;
}

/** The command with what belongs to it alone, or what does not go with it. */
function commandOf(name: CommandName, given: Given): Command | string {
  for (const [option, [owner]] of Object.entries(OWN_OPTIONS)) {
    if (given.values[option] === undefined || owner === name) continue;
    return `Option "--${option}" does not go with ${name}: expected ${owner}`;
  }
  switch (name) {
    case "mail-test":
      return mailTestOf(given);
    case "import":
      return importOf(given);
    case "apps":
      return appsOf(given);
    case "backup":
      return backupOf(given);
    case "serve":
    case "check":
    case "verify":
    case "config":
    case "token":
    case "version": {
      const [word] = given.words;
      if (word === undefined) return name === "token" ? tokenOf(given) : { name };
      return `Command ${name} cannot take ${quoted(word)}: expected no argument`;
    }
  }
}

function mailTestOf({ words: [word, surplus], values }: Given): Command | string {
  const name = "mail-test";
  const isAlarm = values.alarm === true;
  if (surplus !== undefined) {
    return `Command mail-test cannot take ${quoted(surplus)}: expected at most one address`;
  }
  if (word === undefined) return { name, address: null, isAlarm };
  const address = ADDRESS.read(word);
  if (address === null) return `Cannot mail to ${quoted(word)}: expected ${ADDRESS.expected}`;
  return { name, address, isAlarm };
}

function tokenOf({ values }: Given): Command {
  return { name: "token", hasLinks: values.links === true };
}

function importOf({ words, values }: Given): Command | string {
  const file = fileOf("import", words);
  return typeof file === "string"
    ? file
    : { name: "import", file: file.path, isWatching: values.watch === true };
}

function backupOf({ words }: Given): Command | string {
  const file = fileOf("backup", words);
  return typeof file === "string" ? file : { name: "backup", file: file.path };
}

function appsOf({ words, values }: Given): Command | string {
  const action = appsAction(words, values as AppsOptions);
  if (typeof action === "string") return action;
  return { name: "apps", action, isJson: values.json === true };
}

/** The one file that a command takes, or what is wrong. */
function fileOf(
  name: CommandName,
  [path, surplus]: readonly string[],
): { readonly path: string } | string {
  if (path === undefined) return `Command ${name} lacks its file: expected ${name} FILE`;
  if (surplus === undefined) return { path };
  return `Command ${name} cannot take ${quoted(surplus)}: expected one file`;
}

type Values = ReturnType<typeof parseArgs>["values"];

function run(command: Command, values: Values): Invocation {
  const flags: Record<string, string> = {};
  for (const [name, key] of KEYS) {
    if (command.name === "apps" && OWN_OF_APPS.includes(name)) continue;
    const value = values[name];
    if (typeof value === "string") flags[key] = value;
  }
  return { kind: "run", command, flags };
}

function misuse(message: string): Invocation {
  return { kind: "misuse", message };
}

function quoted(text: string): string {
  return `"${excerpt(text, EXCERPT_LENGTH)}"`;
}
