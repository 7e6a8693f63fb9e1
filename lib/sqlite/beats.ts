/**
 * An app's heartbeats in the order they came, but for what they say: read page
 * by page by who looks at all of them.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Beat } from "../silences.ts";
import type { BeatPage, BeatQuery } from "../store.ts";
import type { StoredApp } from "./app_row.ts";
import type { Database } from "./database.ts";
import type { KnownApps } from "./known_apps.ts";
import { bareIn } from "./series.ts";

/** Rows of segments on a page, of up to 900 heartbeats each: some 5 ms. */
const SEGMENTS_ON_PAGE = 100;

/** Imported heartbeats on a page: some 5 ms. */
const IMPORTED_ON_PAGE = 20_000;

/** Heartbeats on a page that are in the journal. */
const UNSETTLED_ON_PAGE = 20_000;

/** The row that a heartbeat stands in, and those behind it. Index: that of (app, first). */
const SELECT_SEGMENTS = `
  SELECT first, from_at, count, dropped, beats
  FROM segments
  WHERE app = :app AND to_at >= :from AND from_at <= :until
    AND first >= COALESCE(
      (SELECT MAX(first) FROM segments AS its WHERE its.app = :app AND its.first <= :next), 0
    )
  ORDER BY first
  LIMIT :limit
`;

/** All in one row, for a row for each takes ten times as long. Index: imported_by_app. */
const SELECT_IMPORTED = `
  SELECT json_group_array(at) AS instants
  FROM (
    SELECT at
    FROM imported_heartbeats
    WHERE app = :app AND at >= :from
    ORDER BY at
    LIMIT :limit
  )
`;

/** What beats are read from. */
interface Parts {
  readonly db: Database;
  readonly known: KnownApps;
}

/** A heartbeat that was sent here, by its place in its app's history. */
interface NumberedBeat extends Beat {
  readonly number: number;
}

/** Reads beats; each call is part of its caller's transaction. */
export class Beats {
  readonly #db: Database;
  readonly #known: KnownApps;

  constructor({ db, known }: Parts) {
    this.#db = db;
    this.#known = known;
  }

  /** A page of an app's beats: what was sent here and what was imported, merged by time. */
  page(stored: StoredApp, { from, cursor }: BeatQuery): BeatPage {
    const { sent: next, importedFrom } = cursor ?? { sent: 1, importedFrom: from };
    const imported = this.#imported(stored.id, Math.max(importedFrom, from));
    const lastImported = imported.at(-1);
    const isMoreImported = imported.length === IMPORTED_ON_PAGE && lastImported !== undefined;
    const until = isMoreImported ? lastImported : Infinity;
    const sent = this.#sent(stored, { from, next, until });
    const end = Math.min(until, sent.until);

    const beats: Beat[] = [];
    let [sentTaken, importedTaken] = [0, 0];
    for (;;) {
      const [one, other] = [sent.beats[sentTaken], imported[importedTaken]];
      const isSent = one !== undefined && one.at <= end && (other === undefined || one.at <= other);
      if (isSent) {
        beats.push(one);
        sentTaken++;
      } else if (other !== undefined && other <= end) {
        beats.push({ at: other, kind: "success", isThinned: false });
        importedTaken++;
      } else {
        break;
      }
    }
    if (end === Infinity) return { beats, next: null };
    const last = imported[importedTaken - 1];
    return {
      beats,
      next: {
        sent: sent.beats[sentTaken]?.number ?? sent.next,
        // Two at the same instant are one silence as well as one is.
        importedFrom: last === undefined ? importedFrom : last + 1,
      },
    };
  }

  #imported(app: number, from: Instant): readonly Instant[] {
    const limit = IMPORTED_ON_PAGE;
    const row = this.#db.get(SELECT_IMPORTED, { app, from, limit });
    return JSON.parse(String(row?.instants)) as readonly Instant[];
  }

  /** What was sent here, from a place in history on, and up to when that is all. */
  #sent(
    stored: StoredApp,
    { from, next, until }: {
      readonly from: Instant;
      readonly next: number;
      readonly until: Instant;
    },
  ): { readonly beats: readonly NumberedBeat[]; readonly next: number; readonly until: Instant } {
    const parameters = { app: stored.id, from, next, limit: SEGMENTS_ON_PAGE };
    const rows = this.#db.all(SELECT_SEGMENTS, {
      ...parameters,
      until: Math.min(until, Number.MAX_SAFE_INTEGER),
    });
    const beats: NumberedBeat[] = [];
    let behind = next;
    let latest = from;
    for (const { first, from_at, count, dropped, beats: text } of rows) {
      const row = { number: Number(first), at: Number(from_at), text: String(text) };
      behind = row.number + Number(count);
      for (const beat of bareIn(row)) {
        if (beat.number < next || beat.at < from) continue;
        beats.push({ ...beat, isThinned: Number(dropped) > 0 });
        latest = Math.max(latest, beat.at);
      }
    }
    if (rows.length === SEGMENTS_ON_PAGE) {
      return { beats, next: behind, until: latest };
    }
    if (until < Infinity) return { beats, next: behind, until: Infinity };
    const unsettled = this.#unsettled(stored, Math.max(behind, next));
    beats.push(...unsettled.filter(({ at }) => at >= from));
    const isMore = unsettled.length === UNSETTLED_ON_PAGE;
    behind = (unsettled.at(-1)?.number ?? behind - 1) + 1;
    return { beats, next: behind, until: isMore ? latestOf(unsettled, latest) : Infinity };
  }

  /** Those that are in the journal, from a place in history on. */
  #unsettled({ app, heartbeats }: StoredApp, next: number): readonly NumberedBeat[] {
    const series = this.#known.unsettled(app.id);
    let before = heartbeats - series.reduce((sum, { length }) => sum + length, 0);
    const found: NumberedBeat[] = [];
    for (const each of series) {
      const limit = UNSETTLED_ON_PAGE - found.length;
      const bare = limit > 0 ? each.bare({ from: next - before, limit }) : [];
      for (const { number, at, kind } of bare) {
        found.push({ number: before + number, at, kind, isThinned: false });
      }
      before += each.length;
    }
    return found;
  }
}

function latestOf(beats: readonly Beat[], least: Instant): Instant {
  return beats.reduce((latest, { at }) => Math.max(latest, at), least);
}
