/**
 * Capacity: how near the apps are to as many as there may be (`MAX_APPS`).
 *
 *   0 ......... 70 % ... 80 % ....... 95 % ... 100 %
 *   |   ample    |        |   scarce    |        | full
 *              back       |           back       |
 *              to ample   told        to scarce  told
 *
 * Beyond it no other app can register itself, and nobody would miss one that
 * never could. Each step up is told once; it is told again after a step back.
 *
 * @module
 */

/** How it stands. */
export type Capacity = "ample" | "scarce" | "full";

/** How many apps there are, and may be. */
export interface Occupancy {
  readonly apps: number;
  readonly most: number;
}

/** From which share on there is scarcely room. */
const SCARCE_FROM = 0.8;

/** Below which shares it stands better again: forgetting one app and registering another is no news. */
const AMPLE_BELOW = 0.7;
const SCARCE_BELOW = 0.95;

/** How it stands, after it stood as `before`. */
export function capacity({ apps, most }: Occupancy, before: Capacity): Capacity {
  const share = apps / most;
  if (share >= 1 || (before === "full" && share >= SCARCE_BELOW)) return "full";
  if (share >= SCARCE_FROM || (before !== "ample" && share >= AMPLE_BELOW)) return "scarce";
  return "ample";
}

/** Whether it stands worse than before. */
export function isWorse(now: Capacity, before: Capacity): boolean {
  const order: readonly Capacity[] = ["ample", "scarce", "full"];
  return order.indexOf(now) > order.indexOf(before);
}

/** How many hundredths of what there may be. */
export function percentage({ apps, most }: Occupancy): number {
  return Math.floor(100 * apps / most);
}
