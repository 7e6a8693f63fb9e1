/**
 * Badges as they are drawn.
 *
 * @module
 */

import { html } from "hono/html";
import type { Status } from "../app.ts";
import { LIGHT } from "../letter_look.ts";
import { LIGHT_MORE } from "./look.ts";

/** Of Verdana at 11 px, in units of a tenth of a pixel: what most characters take, and no fewer. */
const CHARACTER_WIDTH = 70;

/** What stands on a badge. */
export interface BadgeView {
  readonly name: string;
  readonly status: Status;
  /** The status, in words. */
  readonly word: string;
}

const COLOURS: Readonly<Record<Status, string>> = {
  up: LIGHT.good,
  down: LIGHT.bad,
  late: LIGHT_MORE.late,
  unknown: LIGHT_MORE.unknown,
  new: LIGHT.calm,
  paused: LIGHT.calm,
  ignored: LIGHT.calm,
};

/** A picture: the name on the left, the status on the right. */
export function badgeSvg({ name, status, word }: BadgeView): string {
  const [left, right] = [name, word].map((text) =>
    Math.ceil(Array.from(text).length * CHARACTER_WIDTH / 10) + 12
  );
  const [x, width] = [left ?? 0, right ?? 0];
  const drawn = html`
    <svg xmlns="http://www.w3.org/2000/svg" width="${x + width}" height="20" role="img"
      aria-label="${name}: ${word}">
      <title>${name}: ${word}</title>
      <rect width="${x}" height="20" fill="#3d4146" />
      <rect x="${x}" width="${width}" height="20" fill="${COLOURS[status]}" />
      <g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif"
        font-size="11">
        <text x="${x / 2}" y="14">${name}</text>
        <text x="${x + width / 2}" y="14">${word}</text>
      </g>
    </svg>
  `;
  // `html` answers with a promise only where a value is one; none is here.
  return String(drawn).trim();
}

/** What shields.io draws a badge from (its endpoint schema, version 1). */
export function badgeJson({ name, status, word }: BadgeView): object {
  return { schemaVersion: 1, label: name, message: word, color: COLOURS[status].slice(1) };
}
