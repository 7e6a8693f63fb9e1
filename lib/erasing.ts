/**
 * What forgotten apps have left behind, erased piece by piece.
 *
 * @module
 */

import { served } from "./loop.ts";
import type { Store } from "./store.ts";

/** Heartbeats erased in one transaction: some 10 ms, so that no other waits long behind it. */
const ERASE_STEP = 1_000;

/** Resolves when all of it is gone. */
export async function eraseForgotten(store: Pick<Store, "erase">): Promise<void> {
  while (await store.erase(ERASE_STEP)) await served();
}
