/**
 * Whether the database is as the rules say.
 *
 * @module
 */

import type { Database } from "./database.ts";

/** What one check found. */
export interface Finding {
  /** What is checked, as a sentence of what should be. */
  readonly rule: string;
  /** What is not so, at most {@linkcode EXAMPLES} of it; empty where all is well. */
  readonly faults: readonly string[];
}

/** Debts by their states, those of forgotten apps included (rule 7). */
export interface Account {
  readonly waiting: number;
  readonly sent: number;
  readonly suppressed: number;
  readonly failed: number;
}

/** How much of what is wrong is named, for each rule. */
export const EXAMPLES = 5;

/** How many of the newest heartbeats are looked at: all would take hours in a large history. */
const HEARTBEATS = 100_000;

/** Each rule with what breaks it: every row that is found is a fault, in words. */
const RULES: readonly (readonly [string, string])[] = [
  [
    "each app's flips alternate",
    `
    SELECT 'app ' || app_id || ': flip ' || flips.id || ' leaves ' || from_state || ', not ' || before
    FROM (
      SELECT *, LAG(to_state, 1, 'new') OVER (PARTITION BY app ORDER BY id) AS before
      FROM flips
    ) AS flips
    JOIN apps ON apps.id = flips.app
    WHERE from_state <> before
    `,
  ],
  [
    "each app is where its last flip led",
    `
    SELECT 'app ' || app_id || ': is ' || state || ', its last flip led to ' || last
    FROM (
      SELECT apps.app_id, apps.state, COALESCE(
        (SELECT to_state FROM flips WHERE flips.app = apps.id ORDER BY flips.id DESC LIMIT 1),
        'new'
      ) AS last
      FROM apps
    )
    WHERE state <> last
    `,
  ],
  [
    "each open incident is its app's last fall, from that instant on",
    `
    SELECT 'app ' || app_id || ': incident ' || incident
    FROM apps
    LEFT JOIN flips ON flips.id = apps.incident
    WHERE apps.state = 'down'
      AND (flips.app IS NOT apps.id OR flips.to_state IS NOT 'down' OR flips.at IS NOT down_since)
    `,
  ],
  [
    "each recovery ends a fall of its own app",
    `
    SELECT 'flip ' || flips.id
    FROM flips
    JOIN flips AS fall ON fall.id = flips.ends
    WHERE fall.app <> flips.app OR fall.to_state <> 'down' OR fall.id >= flips.id
    `,
  ],
  [
    "no deadline lies before the heartbeat that it counts from",
    `
    SELECT 'app ' || app_id || ': deadline ' || deadline_at || ', success ' || success_at
    FROM apps
    WHERE deadline_at < success_at
    `,
  ],
  [
    "only news is owed, each to an address once",
    `
    SELECT 'debt ' || debts.id || ' for flip ' || flip
    FROM debts
    LEFT JOIN flips ON flips.id = debts.flip
    WHERE flips.id IS NULL
      OR NOT (flips.to_state = 'down' OR (flips.from_state = 'down' AND flips.to_state = 'up'))
      OR debts.is_down <> (flips.to_state = 'down')
    `,
  ],
  [
    "each piece of news is owed to as many addresses as there were",
    `
    SELECT 'flip ' || id || ': owed to ' || owed_to || ', debts ' || debts
    FROM (
      SELECT id, owed_to, (SELECT COUNT(*) FROM debts WHERE debts.flip = flips.id) AS debts
      FROM flips
    )
    WHERE owed_to <> debts
    `,
  ],
  [
    "what counts as sent was in a letter that was taken",
    `
    SELECT 'debt ' || debts.id
    FROM debts
    LEFT JOIN messages ON messages.id = debts.message
    WHERE debts.state = 'sent' AND messages.state IS NOT 'sent'
    `,
  ],
  [
    "what waits is in no letter, or in one that waits",
    `
    SELECT 'debt ' || debts.id
    FROM debts
    JOIN messages ON messages.id = debts.message
    WHERE debts.state = 'waiting' AND messages.state NOT IN ('waiting', 'trying')
    `,
  ],
  [
    "a letter that waits has something to tell",
    `
    SELECT 'message ' || messages.id
    FROM messages
    WHERE state = 'waiting'
      AND NOT EXISTS (SELECT 1 FROM debts WHERE message = messages.id AND debts.state = 'waiting')
    `,
  ],
  [
    `the chains of the newest ${HEARTBEATS} heartbeats go back`,
    `
    SELECT 'heartbeat ' || heartbeats.id
    FROM heartbeats
    JOIN heartbeats AS earlier ON earlier.id = heartbeats.previous
    WHERE heartbeats.id > (SELECT COALESCE(MAX(id), 0) FROM heartbeats) - ${HEARTBEATS}
      AND (earlier.app <> heartbeats.app OR earlier.id >= heartbeats.id)
    `,
  ],
];

const SELECT_ACCOUNT = `
  SELECT state, SUM(debts) AS debts
  FROM (
    SELECT state, COUNT(*) AS debts FROM debts GROUP BY state
    UNION ALL
    SELECT state, debts FROM forgotten_debts
  )
  GROUP BY state
`;

/** Checks everything, while the owner may go on writing. */
export function verify(db: Database): {
  readonly findings: readonly Finding[];
  readonly account: Account;
} {
  return db.snapshot(() => ({
    findings: [
      { rule: "SQLite finds the file whole", faults: integrity(db) },
      ...RULES.map(([rule, sql]) => ({ rule, faults: faultsBy(db, sql) })),
    ],
    account: accountOf(db),
  }));
}

function integrity(db: Database): readonly string[] {
  const found = db.all(`PRAGMA integrity_check(${EXAMPLES})`)
    .map((row) => String(row.integrity_check));
  const strangers = db.all("PRAGMA foreign_key_check").slice(0, EXAMPLES)
    .map((row) => `${row.table} ${row.rowid} names a row of ${row.parent} that is not there`);
  return [...found.filter((each) => each !== "ok"), ...strangers];
}

function faultsBy(db: Database, sql: string): readonly string[] {
  return db.all(`${sql} LIMIT ${EXAMPLES}`).map((row) => String(Object.values(row)[0]));
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
