/**
 * The caller's faults, told apart by code.
 *
 * Whatever else is thrown is our own fault: it is logged whole at the edge
 * that catches it, and shown as "Internal error".
 *
 * @module
 */

/** What kind of fault it is; each edge has one table from code to its own terms. */
export type ErrorCode =
  /** The input is wrong: {@linkcode AppError.details} say where. */
  | "invalid"
  /** No token. */
  | "unauthorized"
  /** Not the right one: a guess, for all we know. */
  | "wrong_token"
  /** A right token that does not open this. */
  | "forbidden"
  | "not_found"
  /** The input did not come whole in time. */
  | "timeout"
  /** What was to be changed is not any more as whoever asks says to know it. */
  | "stale"
  | "too_large"
  /** A limit on how many there may be is reached. */
  | "too_many"
  /** Nothing wrong with the input, but it could not be stored: try again. */
  | "unavailable"
  /** The program cannot run like this: a setting, a file, a second owner. */
  | "unusable";

/** One thing that is wrong with an input. */
export interface Detail {
  /** Where: a field's name, behind its index where the input is an array (`1.app_id`); "" for the whole. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** A fault of the caller, told in words that say what to fix. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: readonly Detail[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: readonly Detail[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
  }
}

/** What an error is called that the system has met: `ENOSPC`. */
const SYSTEM_ERROR = /^E[A-Z\d]+$/;

/** What Deno calls each of SQLite's. */
const SQLITE_ERROR = "ERR_SQLITE_ERROR";

/**
 * What the system or SQLite has met, in their words: a full disk, a file that
 * may not be read. Null for any other error, which is our own fault.
 */
export function outsideFault(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  if (error.code === SQLITE_ERROR) return `SQLite says "${error.message}"`;
  return typeof error.code === "string" && SYSTEM_ERROR.test(error.code) ? error.message : null;
}
