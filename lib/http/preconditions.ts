/**
 * What a request says of the app that it is to change (RFC 9110 §13): so that
 * nobody overwrites what they have not seen.
 *
 * An app's tag is made of its settings alone, for heartbeats change the rest
 * of it all the time. That is less than a strong tag says elsewhere, so no
 * answer is given out of a cache for it: GET takes no precondition, and
 * answers are not to be stored.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { settingsMark } from "../revision.ts";
import type { Handed } from "../store.ts";
import type { Exchange } from "./routes.ts";

/** The head of an answer that shows an app; compressed on the way, its tag would come out as another. */
export function tagHeaders(app: App): Readonly<Record<string, string>> {
  return { ETag: tagOf(app), "Cache-Control": "no-store, no-transform" };
}

/**
 * Looks whether an app, or that there is none, is as the request says.
 *
 * @throws {AppError} `stale` where it is not.
 */
export function precondition({ req }: Exchange): (known: Handed | null) => void {
  const match = req.header("If-Match");
  const noneMatch = req.header("If-None-Match");
  return (known) => {
    const tag = known === null ? null : tagOf(known.app);
    if (match !== undefined && !names(match, tag)) {
      throw stale(
        tag === null ? "there is no such app" : "its settings are others now; read them again",
      );
    }
    if (noneMatch !== undefined && names(noneMatch, tag)) throw stale("it is there already");
  };
}

function tagOf(app: App): string {
  return `"${settingsMark(app)}"`;
}

/** Whether a list of tags names this one; "*" names whatever there is. Proxies that compress mark tags as weak. */
function names(list: string, tag: string | null): boolean {
  if (tag === null) return false;
  return list.split(",").map((each) => each.trim().replace(/^W\//, ""))
    .some((each) => each === "*" || each === tag);
}

function stale(why: string): AppError {
  return new AppError("stale", `Cannot change app: ${why}`);
}
