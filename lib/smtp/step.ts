/**
 * Steps: something is begun, and ends by itself or is cut short.
 *
 * @module
 */

import type { EventEmitter } from "node:events";
import type { NodemailerError } from "nodemailer/lib/errors";
import type { Duration } from "../clock.ts";
import type { HintName } from "../hint.ts";

/** Something that is waited for. */
export interface Wait {
  /** What is the matter if it does not come: "no greeting", "no answer to RCPT". */
  readonly state: string;
  readonly limit: Duration;
  /** What to do about that, where one can tell. */
  readonly hint: HintName | null;
}

/** What cut a step short. */
export type Break =
  | { readonly kind: "error"; readonly error: NodemailerError }
  /** This took too long. */
  | { readonly kind: "timeout"; readonly wait: Wait }
  | { readonly kind: "abort" };

/** What a step can tell while it runs. */
export interface Progress {
  /** It has ended: well, without an error. */
  readonly done: (error?: NodemailerError | null) => void;
  /** What came before has come; from now on this is waited for. */
  readonly waitFor: (wait: Wait) => void;
  /** An `error` of this emitter, or the event that tells its end, ends the step. */
  readonly watch: (emitter: EventEmitter, end: "close" | "end") => void;
}

/** Runs a step, for as long as its waits and `signal` let it. Null when it ended well; never throws. */
export function step(
  first: Wait,
  signal: AbortSignal,
  begin: (progress: Progress) => void,
): Promise<Break | null> {
  if (signal.aborted) return Promise.resolve({ kind: "abort" });
  const { promise, resolve } = Promise.withResolvers<Break | null>();
  const watched = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const finish = (how: Break | null) => {
    watched.abort();
    clearTimeout(timer);
    resolve(how);
  };
  const fail = (error: NodemailerError) => finish({ kind: "error", error });
  const waitFor = (wait: Wait) => {
    clearTimeout(timer);
    if (watched.signal.aborted) return;
    timer = setTimeout(() => finish({ kind: "timeout", wait }), wait.limit);
  };
  const watch = (emitter: EventEmitter, end: "close" | "end") => {
    // Nodemailer tells the end first, and the reason in the same turn after it.
    const onEnd = () => queueMicrotask(() => fail(new Error("the connection was closed")));
    emitter.on("error", fail).on(end, onEnd);
    watched.signal.addEventListener("abort", () => emitter.off("error", fail).off(end, onEnd));
  };

  signal.addEventListener("abort", () => finish({ kind: "abort" }), { signal: watched.signal });
  waitFor(first);
  try {
    begin({ done: (error) => error ? fail(error) : finish(null), waitFor, watch });
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error), { cause: error }));
  }
  return promise;
}
