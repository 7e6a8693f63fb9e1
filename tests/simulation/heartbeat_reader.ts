/**
 * The heartbeats in a database, read with none of the service's code.
 *
 * @module
 */

import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A heartbeat as it is stored. */
export interface StoredHeartbeat {
  readonly appId: string;
  /** Which of its app's it is: 1 is the first. */
  readonly number: number;
  readonly at: number;
  readonly kind: HeartbeatKind;
  readonly message: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
}

const SELECT_JOURNAL = `
  SELECT app_id AS appId, entry.value AS entry
  FROM journal, json_each(journal.heartbeats) AS entry
  LEFT JOIN apps ON apps.id = entry.value ->> 0
  ORDER BY journal.id, entry.key
`;

const SELECT_SEGMENTS = `
  SELECT app_id AS appId, first + count AS after, from_at AS at, beats
  FROM segments
  JOIN apps ON apps.id = app
  WHERE first + count > COALESCE(:seen ->> ('$."' || app_id || '"'), 0) + 1
`;

type Words = readonly [HeartbeatKind, string | null, string | null, string | null];

const SILENT: Words = ["success", null, null, null];

/** Reads what it has not read before. */
export class HeartbeatReader {
  readonly #journal: StatementSync;
  readonly #segments: StatementSync;
  readonly #seen: Record<string, number> = {};

  constructor(db: DatabaseSync) {
    this.#journal = db.prepare(SELECT_JOURNAL);
    this.#segments = db.prepare(SELECT_SEGMENTS);
  }

  /** What has come since the last call, as it came. */
  next(): readonly StoredHeartbeat[] {
    const found = new Map<string, StoredHeartbeat>();
    const keep = (appId: string, number: number, at: number, words: Words) => {
      if (number <= (this.#seen[appId] ?? 0)) return;
      const [kind, message, address, userAgent] = words;
      found.set(`${appId} ${number}`, { appId, number, at, kind, message, address, userAgent });
    };
    let [cameAt, said]: [number, Words] = [NaN, SILENT];
    for (const { appId, entry } of this.#journal.all()) {
      const [, number, at, ...words] = JSON.parse(String(entry));
      // Without words it says the same as the one before it, and so much later.
      [cameAt, said] = words.length > 0 ? [at, words] : [cameAt + at, said];
      if (appId !== null) keep(String(appId), number, cameAt, said);
    }
    for (
      const { appId, after, at, beats } of this.#segments.all({
        seen: JSON.stringify(this.#seen),
      })
    ) {
      const told = [...decoded(Number(at), String(beats))];
      // From the last one back: of old ones, which were read long ago, some may be told no more.
      for (const [index, beat] of told.entries()) {
        keep(String(appId), Number(after) - told.length + index, beat.at, beat.words);
      }
    }
    for (const { appId, number } of found.values()) {
      this.#seen[appId] = Math.max(this.#seen[appId] ?? 0, number);
    }
    return [...found.values()].toSorted((a, b) => a.at - b.at || a.number - b.number);
  }
}

function* decoded(
  from: number,
  beats: string,
): Generator<{ readonly at: number; readonly words: Words }> {
  let at = from;
  let words = SILENT;
  for (const beat of JSON.parse(`[${beats}]`) as (number | [number, ...Words])[]) {
    if (typeof beat === "number") at += beat;
    else {
      at += beat[0];
      words = [beat[1], beat[2], beat[3], beat[4]];
    }
    yield { at, words };
  }
}
