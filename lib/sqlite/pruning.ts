/**
 * Old rows, found and deleted some at a time: each table is walked along from
 * its first row to its last, then what is free is given back to the system.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { PruneLimits } from "../store.ts";
import { type Database, integer } from "./database.ts";

/** Rows looked at in one step: some 5 ms. */
const STEP = 500;

/** Pages given back in one step: some 5 ms. */
const VACUUM_STEP = 200;

/** Free pages that are kept for what comes next: 4 MB. */
const FREE_PAGES = 1_000;

const LAST_SEGMENT = `
  SELECT MAX(id) AS last
  FROM (SELECT id FROM segments WHERE id > :after ORDER BY id LIMIT :limit)
`;

/**
 * From its first row on: what came after a younger one, because the clock was
 * set back, stays as long as that.
 */
const DELETE_SEGMENTS = `
  DELETE FROM segments
  WHERE id > :after AND id <= :last AND to_at < :before
    AND NOT EXISTS (
      SELECT 1
      FROM segments AS older
      WHERE older.app = segments.app AND older.first < segments.first AND older.to_at >= :before
    )
`;

const LAST_IMPORTED = `
  SELECT MAX(id) AS last
  FROM (SELECT id FROM imported_heartbeats WHERE id > :after ORDER BY id LIMIT :limit)
`;

const DELETE_IMPORTED = `
  DELETE FROM imported_heartbeats
  WHERE id > :after AND id <= :last AND at < :before
`;

const LAST_FLIP = `
  SELECT MAX(id) AS last
  FROM (SELECT id FROM flips WHERE id > :after ORDER BY id LIMIT :limit)
`;

/**
 * A flip goes when it is not its app's last one and nobody waits to be told of
 * it; a fall goes with the flip that ends it. Indexes: flips_by_app, the debts
 * of a flip.
 */
const SELECT_OLD_FLIPS = `
  SELECT id, ends
  FROM flips
  WHERE id > :after AND id <= :last AND at < :before AND to_state <> 'down'
    AND id < (SELECT MAX(id) FROM flips AS its WHERE its.app = flips.app)
    AND NOT EXISTS (SELECT 1 FROM debts WHERE flip = flips.id AND state = 'waiting')
    AND NOT EXISTS (SELECT 1 FROM debts WHERE flip = ends AND state = 'waiting')
`;

/** How many debts there were is known for good. */
const COUNT_DEBTS = `
  UPDATE forgotten_debts
  SET debts = debts + (
    SELECT COUNT(*)
    FROM debts AS each
    WHERE each.flip IN (SELECT value FROM json_each(:flips)) AND each.state = forgotten_debts.state
  )
`;

const DELETE_DEBTS = `
  DELETE FROM debts
  WHERE flip IN (SELECT value FROM json_each(:flips))
`;

const DELETE_FLIPS = `
  DELETE FROM flips
  WHERE id IN (SELECT value FROM json_each(:flips))
`;

/** From then on an app's first flip that is left may be any. */
const NOTE_PRUNED = `
  INSERT INTO memory (key, value)
  VALUES ('pruned flips', 'true')
  ON CONFLICT (key) DO NOTHING
`;

const LAST_MESSAGE = `
  SELECT MAX(id) AS last
  FROM (SELECT id FROM messages WHERE id > :after ORDER BY id LIMIT :limit)
`;

/** Indexes: debts_by_message, debts_by_namer. */
const DELETE_MESSAGES = `
  DELETE FROM messages
  WHERE id > :after AND id <= :last AND composed_at < :before
    AND state IN ('sent', 'failed', 'suppressed')
    AND NOT EXISTS (SELECT 1 FROM debts WHERE message = messages.id)
    AND NOT EXISTS (SELECT 1 FROM debts WHERE named_by = messages.id)
`;

const LAST_GAP = `
  SELECT MAX(id) AS last
  FROM (SELECT id FROM gaps WHERE id > :after ORDER BY id LIMIT :limit)
`;

const DELETE_GAPS = `
  DELETE FROM gaps
  WHERE id > :after AND id <= :last AND ended_at < :before
    AND (is_told = 0 OR id <= (SELECT MIN(told_gap) FROM occasions))
`;

/** Some rows of a table. */
interface Stretch {
  readonly after: number;
  readonly last: number;
}

/** A table that is walked along. */
interface Walk {
  /** Finds the last row of the next stretch. */
  readonly last: string;
  readonly before: Instant;
  readonly prune: (stretch: Stretch & { readonly before: Instant }) => void;
}

/** Prunes; each call is part of its caller's transaction. */
export class Pruning {
  readonly #db: Database;
  /** Where the last step ended: in which table, behind which row. */
  #table = 0;
  #after = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** See `Store.prune()`. */
  step(limits: PruneLimits): boolean {
    const walk = this.#walks(limits)[this.#table];
    if (walk === undefined) return this.#vacuum();
    const { last: sql, before, prune } = walk;
    const last = integer(this.#db.get(sql, { after: this.#after, limit: STEP })?.last);
    if (last === null) {
      this.#table++;
      this.#after = 0;
    } else {
      prune({ after: this.#after, last, before });
      this.#after = last;
    }
    return true;
  }

  #walks({ heartbeatsBefore, flipsBefore, isImportedPruned }: PruneLimits): readonly Walk[] {
    const by = (sql: string): Walk["prune"] => (stretch) => this.#db.run(sql, { ...stretch });
    const imported = {
      last: LAST_IMPORTED,
      before: heartbeatsBefore,
      prune: by(DELETE_IMPORTED),
    };
    return [
      { last: LAST_SEGMENT, before: heartbeatsBefore, prune: by(DELETE_SEGMENTS) },
      ...(isImportedPruned ? [imported] : []),
      { last: LAST_FLIP, before: flipsBefore, prune: (stretch) => this.#pruneFlips(stretch) },
      { last: LAST_MESSAGE, before: flipsBefore, prune: by(DELETE_MESSAGES) },
      { last: LAST_GAP, before: flipsBefore, prune: by(DELETE_GAPS) },
    ];
  }

  #pruneFlips(stretch: Stretch & { readonly before: Instant }): void {
    const db = this.#db;
    const rows = db.all(SELECT_OLD_FLIPS, { ...stretch });
    if (rows.length === 0) return;
    const flips = JSON.stringify(rows.flatMap(({ id, ends }) => ends === null ? [id] : [id, ends]));
    db.run(COUNT_DEBTS, { flips });
    db.run(DELETE_DEBTS, { flips });
    // A fall and the flip that ends it name each other's row: they are right again at the end.
    db.run("PRAGMA defer_foreign_keys = ON");
    db.run(DELETE_FLIPS, { flips });
    db.run(NOTE_PRUNED);
  }

  /** Gives some of what is free back to the system; returns whether there is more. */
  #vacuum(): boolean {
    const free = Number(this.#db.get("PRAGMA freelist_count")?.freelist_count);
    const isMore = free > FREE_PAGES;
    // All of it, for each row that it gives is a page.
    if (isMore) this.#db.all(`PRAGMA incremental_vacuum(${VACUUM_STEP})`);
    else this.#table = 0;
    return isMore;
  }
}
