/**
 * What a letter has to tell one address.
 *
 * @module
 */

import { type Instant, WEEK } from "../clock.ts";
import { answeredBy, digest, type News } from "../digest.ts";
import type { FlipReason, StateKind } from "../flip.ts";
import type { GapCause } from "../gap.ts";
import type { FactsOf, StillDown, Undelivered } from "../letter.ts";
import { fitting, LISTED } from "../letter_room.ts";
import { ALARMS_APART, ALARMS_SPAN } from "../outbox.ts";
import type { HeardAfterAll, PutOff } from "../put_off.ts";
import type { WhyRemembered } from "../refused.ts";
import { PRECEDENCE } from "./app_row.ts";
import type { Database, Row } from "./database.ts";
import { APPS_ELSEWHERE } from "./elsewhere.ts";

/**
 * The most debts that one message settles: 10,000 apps falling silent at once
 * are a handful of letters, and putting so many into words takes some 30 ms,
 * for which heartbeats wait: on a busy machine twice or thrice as long.
 */
const DEBTS_IN_MESSAGE = 2_000;

const NONE: StillDown = { apps: [], others: [], total: 0 };

/** An app that was heard after all, and the debts that told the address of it. */
export interface HeardDebt extends HeardAfterAll {
  readonly debts: readonly number[];
}

/** What is owed to an address, ready to be written. */
export interface OwedFacts {
  readonly address: string;
  readonly facts: FactsOf<"news">;
  /** The `Message-ID`s of the letters it answers. */
  readonly answers: readonly string[];
  readonly debts: readonly number[];
  readonly heard: readonly HeardDebt[];
}

/**
 * What is owed, by this message or by none, in the order in which letters name
 * it; without apps that have news elsewhere, where mostly none has. Each part is
 * read in its index's order, so that it takes no longer when 100,000 wait.
 * Index: debts_waiting.
 */
const SELECT_OWED = `
  WITH elsewhere AS MATERIALIZED (${APPS_ELSEWHERE}),
  owed AS (
    SELECT *
    FROM (
      SELECT id, flip, put_off, precedence, owed_from
      FROM debts
      WHERE state = 'waiting' AND message IS NULL AND address = :address AND owed_from <= :now
        AND (NOT EXISTS (SELECT 1 FROM elsewhere) OR precedence NOT IN elsewhere)
      ORDER BY precedence, owed_from, id
      LIMIT :limit
    )
    UNION ALL
    SELECT id, flip, put_off, precedence, owed_from
    FROM debts
    WHERE state = 'waiting' AND message = :message
  )
  SELECT owed.id, apps.app_id
  FROM owed
  LEFT JOIN flips ON flips.id = owed.flip
  LEFT JOIN put_offs ON put_offs.id = owed.put_off
  JOIN apps ON apps.id = COALESCE(flips.app, put_offs.app)
  ORDER BY owed.precedence, owed.owed_from, owed.id
  LIMIT :limit
`;

/** How much is owed by no message at `now`. Index: debts_owed. */
const COUNT_OWED = `
  SELECT COUNT(*) AS debts
  FROM debts
  WHERE state = 'waiting' AND message IS NULL AND address = :address AND owed_from <= :now
`;

/** How much this message owes. Index: debts_waiting. */
const COUNT_OWN = `
  SELECT COUNT(*) AS debts
  FROM debts
  WHERE state = 'waiting' AND message = :message
`;

/**
 * Flips that are owed, with the fall that each ends and the letter that told of
 * that fall, if one was taken or may have been.
 */
const SELECT_NEWS = `
  SELECT
    debts.precedence, apps.app_id, apps.name,
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
  FROM json_each(:debts) AS owed
  JOIN debts ON debts.id = owed.value
  JOIN flips ON flips.id = debts.flip
  JOIN apps ON apps.id = flips.app
  LEFT JOIN refused_heartbeats AS refused ON refused.app = flips.app
    AND flips.reason = 'silence' AND refused.at >= COALESCE(flips.heartbeat_at, 0)
  LEFT JOIN flips AS fall ON fall.id = flips.ends
  LEFT JOIN debts AS told ON told.flip = fall.id AND told.address = debts.address
  LEFT JOIN messages AS letter ON letter.id = told.message
  ORDER BY flips.id
`;

/** News that nobody knows how an app is; none of one that was heard meanwhile. */
const SELECT_PUT_OFFS = `
  SELECT app_id, name, at, due_at, put_offs.deadline_at, gap_from, gap_to, gap_cause, other_gaps
  FROM json_each(:debts) AS owed
  JOIN debts ON debts.id = owed.value
  JOIN put_offs ON put_offs.id = debts.put_off
  JOIN apps ON apps.id = put_offs.app
  ORDER BY debts.precedence, debts.id
`;

/**
 * Of which the address was told that nobody knows, and who were heard since.
 * Indexes: debts_unheard, debts_by_namer.
 */
const SELECT_HEARD = `
  WITH told AS (
    SELECT id, put_off, precedence
    FROM debts
    WHERE address = :address AND over = 'heard' AND state = 'sent' AND named_by IS NULL
    UNION ALL
    SELECT id, put_off, precedence
    FROM debts
    WHERE named_by = :message AND over = 'heard' AND state = 'sent'
  )
  SELECT json_group_array(told.id) AS debts, app_id, name, MAX(ended_at) AS at
  FROM told
  JOIN put_offs ON put_offs.id = told.put_off
  JOIN apps ON apps.id = put_offs.app
  GROUP BY told.precedence
  ORDER BY told.precedence
  LIMIT :limit
`;

/**
 * Apps that are down and are no news in this letter, in the order in which
 * letters name them. Nobody is told of what fell in a snooze or maintenance
 * before that ends. Index: apps_in_state.
 */
const SELECT_STILL_DOWN = `
  SELECT apps.app_id, apps.name, apps.down_since, apps.incident
  FROM apps
  LEFT JOIN debts ON debts.flip = apps.incident AND debts.address = :address
  WHERE apps.state = 'down' AND apps.state <> 'up' AND apps.muted_until IS NULL
    AND NOT (
      COALESCE(debts.state, '') = 'waiting'
      AND (debts.message IS NULL OR debts.message IS :message)
    )
  ORDER BY ${PRECEDENCE}
  LIMIT :limit
`;

/**
 * How many these are, counted by what they are not: amid 100,000 apps that are
 * down it takes 1 ms instead of 150. Indexes: apps_in_state, apps_muted, debts_owed,
 * debts_waiting, apps_by_incident.
 */
const COUNT_STILL_DOWN = `
  SELECT (SELECT COUNT(*) FROM apps WHERE state = 'down' AND state <> 'up')
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

/** How many letters with an alarm the address took of late. Index: alarms_by_address. */
const COUNT_ALARMS = `
  SELECT COUNT(*) AS letters
  FROM messages
  WHERE address = :address AND state = 'sent' AND starts_interval = 1 AND is_good_news = 0
    AND taken_at > :since
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

/**
 * What was in an earlier text of the message is not in the new one where it has
 * failed, or other things came first. Index: debts_by_message.
 */
const LEAVE_OUT = `
  UPDATE debts
  SET message = NULL
  WHERE message = :message AND state IN ('waiting', 'failed')
    AND id NOT IN (SELECT value FROM json_each(:debts))
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

/** Those that {@linkcode SELECT_HEARD} has found. */
const NAME_HEARD = `
  UPDATE debts
  SET named_by = :message
  WHERE id IN (SELECT value FROM json_each(:debts))
`;

/** What ended while its message was tried, in vain. Index: debts_by_message. */
const SUPPRESS_OVER = `
  UPDATE debts
  SET state = 'suppressed', reason = over
  WHERE message = :message AND state = 'waiting' AND over IS NOT NULL
`;

/** Reads what is owed; each call is part of its caller's transaction. */
export class Owed {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * What `address` is owed at `now`: by this message, if there is one already,
   * and by none. As much as one letter can name; null if nothing.
   */
  read(address: string, message: number | null, now: Instant): OwedFacts | null {
    this.#db.run(SUPPRESS_OVER, { message });
    const limit = DEBTS_IN_MESSAGE;
    const found = this.#db.all(SELECT_OWED, { address, message, now, limit });
    if (found.length === 0) return null;
    const taken = found.slice(0, named(found));
    const debts = taken.map((row) => Number(row.id));
    const list = JSON.stringify(debts);
    const news = this.#db.all(SELECT_NEWS, { debts: list, weekAgo: now - WEEK }).map(newsOf);
    const left = taken.length < found.length || found.length === limit
      ? this.#left(address, { message, now, taken: taken.length })
      : 0;
    const heard = this.heard(address, message);
    const facts: FactsOf<"news"> = {
      kind: "news",
      digest: digest(news),
      putOffs: this.#db.all(SELECT_PUT_OFFS, { debts: list }).map(putOffOf),
      left,
      // A letter that is full of news leaves out what is none.
      stillDown: left === 0 ? this.#stillDown(address, message) : NONE,
      failed: this.failed(message),
      heard,
      stale: Number(this.#db.get(COUNT_STALE, { address, message })?.debts),
      isCrowded: this.#isCrowded(address, now),
    };
    // An alarm stands for itself: as an answer it would hide in an old thread.
    const answers = facts.digest.down.length === 0 ? answeredBy(news) : [];
    return { address, facts, answers, debts, heard };
  }

  /** What failed at other addresses and this message is to name. */
  failed(message: number | null): readonly Undelivered[] {
    return this.#db.all(SELECT_FAILED, { message }).map((row) => ({
      address: String(row.address),
      count: Number(row.debts),
      reason: String(row.reason),
    }));
  }

  /** Who was heard after `address` was told that nobody knows, and this message is to name. */
  heard(address: string, message: number | null): readonly HeardDebt[] {
    return this.#db.all(SELECT_HEARD, { address, message, limit: LISTED }).map((row) => ({
      debts: JSON.parse(String(row.debts)),
      appId: String(row.app_id),
      appName: row.name === null ? null : String(row.name),
      at: Number(row.at),
    }));
  }

  /** Makes a message the one that settles this. */
  takeUp({ address, debts }: OwedFacts, message: number): void {
    const list = JSON.stringify(debts);
    this.#db.run(LEAVE_OUT, { message, debts: list });
    this.#db.run(TAKE_UP, { debts: list, message });
    this.#db.run(NAME_STALE, { address, message });
  }

  /** Makes a message the one that names what failed, and who was heard after all. */
  nameOthers(message: number, heard: readonly HeardDebt[]): void {
    this.#db.run(NAME_FAILED, { message });
    const debts = JSON.stringify(heard.flatMap((each) => each.debts));
    if (heard.length > 0) this.#db.run(NAME_HEARD, { message, debts });
  }

  /** How many debts are owed that a letter leaves to the next one. */
  #left(
    address: string,
    { message, now, taken }: {
      readonly message: number | null;
      readonly now: Instant;
      readonly taken: number;
    },
  ): number {
    const owed = Number(this.#db.get(COUNT_OWED, { address, now })?.debts);
    const own = Number(this.#db.get(COUNT_OWN, { message })?.debts);
    return owed + own - taken;
  }

  /** Whether the letter that is written now is the last before alarms are gathered. */
  #isCrowded(address: string, now: Instant): boolean {
    const since = now - ALARMS_SPAN;
    return Number(this.#db.get(COUNT_ALARMS, { address, since })?.letters) >= ALARMS_APART - 1;
  }

  #stillDown(address: string, message: number | null): StillDown {
    const total = Number(this.#db.get(COUNT_STILL_DOWN, { address, message })?.apps);
    if (total === 0) return NONE;
    const rows = this.#db.all(SELECT_STILL_DOWN, { address, message, limit: LISTED });
    const apps = rows.map((row) => ({
      appId: String(row.app_id),
      name: row.name === null ? null : String(row.name),
      since: Number(row.down_since),
      incident: Number(row.incident),
    }));
    return { apps, others: [], total };
  }
}

/** How many of the debts belong to apps that one letter can name. */
function named(rows: readonly Row[]): number {
  const appIds = [...new Set(rows.map((row) => String(row.app_id)))];
  const first = appIds[fitting(appIds)];
  return first === undefined ? rows.length : rows.findIndex((row) => row.app_id === first);
}

interface NewsRow {
  readonly id: number;
  readonly precedence: number;
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
    precedence: row.precedence,
    falls: row.falls,
    isFlapping: row.is_flapping === 1,
    incident: row.to_state === "down" ? row.id : null,
    refusal: row.refused_at === null
      ? null
      : { at: row.refused_at, reason: row.refused_reason, address: row.refused_address },
    ended: row.fell_at === null ? null : { at: row.fell_at, toldBy: row.told_by },
  };
}

interface PutOffRow {
  readonly app_id: string;
  readonly name: string | null;
  readonly at: number;
  readonly due_at: number;
  readonly deadline_at: number;
  readonly gap_from: number | null;
  readonly gap_to: number | null;
  readonly gap_cause: GapCause | null;
  readonly other_gaps: number;
}

function putOffOf(each: Row): PutOff {
  const row = each as unknown as PutOffRow;
  const { gap_from: from, gap_to: to, gap_cause: cause } = row;
  return {
    appId: row.app_id,
    appName: row.name,
    dueAt: row.due_at,
    at: row.at,
    gap: from === null || to === null || cause === null ? null : { from, to, cause },
    otherGaps: row.other_gaps,
    deadlineAt: row.deadline_at,
  };
}
