/**
 * Old rows, found and deleted some at a time: each table is walked along from
 * its first row to where the young ones begin, then what is free is given back
 * to the system.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { PruneLimits } from "../store.ts";
import { type Database, integer } from "./database.ts";
import { DENSE_SPAN, type Stretch, Thinning } from "./thinning.ts";

/** Rows looked at in one step: up to 20 ms, where all are to be thinned. */
const STEP = 200;

/** Pages given back in one step: some 5 ms. */
const VACUUM_STEP = 200;

/** Free pages that are kept for what comes next: 4 MB. */
const FREE_PAGES = 1_000;

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

const DELETE_IMPORTED = `
  DELETE FROM imported_heartbeats
  WHERE id > :after AND id <= :last AND at < :before
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

/** News that nobody knows how an app is goes when that is over and nobody waits to be told. */
const SELECT_OLD_PUT_OFFS = `
  SELECT id
  FROM put_offs
  WHERE id > :after AND id <= :last AND at < :before AND ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM debts WHERE debts.put_off = put_offs.id AND state = 'waiting')
`;

const DELETE_PUT_OFFS = `
  DELETE FROM put_offs
  WHERE id IN (SELECT value FROM json_each(:news))
`;

/** The debts of news that goes. Indexes: the debts of a flip, debts_by_put_off. */
const THEIRS = {
  flip: "flip IN (SELECT value FROM json_each(:news))",
  put_off: "put_off IN (SELECT value FROM json_each(:news))",
};

/** How many debts there were is known for good. */
const countDebts = (theirs: string) => `
  UPDATE forgotten_debts
  SET debts = debts + (
    SELECT COUNT(*)
    FROM debts AS each
    WHERE each.${theirs} AND each.state = forgotten_debts.state
  )
`;

const deleteDebts = (theirs: string) => `
  DELETE FROM debts
  WHERE ${theirs}
`;

const DELETE_FLIPS = `
  DELETE FROM flips
  WHERE id IN (SELECT value FROM json_each(:news))
`;

/** From then on an app's first flip that is left may be any. */
const NOTE_PRUNED = `
  INSERT INTO memory (key, value)
  VALUES ('pruned flips', 'true')
  ON CONFLICT (key) DO NOTHING
`;

/** Indexes: debts_by_message, debts_by_namer. */
const DELETE_MESSAGES = `
  DELETE FROM messages
  WHERE id > :after AND id <= :last AND composed_at < :before
    AND state IN ('sent', 'failed', 'suppressed')
    AND NOT EXISTS (SELECT 1 FROM debts WHERE message = messages.id)
    AND NOT EXISTS (SELECT 1 FROM debts WHERE named_by = messages.id)
`;

const DELETE_GAPS = `
  DELETE FROM gaps
  WHERE id > :after AND id <= :last AND ended_at < :before
    AND (is_told = 0 OR id <= (SELECT MIN(told_gap) FROM occasions))
`;

/** A table that is walked along, and how its old rows go. */
interface Walk {
  readonly table: "segments" | "imported_heartbeats" | "flips" | "put_offs" | "messages" | "gaps";
  /** The row that it begins behind; by default it begins with the first. */
  readonly from?: number;
  /** The column that says when a row was begun; null where later rows may tell of earlier times. */
  readonly begun: "from_at" | "at" | "composed_at" | "ended_at" | null;
  readonly before: Instant;
  readonly prune: (stretch: Stretch, isAllOld: boolean) => void;
}

/** Prunes; each call is part of its caller's transaction. */
export class Pruning {
  readonly #db: Database;
  readonly #thinning: Thinning;
  /** Which walk is under way, and the row that it is behind. */
  #walk = 0;
  #after = 0;
  /** Up to which row all was old, and thinned since the start: it is not looked at again. */
  #thinned = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#thinning = new Thinning(db);
  }

  /** See `Store.prune()`. */
  step(limits: PruneLimits): boolean {
    const walks = this.#walks(limits);
    const walk = walks[this.#walk];
    if (walk === undefined) return this.#vacuum();
    const next = this.#next(walk);
    if (next === null) {
      this.#walk++;
      this.#after = walks[this.#walk]?.from ?? 0;
    } else {
      const { last, isAllOld } = next;
      walk.prune({ after: this.#after, last, before: walk.before }, isAllOld);
      this.#after = last;
    }
    return true;
  }

  /** The next stretch; null where none of it is old, nor anything behind it. */
  #next({ table, begun, before }: Walk): { last: number; isAllOld: boolean } | null {
    const row = this.#db.get(
      `SELECT MAX(id) AS last, MIN(begun) AS oldest, MAX(begun) AS youngest
      FROM (SELECT id, ${begun} AS begun FROM ${table} WHERE id > :after ORDER BY id LIMIT :limit)`,
      { after: this.#after, limit: STEP },
    );
    const [last, oldest, youngest] = [row?.last, row?.oldest, row?.youngest].map(integer);
    if (typeof last !== "number" || (oldest ?? -Infinity) >= before) return null;
    return { last, isAllOld: (youngest ?? Infinity) < before };
  }

  #walks(limits: PruneLimits): readonly Walk[] {
    const { heartbeatsBefore, thinnedBefore, flipsBefore: before, isImportedPruned } = limits;
    const by = (sql: string) => (stretch: Stretch) => this.#db.run(sql, stretch);
    const thinning: Walk = {
      table: "segments",
      from: this.#thinned,
      begun: "from_at",
      before: thinnedBefore - DENSE_SPAN,
      prune: (stretch, isAllOld) => {
        this.#thinning.step(stretch);
        if (isAllOld && stretch.after === this.#thinned) this.#thinned = stretch.last;
      },
    };
    const imported: Walk = {
      table: "imported_heartbeats",
      begun: null,
      before: heartbeatsBefore,
      prune: by(DELETE_IMPORTED),
    };
    return [
      {
        table: "segments",
        begun: "from_at",
        before: heartbeatsBefore,
        prune: by(DELETE_SEGMENTS),
      },
      thinning,
      ...(isImportedPruned ? [imported] : []),
      { table: "flips", begun: "at", before, prune: (stretch) => this.#pruneFlips(stretch) },
      { table: "put_offs", begun: "at", before, prune: (stretch) => this.#prunePutOffs(stretch) },
      { table: "messages", begun: "composed_at", before, prune: by(DELETE_MESSAGES) },
      { table: "gaps", begun: "ended_at", before, prune: by(DELETE_GAPS) },
    ];
  }

  #pruneFlips(stretch: Stretch): void {
    const db = this.#db;
    const rows = db.all(SELECT_OLD_FLIPS, stretch);
    if (rows.length === 0) return;
    const flips = rows.flatMap(({ id, ends }) => ends === null ? [id] : [id, ends]);
    const news = this.#forgetDebts("flip", flips);
    // A fall and the flip that ends it name each other's row: they are right again at the end.
    db.run("PRAGMA defer_foreign_keys = ON");
    db.run(DELETE_FLIPS, { news });
    db.run(NOTE_PRUNED);
  }

  #prunePutOffs(stretch: Stretch): void {
    const rows = this.#db.all(SELECT_OLD_PUT_OFFS, stretch);
    if (rows.length === 0) return;
    const news = this.#forgetDebts("put_off", rows.map(({ id }) => id));
    this.#db.run(DELETE_PUT_OFFS, { news });
  }

  /** Counts and deletes the debts of news; returns the news as JSON. */
  #forgetDebts(kind: keyof typeof THEIRS, ids: readonly unknown[]): string {
    const news = JSON.stringify(ids);
    this.#db.run(countDebts(THEIRS[kind]), { news });
    this.#db.run(deleteDebts(THEIRS[kind]), { news });
    return news;
  }

  /** Gives some of what is free back to the system; returns whether there is more. */
  #vacuum(): boolean {
    const free = Number(this.#db.get("PRAGMA freelist_count")?.freelist_count);
    const isMore = free > FREE_PAGES;
    // All of it, for each row that it gives is a page.
    if (isMore) this.#db.all(`PRAGMA incremental_vacuum(${VACUUM_STEP})`);
    else this.#walk = 0;
    return isMore;
  }
}
