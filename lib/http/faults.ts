/**
 * What becomes of faults: an answer, and at most one line in the log.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Guesses } from "../guesses.ts";
import type { Log } from "../log.ts";
import { internalError, problem, tooManyGuesses } from "./problem.ts";
import type { Env } from "./routes.ts";
import type { SenderReader } from "./sender.ts";

/** What it works with. */
export interface FaultParts {
  readonly clock: Clock;
  /** Sparing of what anyone can bring about. */
  readonly log: Log;
  readonly sender: SenderReader;
  readonly guesses: Guesses;
}

/** The answer to whatever went wrong with a request. */
export type FaultHandler = (
  error: unknown,
  request: Request,
  env: Env["Bindings"],
) => Response;

/** Answers faults. */
export function faultHandler({ clock, log, sender, guesses }: FaultParts): FaultHandler {
  return (error, request, { peer, isHeartbeat }) => {
    if (!(error instanceof AppError)) {
      log.error("request failed", { error });
      return internalError();
    }
    if (error.code !== "wrong_token") return problem(error);
    const from = sender.address(request, peer);
    // That a heartbeat was refused is told by who takes it.
    if (!isHeartbeat) log.warn("token refused", { from, reason: "API" });
    const wait = guesses.wrong(from, clock.now());
    return wait > 0 ? tooManyGuesses(error, isHeartbeat ? null : wait) : problem(error);
  };
}
