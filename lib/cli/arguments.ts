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

/** What can be asked of the program. */
export type CommandName =
  | "serve"
  | "check"
  | "import"
  | "mail-test"
  | "config"
  | "token"
  | "version";

/** A command with what belongs to it alone. */
export type Command =
  | { readonly name: Exclude<CommandName, "mail-test" | "import"> }
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

const OPTIONS: NonNullable<ParseArgsConfig["options"]> = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  alarm: { type: "boolean" },
  watch: { type: "boolean" },
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

  const command = commandOf(name, {
    words: rest,
    isAlarm: values.alarm === true,
    isWatching: values.watch === true,
  });
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
  readonly isAlarm: boolean;
  readonly isWatching: boolean;
}

/** The command with what belongs to it alone, or what does not go with it. */
function commandOf(name: CommandName, given: Given): Command | string {
  if (given.isAlarm && name !== "mail-test") return misplaced("--alarm", name, "mail-test");
  if (given.isWatching && name !== "import") return misplaced("--watch", name, "import");
  switch (name) {
    case "mail-test":
      return mailTestOf(given);
    case "import":
      return importOf(given);
    case "serve":
    case "check":
    case "config":
    case "token":
    case "version": {
      const [word] = given.words;
      if (word === undefined) return { name };
      return `Command ${name} cannot take ${quoted(word)}: expected no argument`;
    }
  }
}

function mailTestOf({ words: [word, surplus], isAlarm }: Given): Command | string {
  const name = "mail-test";
  if (surplus !== undefined) {
    return `Command mail-test cannot take ${quoted(surplus)}: expected at most one address`;
  }
  if (word === undefined) return { name, address: null, isAlarm };
  const address = ADDRESS.read(word);
  if (address === null) return `Cannot mail to ${quoted(word)}: expected ${ADDRESS.expected}`;
  return { name, address, isAlarm };
}

function importOf({ words: [file, surplus], isWatching }: Given): Command | string {
  if (file === undefined) return "Command import lacks its file: expected import FILE";
  if (surplus === undefined) return { name: "import", file, isWatching };
  return `Command import cannot take ${quoted(surplus)}: expected one file`;
}

function misplaced(option: string, name: CommandName, owner: CommandName): string {
  return `Option "${option}" does not go with ${name}: expected ${owner}`;
}

type Values = ReturnType<typeof parseArgs>["values"];

function run(command: Command, values: Values): Invocation {
  const flags: Record<string, string> = {};
  for (const [name, key] of KEYS) {
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
