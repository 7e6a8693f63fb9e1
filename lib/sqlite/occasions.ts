/**
 * Letters beside the news: reminders, letters about gaps, and proofs that mail
 * works. Each address has its own clocks for them.
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import { NAMED_BEYOND } from "../gap.ts";
import type { FactsOf, StillDown } from "../letter.ts";
import { LISTED } from "../letter_outline.ts";
import type { Occasions } from "../outbox.ts";
import { type Database, integer, type Row } from "./database.ts";

/** From now on; what has been before is not told to someone new. */
const ADD_ADDRESS = `
  INSERT INTO occasions (address, told_gap, proof_from, proof_flip)
  VALUES (
    :address,
    (SELECT COALESCE(MAX(id), 0) FROM gaps),
    :now,
    (SELECT COALESCE(MAX(id), 0) FROM flips)
  )
  ON CONFLICT (address) DO NOTHING
`;

const SELECT_ADDRESS = `
  SELECT told_gap, gap_letter_at, proof_from, proof_flip
  FROM occasions
  WHERE address = :address
`;

/** Index: debts_reminding. */
const SELECT_REMINDED = `
  SELECT MIN(reminded_at) AS at
  FROM debts
  WHERE address = :address AND reminded_at IS NOT NULL
`;

/** Index: gaps_told. */
const SELECT_UNTOLD_GAP = `
  SELECT ended_at
  FROM gaps
  WHERE is_told = 1 AND id > :toldGap
  ORDER BY id
  LIMIT 1
`;

/**
 * Of which the address was told, and nobody said to know of it. None that is
 * snoozed, but what is due: who asked for a reminder must not get none, and
 * ask for ever. Index: debts_reminding.
 */
const SELECT_TO_REMIND = `
  SELECT apps.app_id, apps.name, apps.down_since, apps.incident, COUNT(*) OVER () AS total
  FROM debts
  JOIN apps ON apps.incident = debts.flip
  WHERE debts.address = :address AND debts.reminded_at IS NOT NULL
    AND (COALESCE(apps.snoozed_until, 0) <= :now OR debts.reminded_at <= :now - :every)
  ORDER BY apps.down_since
  LIMIT :limit
`;

/** Index: gaps_told. */
const SELECT_GAPS = `
  SELECT COUNT(*) AS gaps, SUM(ended_at - began_at) AS deaf, SUM(moved) AS moved, MAX(id) AS last
  FROM gaps
  WHERE is_told = 1 AND id > :toldGap
`;

const SELECT_GAP = `
  SELECT began_at, ended_at
  FROM gaps
  WHERE id = :id
`;

/** Who was given more time and has not been heard since. Index: apps_excused. */
const SELECT_LATER = `
  SELECT app_id, name, deadline_at, COUNT(*) OVER () AS total
  FROM apps
  WHERE excused_at IS NOT NULL AND deadline_at > :beyond
  ORDER BY deadline_at DESC
  LIMIT :limit
`;

/** As status() of the core has it, by the defaults that deadlines are set by. */
const COUNT_JUDGED = `
  SELECT
    COUNT(*) FILTER (WHERE status <> 'new') AS total,
    COUNT(*) FILTER (WHERE status = 'down') AS down,
    COUNT(*) FILTER (WHERE status = 'unknown') AS unknown,
    COUNT(*) FILTER (WHERE status = 'late') AS late,
    COUNT(*) FILTER (WHERE status = 'new') AS new
  FROM (
    SELECT
      CASE
        WHEN state <> 'up' THEN state
        WHEN deadline_at <= :now THEN 'down'
        WHEN unknown_from IS NOT NULL THEN 'unknown'
        WHEN success_at + COALESCE(period_ms, (
          SELECT value ->> 'period' FROM memory WHERE key = 'defaults'
        )) <= :now THEN 'late'
        ELSE 'up'
      END AS status
    FROM apps
    WHERE is_ignored = 0 AND state <> 'paused'
  )
`;

const COUNT_FALLS = `
  SELECT COUNT(*) AS falls, COALESCE(MAX(id), :flip) AS last
  FROM flips
  WHERE id > :flip AND to_state = 'down'
`;

/**
 * None that the letter did not name: told since it was written, or snoozed
 * then. Index: debts_reminding.
 */
const REMINDED = `
  UPDATE debts
  SET reminded_at = :now
  WHERE address = :address AND reminded_at <= :writtenAt
    AND NOT EXISTS (
      SELECT 1
      FROM apps
      WHERE incident = debts.flip AND snoozed_until > :writtenAt
        AND debts.reminded_at > :writtenAt - :every
    )
`;

const GAPS_TOLD = `
  UPDATE occasions
  SET told_gap = :upTo, gap_letter_at = :now
  WHERE address = :address
`;

const PROVED = `
  UPDATE occasions
  SET proof_flip = :upTo, proof_from = :now
  WHERE address = :address
`;

/** What a letter beside the news is to tell. */
export interface OccasionFacts {
  readonly facts: FactsOf<"reminder" | "gap" | "proof">;
  /** The last row that it tells of; null where that is no matter. */
  readonly upTo: number | null;
}

/** A letter beside the news that was taken. */
export interface Told {
  readonly now: Instant;
  readonly writtenAt: Instant;
  /** The last row that it tells of; null where that is no matter. */
  readonly upTo: number | null;
}

/** The kinds of letters beside the news. */
export type OccasionKind = OccasionFacts["facts"]["kind"];

/** Reads and moves the clocks; each call is part of its caller's transaction. */
export class OccasionTable {
  readonly #db: Database;
  readonly #remindEvery: Duration;

  /** @param remindEvery null for never. */
  constructor(db: Database, remindEvery: Duration | null) {
    this.#db = db;
    this.#remindEvery = remindEvery ?? 0;
  }

  /** Starts the clocks of addresses that have none yet. */
  add(addresses: readonly string[], now: Instant): void {
    for (const address of addresses) this.#db.run(ADD_ADDRESS, { address, now });
  }

  /** What the letters to an address are counted from. */
  read(address: string): Occasions {
    const clocks = this.#db.get(SELECT_ADDRESS, { address });
    const remindedAt = integer(this.#db.get(SELECT_REMINDED, { address })?.at);
    if (clocks === null) return { remindedAt, gap: null, proofFrom: null };
    const toldGap = Number(clocks.told_gap);
    const endedAt = integer(this.#db.get(SELECT_UNTOLD_GAP, { toldGap })?.ended_at);
    const lastLetterAt = integer(clocks.gap_letter_at);
    return {
      remindedAt,
      gap: endedAt === null ? null : { endedAt, lastLetterAt },
      proofFrom: Number(clocks.proof_from),
    };
  }

  /** What is to be told at `now`; null for nothing. */
  facts(
    kind: OccasionKind,
    address: string,
    { now, failed }: { readonly now: Instant } & Pick<FactsOf<"proof">, "failed">,
  ): OccasionFacts | null {
    switch (kind) {
      case "reminder": {
        const stillDown = this.#toRemind(address, now);
        if (stillDown.total === 0) return null;
        return { facts: { kind, stillDown, failed }, upTo: null };
      }
      case "gap":
        return this.#gaps(address, now, failed);
      case "proof":
        return this.#proof(address, now, failed);
    }
  }

  /** A server took the letter at `now`. */
  told(kind: OccasionKind, address: string, { now, writtenAt, upTo }: Told): void {
    switch (kind) {
      case "reminder":
        this.#db.run(REMINDED, { address, now, writtenAt, every: this.#remindEvery });
        return;
      case "gap":
        this.#db.run(GAPS_TOLD, { address, now, upTo });
        return;
      case "proof":
        this.#db.run(PROVED, { address, now, upTo });
        return;
    }
  }

  #toRemind(address: string, now: Instant): StillDown {
    const every = this.#remindEvery;
    const rows = this.#db.all(SELECT_TO_REMIND, { address, now, every, limit: LISTED });
    const apps = rows.map((row) => ({
      ...named(row),
      since: Number(row.down_since),
      incident: Number(row.incident),
    }));
    return { apps, total: Number(rows[0]?.total ?? 0) };
  }

  #gaps(address: string, now: Instant, failed: FactsOf<"gap">["failed"]): OccasionFacts | null {
    const toldGap = Number(this.#db.get(SELECT_ADDRESS, { address })?.told_gap ?? 0);
    const sums = this.#db.get(SELECT_GAPS, { toldGap });
    const upTo = integer(sums?.last);
    const gap = this.#db.get(SELECT_GAP, { id: upTo });
    if (gap === null) return null;
    const rows = this.#db.all(SELECT_LATER, { beyond: now + NAMED_BEYOND, limit: LISTED });
    const apps = rows.map((row) => ({ ...named(row), deadlineAt: Number(row.deadline_at) }));
    const facts: FactsOf<"gap"> = {
      kind: "gap",
      from: Number(gap.began_at),
      to: Number(gap.ended_at),
      gaps: Number(sums?.gaps),
      deaf: Number(sums?.deaf),
      moved: Number(sums?.moved),
      later: { apps, total: Number(rows[0]?.total ?? 0) },
      failed,
    };
    return { facts, upTo };
  }

  #proof(address: string, now: Instant, failed: FactsOf<"proof">["failed"]): OccasionFacts {
    const clocks = this.#db.get(SELECT_ADDRESS, { address });
    const apps = this.#db.get(COUNT_JUDGED, { now });
    const flips = this.#db.get(COUNT_FALLS, { flip: Number(clocks?.proof_flip ?? 0) });
    const facts: FactsOf<"proof"> = {
      kind: "proof",
      apps: {
        total: Number(apps?.total),
        down: Number(apps?.down),
        unknown: Number(apps?.unknown),
        late: Number(apps?.late),
        new: Number(apps?.new),
      },
      incidents: Number(flips?.falls),
      since: Number(clocks?.proof_from),
      failed,
    };
    return { facts, upTo: Number(flips?.last) };
  }
}

function named(row: Row): { readonly appId: string; readonly name: string | null } {
  return { appId: String(row.app_id), name: row.name === null ? null : String(row.name) };
}
