/**
 * The files that settings come from: `.env`, and those that hold secrets.
 *
 * @module
 */

import { parse } from "dotenv";
import { unclearLines } from "./lib/dotenv_text.ts";
import { AppError } from "./lib/errors.ts";
import type { Sources } from "./lib/setting_sources.ts";
import { textOf } from "./lib/text_file.ts";

/** What `.env` in the working folder says; nothing where there is none. */
export function readDotenv(): Pick<Sources, "dotenv" | "unclear"> {
  try {
    const text = readText(".env");
    return { dotenv: parse(text), unclear: unclearLines(text) };
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return { dotenv: {}, unclear: [] };
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("unusable", `Cannot read ".env": ${why}`, { cause });
  }
}

/** The text of a file. */
export function readText(path: string): string {
  return textOf(Deno.readFileSync(path));
}
