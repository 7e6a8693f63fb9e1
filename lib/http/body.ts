/**
 * A request's body, read whole or not at all.
 *
 * @module
 */

import { type Clock, type Duration, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";

/** The most bytes a body may have: 1,000 heartbeats with messages of a kilobyte each. */
export const BODY_LIMIT = 1024 * 1024;

/** How long a body may take to come whole. */
export const BODY_PATIENCE: Duration = 10 * SECOND;

/**
 * Reads the body as JSON, whatever its content type says.
 *
 * @throws {AppError} `too_large`, `timeout`, or `invalid` for what is not JSON
 * in UTF-8, and for a body that ends too early.
 */
export async function readJson(request: Request, clock: Clock): Promise<unknown> {
  const text = await readText(request, clock);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = text.trim() === "" ? "it is empty" : (cause as SyntaxError).message;
    throw new AppError("invalid", `Cannot read the body as JSON: ${why}`, {
      details: [{ path: "", message: 'Expected JSON like {"app_id": 23}' }],
      cause,
    });
  }
}

/**
 * Reads the body as text.
 *
 * @throws {AppError} `too_large`, `timeout`, or `invalid` for what is not UTF-8,
 * and for a body that ends too early.
 */
export async function readText(request: Request, clock: Clock): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > BODY_LIMIT) throw tooLarge();
  const bytes = request.body === null ? new Uint8Array() : await readWhole(request.body, clock);
  return decode(bytes);
}

async function readWhole(body: ReadableStream<Uint8Array>, clock: Clock): Promise<Uint8Array> {
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const alarm = clock.wakeAt(clock.now() + BODY_PATIENCE, () => late.reject(tooLate()));
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return chunks.length === 1 && chunks[0] ? chunks[0] : joined(chunks, length);
      length += value.length;
      if (length > BODY_LIMIT) throw tooLarge();
      chunks.push(value);
    }
  } catch (cause) {
    // Not awaited: the rest of the body may never come. Its failure is this one again.
    reader.cancel().catch(() => {});
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid", "Cannot read the body: it ended too early", { cause });
  } finally {
    alarm.cancel();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("invalid", "Cannot read the body: it is not UTF-8", { cause });
  }
}

function tooLarge(): AppError {
  return new AppError("too_large", `Cannot take a body of more than ${BODY_LIMIT} bytes`);
}

function tooLate(): AppError {
  const seconds = BODY_PATIENCE / SECOND;
  return new AppError("timeout", `Cannot wait longer: the body was not whole after ${seconds} s`);
}
