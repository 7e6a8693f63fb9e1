/**
 * The public status page: how the apps of some tags are, and nothing more of
 * them than their names.
 *
 * @module
 */

import type { Element } from "./element.ts";
import { nameOf, StatusLabel } from "./standing.tsx";
import type { Speech } from "./speech.ts";
import type { StatusView } from "./status_view.ts";
import { Strip, stripParts } from "./strip.tsx";

/** The whole content. */
export function StatusPage(
  { view, speech }: { readonly view: StatusView; readonly speech: Speech },
): Element {
  const { words } = speech;
  return (
    <div id="status" data-part>
      <div class={`headline alone ${view.down > 0 ? "bad" : "good"}`}>
        <h1>{statusTitle(view, speech)}</h1>
      </div>
      {view.groups.map(({ tag, rows }) => (
        <section>
          <h2>
            <bdi>{tag}</bdi>
          </h2>
          <ul class="apps">
            {rows.map((row) => (
              <li>
                <span class="name">
                  <bdi>{nameOf(row.app)}</bdi>
                </span>
                <StatusLabel status={row.status} speech={speech} />
                <span class="past">
                  <Strip
                    pieces={row.pieces}
                    span={view.span}
                    beats={[]}
                    label={words.overview.strip(stripParts(row.pieces, speech))}
                  />
                  <span class="share small" title={words.overview.uptime}>
                    {row.uptime === null ? "–" : speech.percent(row.uptime)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
          {rows.length === 0 ? <p class="card">{words.statusPage.none}</p> : null}
        </section>
      ))}
    </div>
  );
}

/** How things are, in one sentence. */
export function statusTitle({ down, all }: StatusView, { words }: Speech): string {
  if (all === 0) return words.statusPage.none;
  return down === 0 ? words.statusPage.well : words.statusPage.down(down);
}
