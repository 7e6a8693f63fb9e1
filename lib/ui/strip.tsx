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

/** What is drawn is drawn in steps of so much. */
const STEP = 0.5;

/** No fall is too short to be seen. */
const LEAST_WIDTH = 1.5;

/** Where each band begins, and how high it is. Falls come last, so that none is covered. */
const BANDS: Readonly<Record<Standing, readonly [number, number]>> = {
  up: [5, 10],
  unknown: [9, 2],
  paused: [17, 3],
  new: [19, 1],
  down: [0, 20],
};

const STANDINGS = Object.keys(BANDS) as readonly Standing[];

/** A timeline, with a tick for each of these heartbeats. */
export function Strip(
  { pieces, span, beats, label }: {
    readonly pieces: readonly Piece[];
    readonly span: Span;
    readonly beats: readonly Instant[];
    readonly label: string;
  },
): Element {
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {STANDINGS.filter((each) => pieces.some(({ standing }) => standing === each)).map((each) => (
        <path class={each} d={bandPath(each, pieces, span)} />
      ))}
      {beats.length === 0 ? null : <path class="beats" d={tickPath(beats, span)} />}
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

/** All bands of a standing; one that would be covered by the one before it is left out. */
function bandPath(standing: Standing, pieces: readonly Piece[], span: Span): string {
  const [top, height] = BANDS[standing];
  const least = standing === "down" ? LEAST_WIDTH : STEP;
  let drawn = "";
  let end = -Infinity;
  for (const piece of pieces) {
    if (piece.standing !== standing) continue;
    const from = place(piece.from, span);
    const to = Math.max(place(piece.to, span), from + least);
    if (to <= end) continue;
    const width = to - from;
    drawn += `M${from} ${top}h${width}v${height}h-${width}z`;
    end = to;
  }
  return drawn;
}

/** A tick for each heartbeat; those that would fall on one another are one. */
function tickPath(beats: readonly Instant[], span: Span): string {
  const places = new Set(beats.map((at) => place(at, span)));
  return Array.from(places, (x) => `M${x} 3v14`).join("");
}

/** Where an instant is, in whole steps: an eye sees no more, and it takes fewer bytes. */
function place(at: Instant, { from, to }: Span): number {
  return Math.round((at - from) / (to - from) * WIDTH / STEP) * STEP;
}
