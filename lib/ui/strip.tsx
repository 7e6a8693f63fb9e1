/**
 * Timelines as pictures. What an app was is told by the form of the band as
 * well as by its colour: a fall is as high as the strip, and what nobody knows
 * is hatched.
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

/** In the same units: about a line of text is high, and half as wide again. */
const SWATCH_WIDTH = 30;

/** What is drawn is drawn in steps of so much. */
const STEP = 0.5;

/** No fall is too short to be seen, nor what nobody knows. */
const LEAST_WIDTH = 1.5;

/** Where each band begins, and how high it is. Falls come last, so that none is covered. */
const BANDS: Readonly<Record<Standing, readonly [number, number]>> = {
  up: [5, 10],
  paused: [17, 3],
  new: [19, 1],
  unknown: [5, 10],
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
      {standingsIn(pieces).map((each) => <path class={each} d={bandPath(each, pieces, span)} />)}
      {beats.length === 0 ? null : <path class="beats" d={tickPath(beats, span)} />}
    </svg>
  );
}

/** What a standing looks like in a strip. */
export function Swatch({ standing }: { readonly standing: Standing }): Element {
  const span = { from: 0, to: SWATCH_WIDTH };
  return (
    <svg class="strip" viewBox={`0 0 ${SWATCH_WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path class={standing} d={band(standing, span)} />
    </svg>
  );
}

/** The standings that there are, in the order in which they are drawn. */
export function standingsIn(pieces: readonly Piece[]): readonly Standing[] {
  const found = new Set(pieces.map(({ standing }) => standing));
  return STANDINGS.filter((each) => found.has(each));
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
  const least = standing === "down" || standing === "unknown" ? LEAST_WIDTH : STEP;
  let drawn = "";
  let end = -Infinity;
  for (const piece of pieces) {
    if (piece.standing !== standing) continue;
    const from = place(piece.from, span);
    const to = Math.max(place(piece.to, span), from + least);
    if (to <= end) continue;
    drawn += band(standing, { from, to });
    end = to;
  }
  return drawn;
}

/** A band between two places. What nobody knows is a line so broad, which the style sheet breaks. */
function band(standing: Standing, { from, to }: Span): string {
  const [top, height] = BANDS[standing];
  const width = to - from;
  return standing === "unknown"
    ? `M${from} ${top + height / 2}h${width}`
    : `M${from} ${top}h${width}v${height}h-${width}z`;
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
