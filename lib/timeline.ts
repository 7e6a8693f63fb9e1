/**
 * Timelines: how an app stood over a span, from its flips and the doubts about
 * it (doubt.ts).
 *
 *  kept from               |
 *  flips         up        |     up          down   up
 *  doubts                  |        ~~~~~~
 *  timeline  new | unknown | up  | unknown | down | up ...
 *
 * What was before history is whole, for flips and doubts are pruned, was as
 * little up for certain as what was in a doubt, and is unknown too.
 *
 * @module
 */

import { type App, type Defaults, silence, unknownSince } from "./app.ts";
import type { Instant, Sight, Span } from "./clock.ts";
import { doubt, type Doubts } from "./doubt.ts";
import type { Flip, StateKind } from "./flip.ts";
import { firstEndingAfter, union } from "./spans.ts";
import type { FlipPage } from "./store.ts";

/** How an app stood; `unknown` where nobody can tell. */
export type Standing = StateKind | "unknown";

/** A part of a timeline. It holds its start and not its end. */
export interface Piece extends Span {
  readonly standing: Standing;
}

/** What is known of an app's past. */
export interface Past extends Doubts {
  /** How it stands at the end of the span. */
  readonly state: StateKind;
  /** Newest first, as they are stored; those from before the span do no harm. */
  readonly flips: readonly Flip[];
}

/** What a past is made of. */
export interface PastFacts {
  /** The newest of its flips. */
  readonly history: FlipPage;
  readonly doubts: Doubts;
  /** Gaps from before doubts were kept: whoever was up in one of them may have been missed. */
  readonly gaps: readonly Span[];
  readonly sight: Sight;
  readonly defaults: Defaults;
}

/** Of an app that was forgotten meanwhile nobody can tell anything. */
export const UNTOLD: Doubts = { spans: [], wholeFrom: Infinity };

/** An app's past, as it is seen. A deadline that has passed is a fall, whether a sweep has seen it or not. */
export function past(app: App, { history, doubts, gaps, sight, defaults }: PastFacts): Past {
  const { flips, next } = history;
  const fall = silence(app, sight.judgedBy);
  const since = unknownSince(app, sight, defaults);
  const open = since === null ? null : { from: since, to: sight.now };
  const last = fall === null ? open : doubt(app, fall.at);
  const readFrom = next === null ? -Infinity : flips.at(-1)?.at ?? -Infinity;
  return {
    state: fall === null ? app.state.kind : "down",
    flips: fall === null ? flips : [fall, ...flips],
    spans: [...gaps, ...doubts.spans, ...(last === null ? [] : [last])],
    wholeFrom: Math.max(doubts.wholeFrom, readFrom),
  };
}

/** The span in pieces, oldest first: none is empty, and each begins where the one before it ends. */
export function timeline(past: Past, { from, to }: Span): readonly Piece[] {
  const backwards: Piece[] = [];
  let [until, standing]: [Instant, Standing] = [to, past.state];
  for (const flip of past.flips) {
    if (until <= from) break;
    // A clock that was set back has flips in the order of their rows, and not of their instants.
    const began = Math.max(Math.min(flip.at, until), from);
    if (began < until) backwards.push({ from: began, to: until, standing });
    [until, standing] = [began, flip.from];
  }
  if (from < until) backwards.push({ from, to: until, standing });
  const untold = { from: -Infinity, to: past.wholeFrom };
  const doubtful = union([untold, ...past.spans]);
  return joined(
    backwards.reverse().flatMap((piece) => {
      if (piece.standing === "up") return withDoubts(piece, doubtful);
      // The last fall is always kept; whether another one was all that was, is told by all flips.
      if (piece.standing === "down" && piece.to < to) return withDoubts(piece, [untold]);
      return [piece];
    }),
  );
}

/** What of a timeline lies behind `from`. */
export function latest(pieces: readonly Piece[], from: Instant): readonly Piece[] {
  return pieces.filter(({ to }) => to > from)
    .map((piece) => piece.from < from ? { ...piece, from } : piece);
}

/** The piece, cut where nobody can tell how the app was. */
function withDoubts(piece: Piece, doubts: readonly Span[]): readonly Piece[] {
  const parts: Piece[] = [];
  let from = piece.from;
  for (let index = firstEndingAfter(doubts, from); index < doubts.length; index++) {
    const doubt = doubts[index];
    if (doubt === undefined || doubt.from >= piece.to) break;
    const [began, ended] = [Math.max(doubt.from, from), Math.min(doubt.to, piece.to)];
    if (from < began) parts.push({ ...piece, from, to: began });
    if (began < ended) parts.push({ from: began, to: ended, standing: "unknown" });
    from = Math.max(from, ended);
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
