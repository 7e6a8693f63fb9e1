/**
 * An explanation of what is stored.
 *
 * @module
 */

import { type Explanation, explanation, type ExplanationFacts } from "./explanation.ts";
import type { Store } from "./store.ts";

/** Explains an app as it stands now; null if it is unknown. */
export async function explain(
  store: Store,
  id: string,
  settings: Pick<ExplanationFacts, "defaults" | "timing" | "hasMail">,
): Promise<Explanation | null> {
  const known = await store.explained(id);
  if (known === null) return null;
  const { judgedBy: now, now: seenAt } = store.sight();
  // With those that are over: silence may be judged long after it counted.
  const windows = await store.maintenance(0);
  const outbox = await store.outbox();
  return explanation({ ...settings, known, windows, outbox, now, seenAt });
}
