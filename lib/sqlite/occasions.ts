/**
 * Letters beside the news: reminders, letters about gaps, and proofs that mail
 * works. Each address has its own clocks for them.
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import type { GapCause } from "../gap.ts";
import type { FactsOf, StillDown } from "../letter.ts";
import { fitting, LISTED } from "../letter_room.ts";
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
  SELECT told_gap, gap_letter_at, proof_from, proof_flip, capacity_at
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
  SELECT apps.app_id, apps.name, apps.down_since, apps.incident, debts.precedence,
    COUNT(*) OVER () AS total
  FROM debts
  JOIN apps ON apps.incident = debts.flip
  WHERE debts.address = :address AND debts.reminded_at IS NOT NULL
    AND (COALESCE(apps.snoozed_until, 0) <= :now OR debts.reminded_at <= :now - :every)
    AND debts.reminded_at <= :since
  ORDER BY debts.precedence
  LIMIT :limit
`;

/** Index: gaps_told. */
const SELECT_GAPS = `
  SELECT COUNT(*) AS gaps, SUM(ended_at - began_at) AS deaf, SUM(moved) AS moved,
    SUM(put_off) AS put_off, MAX(id) AS last
  FROM gaps
  WHERE is_told = 1 AND id > :toldGap
`;

const SELECT_GAP = `
  SELECT began_at, ended_at, cause
  FROM gaps
  WHERE id = :id
`;

const COUNT_JUDGED = `
  SELECT
    COUNT(*) AS total,
    COUNT(*) FILTER (WHERE state = 'down') AS down,
    COUNT(*) FILTER (WHERE excused_at IS NOT NULL) AS unknown
  FROM apps
  WHERE is_ignored = 0 AND state <> 'paused'
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
    AND (:upTo IS NULL OR (precedence <= :upTo AND reminded_at <= :writtenAt - :every))
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

const COUNT_APPS = `
  SELECT COUNT(*) AS apps
  FROM apps
`;

/** What came since it was written is another letter. */
const CAPACITY_TOLD = `
  UPDATE occasions
  SET capacity_at = NULL
  WHERE address = :address AND capacity_at <= :writtenAt
`;

const PROVED = `
  UPDATE occasions
  SET proof_flip = :upTo, proof_from = :now
  WHERE address = :address
`;

/** The most apps that one reminder names; others wait for the next one. */
const REMINDED_OF = 2_000;

/** What any letter brings beside what it is for. */
type Others = Pick<FactsOf<"proof">, "failed" | "heard">;

/** What a letter beside the news is to tell. */
export interface OccasionFacts {
  readonly facts: FactsOf<"reminder" | "gap" | "proof" | "capacity">;
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
  readonly #most: number;

  /** @param settings `remindEvery` is null for never, `most` how many apps there may be. */
  constructor(
    db: Database,
    settings: { readonly remindEvery: Duration | null; readonly most: number },
  ) {
    this.#db = db;
    this.#remindEvery = settings.remindEvery ?? 0;
    this.#most = settings.most;
  }

  /** Starts the clocks of addresses that have none yet. */
  add(addresses: readonly string[], now: Instant): void {
    for (const address of addresses) this.#db.run(ADD_ADDRESS, { address, now });
  }

  /** What the letters to an address are counted from. */
  read(address: string): Occasions {
    const clocks = this.#db.get(SELECT_ADDRESS, { address });
    const remindedAt = integer(this.#db.get(SELECT_REMINDED, { address })?.at);
    if (clocks === null) return { remindedAt, gap: null, proofFrom: null, capacityAt: null };
    const toldGap = Number(clocks.told_gap);
    const endedAt = integer(this.#db.get(SELECT_UNTOLD_GAP, { toldGap })?.ended_at);
    const lastLetterAt = integer(clocks.gap_letter_at);
    return {
      remindedAt,
      gap: endedAt === null ? null : { endedAt, lastLetterAt },
      proofFrom: Number(clocks.proof_from),
      capacityAt: integer(clocks.capacity_at),
    };
  }

  /** What is to be told at `now`; null for nothing. */
  facts(
    kind: OccasionKind,
    address: string,
    { now, ...others }: { readonly now: Instant } & Others,
  ): OccasionFacts | null {
    switch (kind) {
      case "reminder": {
        return this.#reminder(address, now, others);
      }
      case "gap":
        return this.#gaps(address, others);
      case "proof":
        return this.#proof(address, others);
      case "capacity":
        return this.#capacity(address, others);
    }
  }

  /** A server took the letter at `now`. */
  told(kind: OccasionKind, address: string, { now, writtenAt, upTo }: Told): void {
    switch (kind) {
      case "reminder":
        this.#db.run(REMINDED, { address, now, writtenAt, upTo, every: this.#remindEvery });
        return;
      case "gap":
        this.#db.run(GAPS_TOLD, { address, now, upTo });
        return;
      case "proof":
        this.#db.run(PROVED, { address, now, upTo });
        return;
      case "capacity":
        this.#db.run(CAPACITY_TOLD, { address, writtenAt });
        return;
    }
  }

  #reminder(address: string, now: Instant, others: Others): OccasionFacts | null {
    const all = this.#toRemind(address, now, now);
    const total = Number(all[0]?.total ?? 0);
    // Where there is no room for all, those that are not due need not be named.
    const named = all.length === total
      ? all
      : this.#toRemind(address, now, now - this.#remindEvery);
    const last = named.at(-1);
    if (last === undefined) return null;
    const stillDown: StillDown = {
      apps: named.slice(0, LISTED).map(stillDownOf),
      others: named.slice(LISTED).map((row) => String(row.app_id)),
      total,
    };
    // Those that it does not name are reminded of by the next one.
    const upTo = named.length < total ? Number(last.precedence) : null;
    return { facts: { kind: "reminder", stillDown, ...others }, upTo };
  }

  /** As many as one letter can name of those of which the address was told by `since`. */
  #toRemind(address: string, now: Instant, since: Instant): readonly Row[] {
    const parameters = { address, now, since, every: this.#remindEvery, limit: REMINDED_OF };
    const rows = this.#db.all(SELECT_TO_REMIND, parameters);
    return rows.slice(0, fitting(rows.map((row) => String(row.app_id))));
  }

  #gaps(address: string, others: Others): OccasionFacts | null {
    const toldGap = Number(this.#db.get(SELECT_ADDRESS, { address })?.told_gap ?? 0);
    const sums = this.#db.get(SELECT_GAPS, { toldGap });
    const upTo = integer(sums?.last);
    const gap = this.#db.get(SELECT_GAP, { id: upTo });
    if (gap === null) return null;
    const facts: FactsOf<"gap"> = {
      kind: "gap",
      from: Number(gap.began_at),
      to: Number(gap.ended_at),
      gaps: Number(sums?.gaps),
      deaf: Number(sums?.deaf),
      cause: gap.cause as GapCause,
      moved: Number(sums?.moved),
      putOff: Number(sums?.put_off),
      ...others,
    };
    return { facts, upTo };
  }

  #proof(address: string, others: Others): OccasionFacts {
    const clocks = this.#db.get(SELECT_ADDRESS, { address });
    const apps = this.#db.get(COUNT_JUDGED);
    const flips = this.#db.get(COUNT_FALLS, { flip: Number(clocks?.proof_flip ?? 0) });
    const facts: FactsOf<"proof"> = {
      kind: "proof",
      apps: {
        total: Number(apps?.total),
        down: Number(apps?.down),
        unknown: Number(apps?.unknown),
      },
      incidents: Number(flips?.falls),
      since: Number(clocks?.proof_from),
      ...others,
    };
    return { facts, upTo: Number(flips?.last) };
  }

  /** Nothing where it stands better again. */
  #capacity(address: string, others: Others): OccasionFacts | null {
    if (this.read(address).capacityAt === null) return null;
    const apps = Number(this.#db.get(COUNT_APPS)?.apps);
    return { facts: { kind: "capacity", apps, most: this.#most, ...others }, upTo: null };
  }
}

function stillDownOf(row: Row): StillDown["apps"][number] {
  return {
    appId: String(row.app_id),
    name: row.name === null ? null : String(row.name),
    since: Number(row.down_since),
    incident: Number(row.incident),
  };
}
