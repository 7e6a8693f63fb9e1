/**
 * Stretches of time, many of them in order.
 *
 * @module
 */

import type { Instant, Span } from "./clock.ts";

/** The same time as stretches in order that neither touch nor overlap. */
export function union(spans: readonly Span[]): readonly Span[] {
  const joined: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** The place of the first that ends after `at`, among spans in the order of their ends. */
export function firstEndingAfter(spans: readonly Span[], at: Instant): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? Infinity) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
