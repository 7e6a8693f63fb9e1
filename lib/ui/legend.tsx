/**
 * What the bands of strips mean.
 *
 * @module
 */

import type { Piece } from "../timeline.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";
import { standingsIn, Swatch } from "./strip.tsx";

/** Those that there are; nothing where no strip is. */
export function Legend(
  { pieces, speech: { words } }: { readonly pieces: readonly Piece[]; readonly speech: Speech },
): Element {
  return (
    <ul class="legend small quiet">
      {standingsIn(pieces).map((standing) => (
        <li>
          <Swatch standing={standing} />
          {words.standing[standing]}
        </li>
      ))}
    </ul>
  );
}
