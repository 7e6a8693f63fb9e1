/**
 * The log: one line an event.
 *
 *  2026-11-24T07:20:49.123Z info  app down app_id=23 message="no space left"
 *  {"time":"2026-11-24T07:20:49.123Z","level":"info","event":"app down","app_id":"23"}
 *
 * It knows no secrets and masks none: callers never pass one.
 *
 * @module
 */

import type { Clock, Duration, Instant } from "./clock.ts";
import { AppError } from "./errors.ts";
import { printable } from "./printable.ts";

/** How much an event matters, in rising order. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** For people, or for programs. */
export type LogFormat = "text" | "json";

/**
 * What goes with an event, by name. An `Error` is written whole: its message,
 * its stack and its causes; an {@linkcode AppError} without stacks, for it is
 * no fault of ours. A field that is undefined is left out.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where events go. Telling one never throws for what is told. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** What a log is made of. */
export interface LogParts {
  /** The least that is written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes one whole line, without a line break at its end, and must not throw. */
  readonly write: (line: string) => void;
  readonly clock: Pick<Clock, "now">;
}

/** In rising order. */
const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** How much of one value is written, in characters: a message and a deep stack fit. */
const VALUE_LENGTH = 10_000;

/** How many causes of an error are followed: one may be its own cause. */
const CAUSES = 8;

/** A log that writes events of `level` and above. */
export function makeLog({ level, format, write, clock }: LogParts): Log {
  const line = LINES[format];
  const tell = (each: LogLevel) => (event: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(each) < LEVELS.indexOf(level)) return;
    const time = new Date(clock.now()).toISOString();
    write(line({ time, level: each, event }, fields));
  };
  return { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
}

/** The line that stands where so many could not be written. */
export function missingLine(
  lines: number,
  { format, clock }: Pick<LogParts, "format" | "clock">,
): string {
  const time = new Date(clock.now()).toISOString();
  return LINES[format]({ time, level: "warn", event: "log lines dropped" }, { lines });
}

/**
 * Tells an event at most once per `every`, then with how many were left out
 * since: a fault that each request meets must not fill the disk.
 */
export function sparingly(
  tell: (fields: LogFields) => void,
  { every, clock }: { readonly every: Duration; readonly clock: Pick<Clock, "now"> },
): (fields: LogFields) => void {
  let toldAt: Instant | null = null;
  let leftOut = 0;
  return (fields) => {
    const now = clock.now();
    if (toldAt !== null && now >= toldAt && now < toldAt + every) {
      leftOut++;
      return;
    }
    tell(leftOut === 0 ? fields : { ...fields, left_out: leftOut });
    toldAt = now;
    leftOut = 0;
  };
}

interface Head {
  readonly time: string;
  readonly level: LogLevel;
  readonly event: string;
}

const LINES = { text: textLine, json: jsonLine } as const;

function textLine({ time, level, event }: Head, fields: LogFields): string {
  const words = [time, level.padEnd("error".length), printable(event)];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) words.push(`${printable(name)}=${word(value)}`);
  }
  return words.join(" ");
}

function jsonLine(head: Head, fields: LogFields): string {
  const values = Object.entries(fields).map(([name, value]) => [name, plain(value)]);
  // The head stands first, and again last, so that no field can pass for a part of it.
  const line = JSON.stringify({ ...head, ...Object.fromEntries(values), ...head });
  // JSON leaves some characters as they are that a terminal obeys; the escapes are the same.
  return printable(line);
}

/** A value in text; in quotes where it would not be seen where it ends. */
function word(value: unknown): string {
  const known = plain(value);
  // What is no text ends by itself: a number, or JSON with its brackets.
  if (typeof known !== "string") return printable(JSON.stringify(known));
  const isPlain = /^[^\s"'=\\]+$/u.test(known) && printable(known) === known;
  return isPlain ? known : printable(JSON.stringify(known));
}

/** A value as JSON can hold it, not endless; undefined is left out. */
function plain(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    const text = JSON.stringify(value, (_, each) => simple(each));
    const known: unknown = JSON.parse(text);
    if (typeof known === "string") return cut(known);
    return text.length <= VALUE_LENGTH ? known : cut(text);
  } catch (error) {
    // An object that contains itself, or whose own toJSON() fails: not worth an exception.
    return `[cannot be written: ${error instanceof Error ? error.message : "no reason given"}]`;
  }
}

/** What JSON would drop, or write as nothing, as text. */
function simple(value: unknown): unknown {
  if (value instanceof Error) return errorText(value);
  const isNumber = typeof value === "number";
  if (isNumber && Number.isFinite(value)) return value;
  const isLost = isNumber || ["bigint", "symbol", "function"].includes(typeof value);
  return isLost ? String(value) : value;
}

/** An error whole: each message with its stack if the fault is ours, then what caused it. */
function errorText(error: Error): string {
  const chain: unknown[] = [error];
  const texts: string[] = [];
  const isOurs = !(error instanceof AppError);
  for (const each of chain) {
    if (texts.length === CAUSES) break;
    if (!(each instanceof Error)) {
      texts.push(String(each));
      continue;
    }
    // The stack begins with a name and message from before the constructor's end: not with these.
    const frames = isOurs ? /\n {4}at .*/s.exec(each.stack ?? "")?.[0] ?? "" : "";
    texts.push(`${each.name}: ${each.message}${frames}`);
    if (each.cause !== undefined) chain.push(each.cause);
    if (each instanceof AggregateError) chain.push(...each.errors.slice(0, CAUSES));
  }
  return texts.join("\nCaused by: ");
}

function cut(text: string): string {
  return text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH)}…`;
}
