/**
 * Whether the database is as the rules say.
 *
 * @module
 */

import { type Database, errorCode, type Row } from "./database.ts";
import { unnamed } from "./naming.ts";
import { RULES } from "./rules.ts";
import { schemaFaults } from "./schema.ts";

/** What one check found. */
export interface Finding {
  /** What is checked, as a sentence of what should be. */
  readonly rule: string;
  /** What is not so: at most {@linkcode EXAMPLES}, and whether there is more; empty where all is well. */
  readonly faults: readonly string[];
}

/** Debts by their states, those of forgotten apps included (rule 7). */
export interface Account {
  readonly waiting: number;
  readonly sent: number;
  readonly suppressed: number;
  readonly failed: number;
}

/** What a look at the whole database found. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly account: Account | null;
}

/** How much of what is wrong is named, for each rule. */
export const EXAMPLES = 5;

/** How many of the newest rows of history are read: all would take hours in a large one. */
const SAMPLE = 10_000;

/** What SQLite says of a file that is damaged (https://sqlite.org/rescode.html). */
const DAMAGED: readonly (number | null)[] = [11, 26];

const WHOLE = "SQLite finds the file whole";

const SCHEMA = "tables and indexes are those that this version makes";

const COUNT_SAMPLE = `
  SELECT COALESCE(SUM(count - dropped), 0) AS heartbeats
  FROM segments
  WHERE id > (SELECT MAX(id) FROM segments) - :sample
`;

/** A row holds as many heartbeats as it says, and the last of them came when it says. */
const SELECT_BROKEN_SEGMENTS = `
  SELECT 'app ' || app || ': row ' || id || ' of its history holds ' || found || ' heartbeats up to '
    || found_at || ', not ' || (count - dropped) || ' up to ' || to_at AS fault
  FROM (
    SELECT segments.*, COUNT(*) AS found,
      from_at + SUM(CASE beat.type WHEN 'array' THEN beat.value ->> 0 ELSE beat.value END)
        AS found_at
    FROM segments, json_each('[' || beats || ']') AS beat
    WHERE segments.id > (SELECT MAX(id) FROM segments) - :sample
    GROUP BY segments.id
  )
  WHERE found <> count - dropped OR found_at <> to_at
  LIMIT :limit
`;

const SELECT_ACCOUNT = `
  SELECT state, SUM(debts) AS debts
  FROM (
    SELECT state, COUNT(*) AS debts FROM debts GROUP BY state
    UNION ALL
    SELECT state, debts FROM forgotten_debts
  )
  GROUP BY state
`;

/**
 * Checks everything, while the owner may go on writing.
 *
 * @returns no account where the file is too damaged to be counted.
 */
export function verify(db: Database): Verdict {
  let found: Verdict | null = null;
  return unlessDamaged(
    () => db.snapshot(() => found = verdict(db)),
    // Even the end of a look may fail at a damaged file, when all has been seen.
    (why) => found ?? { findings: [{ rule: WHOLE, faults: [why] }], account: null },
  );
}

function verdict(db: Database): Verdict {
  const limit = EXAMPLES + 1;
  return {
    findings: [
      finding(WHOLE, () => integrity(db)),
      finding(SCHEMA, () => few(schemaFaults(db))),
      ...RULES.map(({ rule, sql }) =>
        finding(rule, () => faults(db.all(`${sql} LIMIT :limit`, { limit })))
      ),
      naming(db),
      history(db),
    ],
    account: unlessDamaged(() => accountOf(db), () => null),
  };
}

function finding(rule: string, look: () => readonly string[]): Finding {
  return { rule, faults: unlessDamaged(look, (why) => [why]) };
}

/** What `look` finds; a file too damaged to be read is no fault of our own. */
function unlessDamaged<T>(look: () => T, otherwise: (why: string) => T): T {
  try {
    return look();
  } catch (error) {
    if (!DAMAGED.includes(errorCode(error))) throw error;
    return otherwise(`cannot be read: SQLite says "${(error as Error).message}"`);
  }
}

function integrity(db: Database): readonly string[] {
  const limit = EXAMPLES + 1;
  const found = db.all(`PRAGMA integrity_check(${limit})`).filter((row) =>
    row.integrity_check !== "ok"
  );
  const strangers = db.all(
    `SELECT "table" || ' ' || rowid || ' names a row of ' || parent || ' that is not there' AS fault
    FROM pragma_foreign_key_check
    LIMIT :limit`,
    { limit },
  );
  return faults([...found.map((row) => ({ fault: row.integrity_check ?? null })), ...strangers]);
}

function naming(db: Database): Finding {
  return finding("each letter names what counts as sent by it", () => {
    const found = unnamed(db, EXAMPLES + 1);
    return faults(found.map((fault) => ({ fault })));
  });
}

function history(db: Database): Finding {
  const sample = unlessDamaged(
    () => Number(db.get(COUNT_SAMPLE, { sample: SAMPLE })?.heartbeats),
    () => 0,
  );
  return finding(
    `the newest rows of history hold what they say (${sample} heartbeats looked at)`,
    () => faults(db.all(SELECT_BROKEN_SEGMENTS, { sample: SAMPLE, limit: EXAMPLES + 1 })),
  );
}

/** The faults that rows tell. */
function faults(rows: readonly Row[]): readonly string[] {
  return few(rows.map(({ fault }) => String(fault)));
}

/** A few of them, and whether there are more. */
function few(faults: readonly string[]): readonly string[] {
  return faults.length > EXAMPLES ? [...faults.slice(0, EXAMPLES), "and more"] : faults;
}

function accountOf(db: Database): Account {
  const sums = new Map(db.all(SELECT_ACCOUNT).map((row) => [row.state, Number(row.debts)]));
  const of = (state: keyof Account) => sums.get(state) ?? 0;
  return {
    waiting: of("waiting"),
    sent: of("sent"),
    suppressed: of("suppressed"),
    failed: of("failed"),
  };
}
