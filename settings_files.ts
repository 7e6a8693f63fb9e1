/**
 * The files that settings come from: `.env`, and those that hold secrets.
 *
 * @module
 */

import { parse } from "dotenv";
import { unclearLines } from "./lib/dotenv_text.ts";
import { AppError } from "./lib/errors.ts";
import type { ReadTextFile, Sources } from "./lib/setting_sources.ts";
import { openness, tooOpen } from "./lib/sqlite/exposure.ts";
import { textOf } from "./lib/text_file.ts";

/** Reads them, and gathers what an admin should know of who else may. */
export class SettingsFiles {
  readonly warnings: string[] = [];

  /** What `.env` in the working folder says; nothing where there is none. */
  readDotenv(): Pick<Sources, "dotenv" | "unclear"> {
    try {
      const text = this.readText(".env", "secret");
      return { dotenv: parse(text), unclear: unclearLines(text) };
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return { dotenv: {}, unclear: [] };
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("unusable", `Cannot read ".env": ${why}`, { cause });
    }
  }

  /** The text of a file, unless every user of this machine may have written it. */
  readonly readText: ReadTextFile = (path, kind) => {
    const why = tooOpen(path);
    if (why !== null) throw new AppError("unusable", why);
    if (kind === "secret") this.warnings.push(...openness(path));
    return textOf(Deno.readFileSync(path));
  };
}
