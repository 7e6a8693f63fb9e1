/**
 * What the page of maintenance shows: the windows that are not over, those in
 * effect first.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Instant } from "../clock.ts";
import { coveredUntil, type MaintenanceWindow } from "../maintenance.ts";
import type { Store } from "../store.ts";
import type { Draft, Fault } from "./maintenance_draft.ts";
import type { Undone } from "./undone.tsx";

/** A window on the page. */
export interface WindowLine {
  readonly window: MaintenanceWindow;
  /** Until when it covers this moment, or null while it does not. */
  readonly until: Instant | null;
  /** The app that it is for; null for a tag or all, and for an app that is not known. */
  readonly app: App | null;
}

/** A form for a new one. */
export interface WindowForm {
  readonly draft: Draft;
  readonly faults: readonly Fault[];
  /** Why it could not be made although nothing is wrong with it, or null. */
  readonly refusal: "too many" | "unavailable" | null;
  /** Why it came to nothing before it was looked at, or null. */
  readonly undone: Undone | null;
}

/** Reads the windows. */
export async function windowLines(
  store: Pick<Store, "maintenance" | "app">,
  now: Instant,
): Promise<readonly WindowLine[]> {
  const windows = await store.maintenance(now);
  const lines = await Promise.all(windows.map(async (window) => {
    const { scope } = window;
    const app = scope.kind === "app" ? await store.app(scope.appId) : null;
    return { window, until: coveredUntil(window, now), app };
  }));
  return lines.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ until }: WindowLine): number {
  return until === null ? 1 : 0;
}
