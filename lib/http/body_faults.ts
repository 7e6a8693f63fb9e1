/**
 * Why nothing can be made of a body.
 *
 * @module
 */

import { SECOND } from "../clock.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { WhyRemembered } from "../refused.ts";
import { BODY_PATIENCE } from "./patience.ts";

/** A body that nothing came of, and how it began. */
export class BodyError extends AppError {
  /** Why its heartbeats are refused, if it should have brought some. */
  readonly reason: WhyRemembered;
  /** What of it had come and was read, up to some limit: there it may name its app. */
  readonly beginning: string;

  constructor(
    code: ErrorCode,
    message: string,
    options: NonNullable<ConstructorParameters<typeof AppError>[2]> & {
      readonly reason: WhyRemembered;
      readonly beginning: string;
    },
  ) {
    super(code, message, options);
    this.reason = options.reason;
    this.beginning = options.beginning;
  }
}

/** The answer to one that is longer than it may be. */
export function tooLarge(limit: number, beginning = ""): BodyError {
  const message = `Cannot take a body of more than ${limit} bytes`;
  return new BodyError("too_large", message, { reason: "too_large", beginning });
}

/** The answer to one whose client left before its end. */
export function tooShort(cause: unknown, beginning = ""): BodyError {
  const message = "Cannot read the body: it ended too early";
  return new BodyError("invalid", message, { reason: "cut_off", beginning, cause });
}

/** The answer to one that does not come. */
export function tooLate(beginning = ""): BodyError {
  const seconds = BODY_PATIENCE / SECOND;
  const message = `Cannot wait longer: the body was not whole after ${seconds} s`;
  return new BodyError("timeout", message, { reason: "too_slow", beginning });
}

/** The answer to one that has no turn, or whose turn others had to have. */
export function crowded(beginning = ""): BodyError {
  const message = "Cannot wait for the body: too many large ones are on their way; try again";
  return new BodyError("unavailable", message, { reason: "crowded", beginning });
}
