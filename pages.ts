/**
 * The pages, loaded when the first of them is asked for: a service that only
 * takes heartbeats neither waits for them nor holds them.
 *
 * @module
 */

import type { PageHandler } from "./lib/http/server.ts";
import type { SiteParts } from "./lib/ui/site.tsx";

/** Answers for the pages; null for what is none. */
export function pages(parts: SiteParts): PageHandler {
  let site: Promise<PageHandler> | null = null;
  const load = async () => {
    try {
      const { makeSite } = await import("./lib/ui/site.tsx");
      return makeSite(parts);
    } catch (error) {
      // Whoever asks next tries again: what kept it from being read may have passed.
      site = null;
      throw error;
    }
  };
  return async (request, bindings) => {
    site ??= load();
    return await (await site)(request, bindings);
  };
}
