/**
 * Timelines: how an app stood over a span, from its flips and the gaps in
 * which nobody could have heard it.
 *
 *  flips        up      down   up
 *  gaps             ~~~~
 *  timeline  | new | up |un-| up | down | up ...
 *                       |known|
 *
 * @module
 */

import { type App, silence } from "./app.ts";
import type { Instant, Span } from "./clock.ts";
import type { Flip, StateKind } from "./flip.ts";
import type { Gap } from "./gap.ts";

/** How an app stood; `unknown` where it was up when nobody listened. */
export type Standing = StateKind | "unknown";

/** A part of a timeline. It holds its start and not its end. */
export interface Piece extends Span {
  readonly standing: Standing;
}

/** What is known of an app's past. */
export interface Past {
  /** How it stands at the end of the span. */
  readonly state: StateKind;
  /** Newest first, as they are stored; those from before the span do no harm. */
  readonly flips: readonly Flip[];
  /** In order; those from before the span do no harm either. */
  readonly gaps: readonly Gap[];
}

/** An app's past, seen at `now`. A deadline that has passed is a fall, whether a sweep has seen it or not. */
export function past(
  app: App,
  { flips, gaps, now }: Omit<Past, "state"> & { readonly now: Instant },
): Past {
  const fall = silence(app, now);
  if (fall === null) return { state: app.state.kind, flips, gaps };
  return { state: "down", flips: [fall, ...flips], gaps };
}

/** The span in pieces, oldest first: none is empty, and each begins where the one before it ends. */
export function timeline({ state, flips, gaps }: Past, { from, to }: Span): readonly Piece[] {
  const backwards: Piece[] = [];
  let [until, standing] = [to, state];
  for (const flip of flips) {
    if (until <= from) break;
    // A clock that was set back has flips in the order of their rows, and not of their instants.
    const began = Math.max(Math.min(flip.at, until), from);
    if (began < until) backwards.push({ from: began, to: until, standing });
    [until, standing] = [began, flip.from];
  }
  if (from < until) backwards.push({ from, to: until, standing });
  return joined(backwards.reverse().flatMap((piece) => withGaps(piece, gaps)));
}

/**
 * For which share of the span the app was up, from 0 to 1; null where nobody
 * can tell. What is unknown, and when it was not judged, counts for nothing.
 */
export function uptime(pieces: readonly Piece[]): number | null {
  const length = (standing: Standing) =>
    pieces.reduce(
      (sum, piece) => piece.standing === standing ? sum + piece.to - piece.from : sum,
      0,
    );
  const [up, down] = [length("up"), length("down")];
  return up + down === 0 ? null : up / (up + down);
}

/** The piece, cut where it was up and nobody listened. */
function withGaps(piece: Piece, gaps: readonly Gap[]): readonly Piece[] {
  if (piece.standing !== "up") return [piece];
  const parts: Piece[] = [];
  let from = piece.from;
  for (const gap of gaps) {
    const [began, ended] = [Math.max(gap.from, from), Math.min(gap.to, piece.to)];
    if (began >= ended) continue;
    if (from < began) parts.push({ ...piece, from, to: began });
    parts.push({ from: began, to: ended, standing: "unknown" });
    from = ended;
  }
  if (from < piece.to) parts.push({ ...piece, from });
  return parts;
}

/** Neighbours that are alike, as one. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.standing === piece.standing) all[all.length - 1] = { ...last, to: piece.to };
    else all.push(piece);
  }
  return all;
}

/**
 * When heartbeats of the span came, of the newest that were read, up to `limit`
 * of them; none where more came in it, for the rest of it would seem silent.
 */
export function ticks(
  newest: readonly { readonly at: Instant }[],
  { span: { from, to }, limit }: { readonly span: Span; readonly limit: number },
): readonly Instant[] {
  const isCut = newest.length === limit && (newest.at(-1)?.at ?? from) > from;
  return isCut ? [] : newest.map(({ at }) => at).filter((at) => at >= from && at < to);
}
