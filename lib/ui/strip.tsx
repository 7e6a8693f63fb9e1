/**
 * Timelines as pictures. What an app was is told by the height of the band as
 * well as by its colour: a fall is as high as the strip, silence of ours a
 * thin line.
 *
 * @module
 */

import type { Duration, Instant, Span } from "../clock.ts";
import type { Piece, Standing } from "../timeline.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";

/** In units of its own: as wide as an hour has quarters in four days, for clean edges. */
const WIDTH = 400;
const HEIGHT = 20;

/** No fall is too short to be seen. */
const LEAST_WIDTH = 1.5;

/** Where each band begins, and how high it is. */
const BANDS: Readonly<Record<Standing, readonly [number, number]>> = {
  up: [5, 10],
  down: [0, 20],
  unknown: [9, 2],
  paused: [17, 3],
  new: [19, 1],
};

/** A timeline, with a tick for each of these heartbeats. */
export function Strip(
  { pieces, span, beats, label }: {
    readonly pieces: readonly Piece[];
    readonly span: Span;
    readonly beats: readonly Instant[];
    readonly label: string;
  },
): Element {
  const scale = WIDTH / (span.to - span.from);
  const x = (at: Instant) => round((at - span.from) * scale);
  // Falls last, so that none is covered.
  const ordered = pieces.toSorted((one, other) => weight(one) - weight(other));
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {ordered.map(({ from, to, standing }) => {
        const [y, height] = BANDS[standing];
        const least = standing === "down" ? LEAST_WIDTH : 0;
        const width = round(Math.max((to - from) * scale, least));
        return <rect class={standing} x={x(from)} y={y} width={width} height={height} />;
      })}
      {beats.length === 0
        ? null
        : <path class="beats" d={beats.map((at) => `M${x(at)} 3v14`).join("")} />}
    </svg>
  );
}

/** What a strip shows, for those who do not see it: each standing with how long it was. */
export function stripParts(pieces: readonly Piece[], { words, span }: Speech): readonly string[] {
  const lengths = new Map<Standing, Duration>();
  for (const { from, to, standing } of pieces) {
    lengths.set(standing, (lengths.get(standing) ?? 0) + to - from);
  }
  return [...lengths].map(([standing, length]) => `${words.standing[standing]} ${span(length)}`);
}

function weight({ standing }: Piece): number {
  return standing === "down" ? 1 : 0;
}

function round(units: number): number {
  return Math.round(units * 100) / 100;
}
