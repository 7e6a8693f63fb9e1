/**
 * The log, as requests write to it.
 *
 * What only somebody with a right can do is told each time, as `info`. What
 * anyone can bring about is `warn` or `error`, and is told once a minute for
 * each event and reason, with how many more there were. Each is one short line,
 * however much the request brought along.
 *
 * @module
 */

import { type Clock, type Duration, MINUTE } from "./clock.ts";
import { AppError } from "./errors.ts";
import { type Log, type LogFields, sparingly } from "./log.ts";

/** How often the same is told. */
const TELL_EVERY: Duration = MINUTE;

/** How many flips are told in that time: with one request anyone can make a thousand. */
const FLIPS_LIMIT = 100;

/** How many events and reasons are told apart; they are named in the code, so there are few. */
const KINDS_LIMIT = 100;

/** How much of one value is told, in characters: an address, an id, the beginning of a note. */
const VALUE_LENGTH = 200;

/** How many places in our code are told of an error: where it was thrown, and what led there. */
const FRAMES = 3;

/** The log for what is done while a request is answered. */
export function requestLog(log: Log, clock: Pick<Clock, "now">): Log {
  return {
    debug: (event, fields) => log.debug(event, shortened(fields)),
    info: (event, fields) => log.info(event, shortened(fields)),
    warn: each(log.warn, clock),
    error: each(log.error, clock),
  };
}

/**
 * Tells what befalls apps, each time, but for a flood: beyond the limit the
 * next one told says how many were left out. All of it is in the history.
 */
export function flipLog(log: Pick<Log, "info">, clock: Pick<Clock, "now">): Log["info"] {
  let began = clock.now();
  let told = 0;
  let leftOut = 0;
  return (event, fields = {}) => {
    const now = clock.now();
    if (now < began || now >= began + TELL_EVERY) [began, told] = [now, 0];
    if (told === FLIPS_LIMIT) {
      leftOut++;
      return;
    }
    told++;
    log.info(event, leftOut === 0 ? fields : { ...fields, left_out: leftOut });
    leftOut = 0;
  };
}

function each(tell: Log["warn"], clock: Pick<Clock, "now">): Log["warn"] {
  const told = new Map<string, (fields: LogFields) => void>();
  return (event, fields = {}) => {
    const known = JSON.stringify([event, fields.reason]);
    // Beyond the limit reasons share a line: none gets lost, and none fills the memory.
    const kind = told.has(known) || told.size < KINDS_LIMIT ? known : "";
    const once = told.get(kind) ??
      sparingly((fields) => tell(event, shortened(fields)), { every: TELL_EVERY, clock });
    told.set(kind, once);
    once(fields);
  };
}

function shortened(fields: LogFields = {}): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, short(value)]));
}

function short(value: unknown): unknown {
  if (value instanceof Error) return errorText(value);
  if (typeof value === "string") return cut(value);
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value);
  return text.length <= VALUE_LENGTH ? value : cut(text);
}

/** What went wrong, and where if the fault is ours. */
function errorText(error: Error): string {
  const said = cut(`${error.name}: ${error.message}`);
  if (error instanceof AppError) return said;
  const frames = Array.from((error.stack ?? "").matchAll(/\n {4}(at .*)/g), ([, frame]) => frame);
  return [said, ...frames.slice(0, FRAMES).map((frame) => cut(frame ?? ""))].join(" ");
}

function cut(text: string): string {
  if (text.length <= VALUE_LENGTH) return text;
  return `${text.slice(0, VALUE_LENGTH).toWellFormed()}…`;
}
