/**
 * The public status page: how the apps of some tags are, and nothing more of
 * them than their names.
 *
 * @module
 */

import type { Element } from "./element.ts";
import { allOf, headlineText, toneOf, wellOf } from "./headline.ts";
import { Legend } from "./legend.tsx";
import { nameOf, StatusLabel } from "./standing.tsx";
import type { Speech } from "./speech.ts";
import type { StatusView } from "./status_view.ts";
import { Strip, stripParts } from "./strip.tsx";
import { SharesNote, UptimeShare } from "./uptime.tsx";

/** The whole content. */
export function StatusPage(
  { view, speech }: { readonly view: StatusView; readonly speech: Speech },
): Element {
  const { words } = speech;
  const shown = view.groups.flatMap(({ rows }) => rows);
  return (
    <div id="status" data-part>
      <div class={`headline alone ${toneOf(view.counts)}`}>
        <h1>{statusTitle(view, speech)}</h1>
      </div>
      {view.groups.map(({ tag, rows, isCut }) => (
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
                  <UptimeShare uptime={row.uptime} title={words.overview.uptime} speech={speech} />
                </span>
              </li>
            ))}
          </ul>
          {rows.length === 0 ? <p class="card">{words.statusPage.none}</p> : null}
          {isCut ? <p class="quiet small">{words.statusPage.cut(rows.length)}</p> : null}
        </section>
      ))}
      <Legend pieces={shown.flatMap(({ pieces }) => pieces)} speech={speech} />
      <SharesNote uptimes={shown.map(({ uptime }) => uptime)} speech={speech} />
    </div>
  );
}

/** How things are, in one sentence. */
export function statusTitle({ counts, groups }: StatusView, speech: Speech): string {
  const { statusPage } = speech.words;
  const all = allOf(counts);
  if (all === 0) return statusPage.none;
  const isCut = groups.some((group) => group.isCut);
  const isAllWell = wellOf(counts) === all;
  return headlineText(counts, speech, {
    down: statusPage.down(counts.down),
    well: isCut ? statusPage.shownWell : isAllWell ? statusPage.well : statusPage.watchedWell,
  });
}
