/**
 * From where the text of a setting comes.
 *
 *  default  <  .env  <  environment  <  command line
 *
 * @module
 */

import type { Detail } from "./errors.ts";
import { excerpt } from "./printable.ts";
import { fileKey, flag, SETTING_NAMES, type SettingName, SETTINGS } from "./settings.ts";

/** Texts by key, such as `PORT` or `ADMIN_TOKEN_FILE`. Empty text says nothing. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** Where settings are said. */
export interface Sources {
  /** The lines of `.env`. */
  readonly dotenv: Texts;
  /** Those of them that programs read in different ways. */
  readonly unclear: readonly Detail[];
  readonly environment: Texts;
  /** The command line, by the same keys. */
  readonly flags: Texts;
  /** The machine's own, for when nobody names one. */
  readonly timeZone: string;
}

/** The text of a file; throws when it cannot be read, or should not be. */
export type ReadTextFile = (path: string, kind: "secret" | "public") => string;

/** What the highest source that says anything says of a setting. */
export type Statement =
  /** The source is named as messages name it: "environment", "--port". */
  | { readonly kind: "given"; readonly text: string; readonly source: string }
  /** Said in a way that leaves no text. */
  | { readonly kind: "garbled"; readonly problem: Detail }
  | { readonly kind: "absent" };

/** What messages call the environment. */
const ENVIRONMENT = "environment";

/** How much of a value a message repeats, in code points: enough to find it by. */
const EXCERPT_LENGTH = 200;

/** A scheme at the beginning, or the mark of one anywhere. */
const LIKE_URL = /^[a-z][a-z\d+.-]*:|:\/\//i;

/** What is shown in place of a secret: nothing of it, not even its length. */
export const MASK = "********";

/** What was said of every setting; the files that hold secrets are read on the way. */
export function statements(
  sources: Sources,
  readTextFile: ReadTextFile,
): ReadonlyMap<SettingName, Statement> {
  const layers: readonly Layer[] = [
    { texts: sources.flags, sourceOf: flag },
    { texts: sources.environment, sourceOf: () => ENVIRONMENT },
    { texts: sources.dotenv, sourceOf: () => ".env" },
  ];
  return new Map(SETTING_NAMES.map((name) => [name, statement(name, layers, readTextFile)]));
}

/**
 * What to think of where a text is in quotes that nobody took off, or "". In
 * `.env` they are taken off, and the command line's by the shell.
 */
export function quotesHint(statement: Statement): string {
  if (statement.kind !== "given" || !/^(['"`]).*\1$/s.test(statement.text)) return "";
  if (statement.source === ENVIRONMENT) {
    return "its quotes are a part of it, as docker run --env-file keeps them; leave them out";
  }
  return statement.source.includes(", file ") ? "its quotes are a part of it; leave them out" : "";
}

/** A value as it may be shown: on one line, not endless, without the credentials of a URL. */
export function shown(text: string): string {
  return excerpt(withoutCredentials(text), EXCERPT_LENGTH);
}

/** The text of a setting that is no secret as a whole, without what is one in it. */
export function showable(name: SettingName, text: string): string {
  return SETTINGS[name].isPathSecret ? hostOnly(text) : withoutCredentials(text);
}

/** What a caught error says, as {@linkcode shown}. */
export function reason(error: unknown): string {
  return shown(error instanceof Error ? error.message : String(error));
}

/**
 * The text without what opens a door: a URL's user, password and query. Of
 * what only looks like a URL goes whatever might be them, be it too much.
 */
function withoutCredentials(text: string): string {
  if (!LIKE_URL.test(text)) return text;
  if (!URL.canParse(text)) {
    return text.replace(/:.*@/s, `:${MASK}@`).replace(/\?.*/s, `?${MASK}`);
  }
  const url = new URL(text);
  const hasLogin = url.username !== "" || url.password !== "";
  if (!hasLogin && url.search === "") return text;
  if (hasLogin) [url.username, url.password] = [MASK, ""];
  if (url.search !== "") url.search = MASK;
  return url.href;
}

/** Of an address its scheme and host, of what is none nothing at all. */
function hostOnly(text: string): string {
  if (!URL.canParse(text)) return MASK;
  const { protocol, host, href } = new URL(text);
  if (host === "") return MASK;
  const place = `${protocol}//${host}/`;
  return href === place ? text : `${place}${MASK}`;
}

/** One source, and what messages call it where it says a key. */
interface Layer {
  readonly texts: Texts;
  readonly sourceOf: (key: string) => string;
}

function statement(
  name: SettingName,
  layers: readonly Layer[],
  readTextFile: ReadTextFile,
): Statement {
  const isSecret = SETTINGS[name].isSecret === true;
  const file = fileKey(name);
  for (const { texts, sourceOf } of layers) {
    // A secret is taken as it stands: to mend it would be to guess at it.
    const text = isSecret ? texts[name] ?? "" : texts[name]?.trim() ?? "";
    const path = isSecret ? texts[file] ?? "" : "";
    if (text !== "" && path !== "") {
      const where = `${sourceOf(name)} and ${sourceOf(file)}`;
      return garbled(name, `${name} and ${file} are both set (${where}): expected one of them`);
    }
    if (text !== "") return { kind: "given", text, source: sourceOf(name) };
    if (path !== "") return secretIn(path, { name, source: sourceOf(file), readTextFile });
  }
  return { kind: "absent" };
}

/** The secret that a file holds. An empty file is a problem: without a token, doors stand open. */
function secretIn(
  path: string,
  { name, source, readTextFile }: {
    readonly name: SettingName;
    readonly source: string;
    readonly readTextFile: ReadTextFile;
  },
): Statement {
  const subject = `${fileKey(name)} is "${shown(path)}" (${source})`;
  try {
    const text = readTextFile(path, "secret").replace(/\r?\n$/, "");
    if (text === "") return garbled(name, `${subject}: expected a secret in it, but it is empty`);
    return { kind: "given", text, source: `${source}, file "${shown(path)}"` };
  } catch (error) {
    return garbled(name, `${subject}: cannot read it: ${reason(error)}`);
  }
}

function garbled(path: SettingName, message: string): Statement {
  return { kind: "garbled", problem: { path, message } };
}
