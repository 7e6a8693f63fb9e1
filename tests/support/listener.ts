/** A store that listens, and may be deaf for a while. */

import type { Duration } from "../../lib/clock.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { FakeClock } from "./fake_clock.ts";
import { openStore } from "./store.ts";

/** Never late. */
export const PATIENT = { lookEvery: Infinity, markEvery: Infinity };

/** A store that listens from the start on, the time it goes by, and what makes it deaf. */
export interface Listener {
  readonly store: SqliteStore;
  readonly clock: FakeClock;
  /** Stands still from now on for so long; for more than 750 ms, or nobody would notice. */
  readonly deafen: (length: Duration) => Promise<void>;
}

/** Opens such a store. */
export async function listeningStore(
  options: Parameters<typeof openStore>[0] = {},
): Promise<Listener> {
  const clock = new FakeClock();
  const cadence = { ...PATIENT };
  const store = await openStore({ clock, cadence, ...options });
  await store.beginListening();
  const deafen = async (length: Duration) => {
    await store.listen();
    cadence.lookEvery = 0;
    clock.stall(length);
    await store.listen();
    cadence.lookEvery = Infinity;
  };
  return { store, clock, deafen };
}
