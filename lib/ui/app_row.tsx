/**
 * An app as a row of the overview.
 *
 * @module
 */

import type { Span } from "../clock.ts";
import { excerpt } from "../printable.ts";
import type { Element } from "./element.ts";
import type { Mark, MarkedRow } from "./overview_view.ts";
import type { Speech } from "./speech.ts";
import { Ago, nameOf, StatusLabel } from "./standing.tsx";
import { Strip, stripParts } from "./strip.tsx";
import { UptimeShare } from "./uptime.tsx";

/** How much of a message a row shows, in code points: it has one line. */
const MESSAGE_LENGTH = 200;

/** The row. */
export function AppRow(
  { row, span, speech }: {
    readonly row: MarkedRow;
    /** What its strip shows. */
    readonly span: Span;
    readonly speech: Speech;
  },
): Element {
  const { words } = speech;
  const { app, status, pieces, beats } = row;
  const label = words.overview.strip(stripParts(pieces, speech));
  return (
    <li id={`app-${app.id}`}>
      <span class="name">
        <a href={`/apps/${app.id}`}>
          <bdi>{nameOf(app)}</bdi>
        </a>
        {nameOf(app) === app.id ? null : <span class="quiet small">{` ${app.id}`}</span>}
        {row.mark === null ? null : (
          <>
            {" "}
            <MarkLabel mark={row.mark} speech={speech} />
          </>
        )}
      </span>
      <StatusLabel status={status} speech={speech} />
      <span class="heard quiet small">
        <Ago at={app.lastHeartbeat?.at ?? null} speech={speech} />
      </span>
      <span class="said quiet small">
        <bdi>{excerpt(app.lastHeartbeat?.message ?? "", MESSAGE_LENGTH)}</bdi>
      </span>
      <span class="past">
        <Strip pieces={pieces} span={span} beats={beats} label={label} />
        <UptimeShare uptime={row.uptime} title={words.overview.uptime} speech={speech} />
      </span>
    </li>
  );
}

function MarkLabel({ mark, speech }: { readonly mark: Mark; readonly speech: Speech }): Element {
  const { marks } = speech.words.overview;
  const text = mark.reason === "acknowledged"
    ? marks.acknowledged
    : marks[mark.reason](speech.calendar.instant(mark.until));
  return <span class="tag small">{text}</span>;
}
