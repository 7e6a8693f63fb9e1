/**
 * What the page of gaps shows: the ledger a page at a time, and what the last
 * days come to.
 *
 * @module
 */

import { DAY, type Duration, type Instant } from "../clock.ts";
import type { Deafness, Store, StoredGap } from "../store.ts";

/** Gaps on a page. */
const PAGE = 50;

/** What counts as lately. */
export const LATELY: Duration = 30 * DAY;

/** What the page shows. */
export interface GapsView {
  readonly gaps: readonly StoredGap[];
  /** Where this page begins: behind this row, or null for the newest. */
  readonly before: number | null;
  readonly next: number | null;
  readonly lately: Deafness;
  /** Since when we are deaf: a gap that is in no ledger yet. Null while we listen. */
  readonly deafSince: Instant | null;
}

/** Reads it. */
export async function gapsView(
  store: Pick<Store, "gaps" | "deafness" | "sight">,
  { before, now }: { readonly before: number | null; readonly now: Instant },
): Promise<GapsView> {
  const [{ gaps, next }, lately] = await Promise.all([
    store.gaps({ limit: PAGE, before }),
    store.deafness(now - LATELY),
  ]);
  const { judgedBy, now: seenAt } = store.sight();
  return { gaps, before, next, lately, deafSince: judgedBy < seenAt ? judgedBy : null };
}
