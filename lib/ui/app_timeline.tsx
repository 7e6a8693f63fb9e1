/**
 * An app's timeline, over a span that can be chosen.
 *
 * @module
 */

import { type AppView, type Range, RANGES } from "./app_view.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";
import { Legend } from "./legend.tsx";
import { Strip, stripParts } from "./strip.tsx";
import { uptimeText } from "./uptime.tsx";

/** The whole section. */
export function Timeline(
  { view, speech }: { readonly view: AppView; readonly speech: Speech },
): Element {
  const words = speech.words.app;
  const { app, pieces, span, beats, range } = view;
  const label = words.strip(words.range[range], stripParts(pieces, speech));
  const ranges = Object.keys(RANGES) as readonly Range[];
  return (
    <section>
      <h2>{words.timeline}</h2>
      <nav class="ranges" aria-label={words.timeline}>
        {ranges.map((each) => (
          <a
            href={`/apps/${app.id}?range=${each}`}
            {...(each === range ? { "aria-current": "true" } : {})}
          >
            {words.range[each]}
          </a>
        ))}
      </nav>
      <div id="timeline" data-part class="card">
        <Strip pieces={pieces} span={span} beats={beats} label={label} />
        <p class="ends quiet small">
          <span>{speech.calendar.instant(span.from)}</span>
          <span>{speech.calendar.instant(span.to)}</span>
        </p>
        <p class="small">{uptimeText(view.uptime, speech)}</p>
        <Legend pieces={pieces} speech={speech} />
      </div>
    </section>
  );
}
