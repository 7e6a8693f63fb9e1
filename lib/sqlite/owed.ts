/**
 * What a letter has to tell one address.
 *
 * @module
 */

import { type Instant, WEEK } from "../clock.ts";
import { answeredBy, digest, type News } from "../digest.ts";
import type { FlipReason, StateKind } from "../flip.ts";
import type { FactsOf, StillDown, Undelivered } from "../letter.ts";
import { LISTED } from "../letter_outline.ts";
import type { WhyRemembered } from "../refused.ts";
import type { Database, Row } from "./database.ts";

/**
 * The most debts that one message settles: 10,000 apps falling silent at once
 * are a handful of letters, and putting so many into words takes some 30 ms,
 * for which heartbeats wait: on a busy machine twice or thrice as long.
 */
const DEBTS_IN_MESSAGE = 2_000;

const NONE: StillDown = { apps: [], total: 0 };

/** What is owed to an address, ready to be written. */
export interface OwedFacts {
  readonly address: string;
  readonly facts: FactsOf<"news">;
  /** The `Message-ID`s of the letters it answers. */
  readonly answers: readonly string[];
  readonly debts: readonly number[];
}

/**
 * News that is owed, in the order it came, with the fall that it ends and the
 * letter that told of that fall, if one was taken or may have been. Falls and
 * recoveries apart: each is read in its index's order then, so that it takes no
 * longer when 100,000 wait. Index: debts_owed.
 */
const SELECT_NEWS = `
  WITH owed AS (
    SELECT *
    FROM (
      SELECT id, flip, address, 0 AS is_own
      FROM debts
      WHERE state = 'waiting' AND message IS NULL AND address = :address AND is_down = 1
        AND owed_from <= :now
      ORDER BY owed_from, id
      LIMIT :limit
    )
    UNION ALL
    SELECT *
    FROM (
      SELECT id, flip, address, 0 AS is_own
      FROM debts
      WHERE state = 'waiting' AND message IS NULL AND address = :address AND is_down = 0
        AND owed_from <= :now
      ORDER BY owed_from, id
      LIMIT :limit
    )
    UNION ALL
    SELECT id, flip, address, 1 AS is_own
    FROM debts
    WHERE state = 'waiting' AND message = :message
  )
  SELECT
    owed.id AS debt, apps.app_id, apps.name,
    flips.id, flips.at, flips.from_state, flips.to_state, flips.reason, flips.heartbeat_at,
    flips.message, flips.is_flapping, fall.at AS fell_at,
    refused.at AS refused_at, refused.reason AS refused_reason, refused.address AS refused_address,
    CASE WHEN told.state = 'sent' OR (told.state = 'waiting' AND letter.is_frozen = 1)
      THEN letter.message_id
    END AS told_by,
    (
      SELECT COUNT(*)
      FROM flips AS falls
      WHERE falls.app = flips.app AND falls.to_state = 'down' AND falls.at > :weekAgo
    ) AS falls
  FROM owed
  JOIN flips ON flips.id = owed.flip
  JOIN apps ON apps.id = flips.app
  LEFT JOIN refused_heartbeats AS refused ON refused.app = flips.app
    AND flips.reason = 'silence' AND refused.at >= COALESCE(flips.heartbeat_at, 0)
  LEFT JOIN flips AS fall ON fall.id = flips.ends
  LEFT JOIN debts AS told ON told.flip = fall.id AND told.address = owed.address
  LEFT JOIN messages AS letter ON letter.id = told.message
  ORDER BY owed.is_own DESC, flips.id
  LIMIT :limit
`;

/**
 * Apps that are down and are no news in this letter, the longest first. Nobody
 * is told of what fell in a snooze or maintenance before that ends. Index: apps_down.
 */
const SELECT_STILL_DOWN = `
  SELECT apps.app_id, apps.name, apps.down_since, apps.incident
  FROM apps
  LEFT JOIN debts ON debts.flip = apps.incident AND debts.address = :address
  WHERE apps.state = 'down' AND apps.muted_until IS NULL
    AND NOT (
      COALESCE(debts.state, '') = 'waiting'
      AND (debts.message IS NULL OR debts.message IS :message)
    )
  ORDER BY apps.down_since
  LIMIT :limit
`;

/**
 * How many these are, counted by what they are not: amid 100,000 apps that are
 * down it takes 1 ms instead of 150. Indexes: apps_down, apps_muted, debts_owed,
 * debts_waiting, apps_by_incident.
 */
const COUNT_STILL_DOWN = `
  SELECT (SELECT COUNT(*) FROM apps WHERE state = 'down')
    - (SELECT COUNT(*) FROM apps WHERE muted_until IS NOT NULL)
    - (
      SELECT COUNT(*)
      FROM debts
      JOIN apps ON apps.incident = debts.flip
      WHERE debts.state = 'waiting' AND message IS NULL AND address = :address AND is_down = 1
    )
    - (
      SELECT COUNT(*)
      FROM debts
      JOIN apps ON apps.incident = debts.flip
      WHERE debts.state = 'waiting' AND message = :message AND address = :address
    ) AS apps
`;

/** What failed at other addresses and no letter has named. Index: debts_unnamed. */
const SELECT_FAILED = `
  SELECT address, COUNT(*) AS debts, MAX(reason) AS reason
  FROM debts
  WHERE state = 'failed' AND (named_by IS NULL OR named_by = :message)
  GROUP BY address
`;

/** Index: debts_unnamed. */
const COUNT_STALE = `
  SELECT COUNT(*) AS debts
  FROM debts
  WHERE reason = 'stale' AND state = 'suppressed' AND address = :address
    AND (named_by IS NULL OR named_by = :message)
`;

/** What failed in an earlier text of the message is not in the new one. Index: debts_by_message. */
const LEAVE_OUT = `
  UPDATE debts
  SET message = NULL
  WHERE message = :message AND state = 'failed'
`;

/** All at once: a statement for each takes more than twice as long. */
const TAKE_UP = `
  UPDATE debts
  SET message = :message
  WHERE id IN (SELECT value FROM json_each(:debts))
`;

const NAME_FAILED = `
  UPDATE debts
  SET named_by = :message
  WHERE named_by IS NULL AND state = 'failed'
`;

const NAME_STALE = `
  UPDATE debts
  SET named_by = :message
  WHERE named_by IS NULL AND state = 'suppressed' AND reason = 'stale' AND address = :address
`;

/** Reads what is owed; each call is part of its caller's transaction. */
export class Owed {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * What `address` is owed at `now`: by this message, if there is one already,
   * and by none. Null if nothing.
   */
  read(address: string, message: number | null, now: Instant): OwedFacts | null {
    const found = this.#db.all(SELECT_NEWS, {
      address,
      message,
      now,
      weekAgo: now - WEEK,
      limit: DEBTS_IN_MESSAGE,
    });
    if (found.length === 0) return null;
    // The message's own debts come first, so that the limit cannot cut one off; told in order.
    const rows = found.toSorted((a, b) => Number(a.id) - Number(b.id));
    const news = rows.map(newsOf);
    const facts: FactsOf<"news"> = {
      kind: "news",
      digest: digest(news),
      // A letter that is full of news leaves out what is none.
      stillDown: found.length < DEBTS_IN_MESSAGE ? this.#stillDown(address, message) : NONE,
      failed: this.failed(message),
      stale: Number(this.#db.get(COUNT_STALE, { address, message })?.debts),
    };
    // An alarm stands for itself: as an answer it would hide in an old thread.
    const answers = facts.digest.down.length === 0 ? answeredBy(news) : [];
    return { address, facts, answers, debts: rows.map((row) => Number(row.debt)) };
  }

  /** What failed at other addresses and this message is to name. */
  failed(message: number | null): readonly Undelivered[] {
    return this.#db.all(SELECT_FAILED, { message }).map((row) => ({
      address: String(row.address),
      count: Number(row.debts),
      reason: String(row.reason),
    }));
  }

  /** Makes a message the one that settles this. */
  takeUp({ address, debts }: OwedFacts, message: number): void {
    this.#db.run(LEAVE_OUT, { message });
    this.#db.run(TAKE_UP, { debts: JSON.stringify(debts), message });
    this.#db.run(NAME_STALE, { address, message });
  }

  /** Makes a message the one that names what failed. */
  nameFailed(message: number): void {
    this.#db.run(NAME_FAILED, { message });
  }

  #stillDown(address: string, message: number | null): StillDown {
    const total = Number(this.#db.get(COUNT_STILL_DOWN, { address, message })?.apps);
    if (total === 0) return { apps: [], total };
    const rows = this.#db.all(SELECT_STILL_DOWN, { address, message, limit: LISTED });
    const apps = rows.map((row) => ({
      appId: String(row.app_id),
      name: row.name === null ? null : String(row.name),
      since: Number(row.down_since),
      incident: Number(row.incident),
    }));
    return { apps, total };
  }
}

interface NewsRow {
  readonly id: number;
  readonly app_id: string;
  readonly name: string | null;
  readonly at: number;
  readonly from_state: StateKind;
  readonly to_state: StateKind;
  readonly reason: FlipReason;
  readonly heartbeat_at: number | null;
  readonly message: string | null;
  readonly fell_at: number | null;
  readonly is_flapping: number;
  readonly told_by: string | null;
  readonly falls: number;
  readonly refused_at: number | null;
  readonly refused_reason: WhyRemembered;
  readonly refused_address: string;
}

function newsOf(each: Row): News {
  const row = each as unknown as NewsRow;
  return {
    flip: {
      appId: row.app_id,
      at: row.at,
      from: row.from_state,
      to: row.to_state,
      reason: row.reason,
      heartbeat: row.heartbeat_at === null ? null : { at: row.heartbeat_at, message: row.message },
    },
    appName: row.name,
    falls: row.falls,
    isFlapping: row.is_flapping === 1,
    incident: row.to_state === "down" ? row.id : null,
    refusal: row.refused_at === null
      ? null
      : { at: row.refused_at, reason: row.refused_reason, address: row.refused_address },
    ended: row.fell_at === null ? null : { at: row.fell_at, toldBy: row.told_by },
  };
}
