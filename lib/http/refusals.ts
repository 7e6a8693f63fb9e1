/**
 * What becomes of a refused heartbeat: a line in the log, and of an app that is
 * known a note, so that it is found where one looks.
 *
 * @module
 */

import { type Clock, type Duration, MINUTE } from "../clock.ts";
import { AppError, type Detail, type ErrorCode } from "../errors.ts";
import { type Log, type LogFields, sparingly } from "../log.ts";
import { appsNamedIn, type WhyRefused } from "../refused.ts";
import type { Store } from "../store.ts";
import type { BodyReader } from "./body.ts";
import { BodyError } from "./body_faults.ts";
import { ForeignError } from "./foreign.ts";

/** How often the log tells of the same reason: with how many there were since. */
const TELL_EVERY: Duration = MINUTE;

/** Heartbeats that were refused for the same reason. */
export interface Refused {
  readonly reason: WhyRefused;
  /** The apps that they named. */
  readonly appIds: readonly string[];
}

/** The caller's fault in what heartbeats say. */
export class SignalError extends AppError {
  readonly refused: readonly Refused[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: readonly Detail[]; readonly refused: readonly Refused[] },
  ) {
    super(code, message, options);
    this.refused = options.refused;
  }
}

/** What notes are made with. */
export interface RefusalParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly bodies: BodyReader;
}

/** Where a refused heartbeat came from. */
export interface Origin {
  readonly request: Request;
  /** The sender's address. */
  readonly address: string;
  /** The apps that it names; null where its body does. */
  readonly named: readonly string[] | null;
}

/** Notes refused heartbeats. */
export class Refusals {
  readonly #parts: RefusalParts;
  readonly #tells = new Map<WhyRefused, (fields: LogFields) => void>();

  constructor(parts: RefusalParts) {
    this.#parts = parts;
  }

  /** Notes what a request was refused for, unless that was our own fault; returns the error as it is. */
  async noted(error: unknown, origin: Origin): Promise<unknown> {
    await this.note(await this.#refusedBy(error, origin), origin.address);
    return error;
  }

  /** Notes these. */
  async note(refused: readonly Refused[], address: string): Promise<void> {
    const { store, clock, log } = this.#parts;
    const byReason = Map.groupBy(refused, ({ reason }) => reason);
    for (const [reason, alike] of byReason) {
      const appIds = [...new Set(alike.flatMap((each) => each.appIds))];
      let known: string | null = null;
      try {
        known = await remembered(store, { reason, appIds, address, at: clock.now() });
      } catch (error) {
        // It is refused all the same.
        log.error("refusal not noted", { error });
      }
      // Only of a known app: what else stands in an id's place may be a secret.
      this.#tell(reason, { reason, from: address, app_id: known ?? undefined });
    }
  }

  async #refusedBy(error: unknown, { request, named }: Origin): Promise<readonly Refused[]> {
    if (error instanceof SignalError) return error.refused;
    if (!(error instanceof AppError)) return [];
    if (error instanceof ForeignError) {
      return [{ reason: error.reason, appIds: named ?? await this.#namedIn(request) }];
    }
    if (error instanceof BodyError) {
      return [{ reason: error.reason, appIds: named ?? appsNamedIn(error.beginning) }];
    }
    switch (error.code) {
      case "unauthorized":
      case "forbidden":
      case "wrong_token": {
        const reason = request.headers.has("Authorization") ? "wrong_token" : "no_token";
        return [{ reason, appIds: named ?? await this.#namedIn(request) }];
      }
      default:
        return [];
    }
  }

  async #namedIn(request: Request): Promise<readonly string[]> {
    return request.bodyUsed ? [] : appsNamedIn(await this.#parts.bodies.beginning(request));
  }

  #tell(reason: WhyRefused, fields: LogFields): void {
    const { clock, log } = this.#parts;
    const tell = this.#tells.get(reason) ?? sparingly(
      (some) => log.warn("heartbeat refused", some),
      { every: TELL_EVERY, clock },
    );
    this.#tells.set(reason, tell);
    tell(fields);
  }
}

/** The first of those that are known; null where none is. */
async function remembered(
  store: Store,
  { reason, appIds, address, at }: Refused & { readonly address: string; readonly at: number },
): Promise<string | null> {
  switch (reason) {
    case "wrong_path":
    case "wrong_app_id":
    case "unknown_app":
    case "too_many_apps":
      return null;
    default:
      return appIds.length === 0 ? null : await store.noteRefused(appIds, { at, reason, address });
  }
}
