/**
 * What must be so in the database, beside what its schema sees to: whether
 * each app is where its history led, and whether all news is accounted for.
 *
 * @module
 */

import { PRECEDENCE } from "./app_row.ts";

/** Something that must be so. */
export interface Rule {
  /** A sentence of what should be. */
  readonly rule: string;
  /** Finds what is not: each row's `fault` says it in words. */
  readonly sql: string;
}

/** What is news (`isNews()` in flip.ts), said in SQL. */
const IS_NEWS = "(to_state = 'down' OR (from_state = 'down' AND to_state = 'up'))";

/** Of apps, their flips, their incidents and their heartbeats. */
const HISTORY: readonly Rule[] = [
  {
    rule: "each app's flips alternate",
    sql: `
      SELECT 'app ' || app_id || ': flip ' || flip || ' leaves ' || from_state || ', not ' || before
        AS fault
      FROM (
        SELECT id AS flip, app, from_state,
          LAG(to_state, 1, CASE WHEN EXISTS (
            SELECT 1 FROM memory WHERE key = 'pruned flips'
          ) THEN from_state ELSE 'new' END) OVER (PARTITION BY app ORDER BY id) AS before
        FROM flips
      )
      JOIN apps ON apps.id = app
      WHERE from_state <> before
    `,
  },
  {
    rule: "each app is where its last flip led",
    sql: `
      SELECT 'app ' || app_id || ': is ' || state || ', its last flip led to ' || last AS fault
      FROM (
        SELECT app_id, state, COALESCE(
          (SELECT to_state FROM flips WHERE app = apps.id ORDER BY flips.id DESC LIMIT 1),
          'new'
        ) AS last
        FROM apps
      )
      WHERE state <> last
    `,
  },
  {
    rule: "each open incident is its app's last fall, from that instant on",
    sql: `
      SELECT 'app ' || app_id || ': incident ' || incident || ' is none' AS fault
      FROM apps
      WHERE incident IS NOT NULL
        AND NOT EXISTS (
          SELECT 1
          FROM flips
          WHERE flips.id = incident AND at = down_since AND flips.id =
            (SELECT MAX(fall.id) FROM flips AS fall WHERE fall.app = apps.id AND to_state = 'down')
        )
    `,
  },
  {
    rule: "each recovery ends the fall before it",
    sql: `
      SELECT 'flip ' || flip || ' ends flip ' || COALESCE(ends, 'none') || ', not '
        || COALESCE(before, 'none') AS fault
      FROM (
        SELECT id AS flip, from_state, ends,
          LAG(id) OVER (PARTITION BY app ORDER BY id) AS before
        FROM flips
      )
      WHERE from_state = 'down' AND ends IS NOT before
    `,
  },
  {
    rule: "no deadline lies before the heartbeat that it counts from",
    sql: `
      SELECT 'app ' || app_id || ': deadline ' || deadline_at || ', success ' || success_at
        AS fault
      FROM apps
      WHERE deadline_at < success_at
    `,
  },
  {
    rule: "each app that is up counts from a heartbeat that came, or from being watched",
    sql: `
      SELECT 'app ' || app_id || ': success ' || success_at || ', last heartbeat '
        || COALESCE(last_heartbeat_at, 'none') AS fault
      FROM apps
      WHERE state = 'up' AND success_at > MAX(
        COALESCE(last_heartbeat_at, 0),
        COALESCE((SELECT MAX(at) FROM flips WHERE app = apps.id AND reason = 'watched'), 0)
      )
    `,
  },
  {
    // A changed setting moves it to no earlier than that change, which is never far ahead; a clock
    // that was set ahead takes it along, and so does a short stall.
    rule: "each deadline is a period and a grace after the heartbeat or gap that it counts from",
    sql: `
      SELECT 'app ' || app_id || ': deadline ' || deadline_at || ', not ' || expected AS fault
      FROM (
        SELECT app_id, deadline_at, COALESCE(excused_at, success_at)
          + COALESCE(period_ms, defaults.value ->> 'period')
          + COALESCE(grace_ms, defaults.value ->> 'grace') AS expected,
          (
            SELECT COALESCE(SUM(ended_at - began_at), 0)
            FROM gaps
            WHERE ended_at > success_at
              AND (cause = 'clock' OR (cause = 'stalled' AND ended_at - began_at < 10000))
          ) AS ahead
        FROM apps
        JOIN memory AS defaults ON defaults.key = 'defaults'
        WHERE state = 'up'
      )
      WHERE deadline_at < expected
        OR (
          deadline_at > expected + ahead
          AND deadline_at > (SELECT marked_at FROM listening) + 60000
        )
    `,
  },
  {
    rule: "only a gap puts a deadline off",
    sql: `
      SELECT 'app ' || app_id || ': counts from ' || excused_at || ', success ' || success_at
        AS fault
      FROM apps
      WHERE excused_at < success_at
        OR (excused_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM gaps WHERE moved > 0))
    `,
  },
  {
    rule: "a deadline that gaps put off is later than it was",
    sql: `
      SELECT 'app ' || app_id || ': deadline ' || deadline_at || ', before ' || old_deadline_at
        AS fault
      FROM apps
      WHERE old_deadline_at > deadline_at
    `,
  },
  {
    rule: "of whom people are told that nobody knows, nobody has heard since",
    sql: `
      SELECT 'app ' || app_id || ': news ' || put_off || ' is ' || COALESCE(
        'of ' || put_offs.app || ', over at ' || COALESCE(ended_at, 'no time'), 'not there'
      ) AS fault
      FROM apps
      LEFT JOIN put_offs ON put_offs.id = apps.put_off
      WHERE put_off IS NOT NULL AND (put_offs.app IS NOT apps.id OR ended_at IS NOT NULL)
      UNION ALL
      SELECT 'app ' || app_id || ': news ' || put_offs.id || ' is not over' AS fault
      FROM put_offs
      JOIN apps ON apps.id = put_offs.app
      WHERE ended_at IS NULL AND put_off IS NULL
    `,
  },
  {
    rule: "nobody is unknown who was given no more time, nor since before the last success",
    sql: `
      SELECT 'app ' || app_id || ': unknown since ' || unknown_from || ', counts from '
        || COALESCE(excused_at, 'its success') || ', success ' || success_at AS fault
      FROM apps
      WHERE unknown_from < success_at OR (
        unknown_from IS NOT NULL AND excused_at IS NULL AND put_off IS NULL
          AND old_deadline_at IS NULL
      )
    `,
  },
  {
    rule: "nobody is told of what fell in a snooze or maintenance before that ends",
    sql: `
      SELECT 'app ' || app_id || ': debt ' || debts.id || ' is ' || debts.state AS fault
      FROM apps
      JOIN debts ON debts.flip = apps.incident
      WHERE muted_until IS NOT NULL AND debts.state <> 'suppressed'
    `,
  },
  {
    rule: "only open incidents that nobody acknowledged are reminded of",
    sql: `
      SELECT 'debt ' || debts.id || ' is ' || debts.state || ', told at ' || reminded_at AS fault
      FROM debts
      LEFT JOIN apps ON apps.incident = debts.flip
      WHERE reminded_at IS NOT NULL
        AND (apps.id IS NULL OR acknowledged_at IS NOT NULL
          OR debts.state NOT IN ('sent', 'failed'))
    `,
  },
  {
    rule: "each app's history goes on from row to row, up to its newest heartbeat",
    sql: `
      SELECT 'app ' || app_id || ': heartbeat ' || COALESCE(next, heartbeats) || ' follows on '
        || last AS fault
      FROM (
        SELECT app, first + count - 1 AS last,
          LEAD(first) OVER (PARTITION BY app ORDER BY first) AS next
        FROM segments
      )
      JOIN apps ON apps.id = app
      WHERE COALESCE(next, heartbeats + 1) <> last + 1
    `,
  },
  {
    rule: "what an app has sent is in its history, or in the journal in one piece",
    sql: `
      SELECT 'app ' || app_id || ': heartbeat ' || newest || ' is in the journal, ' || heartbeats
        || ' in its history, and ' || entries || ' between' AS fault
      FROM (
        SELECT entry.value ->> 0 AS app, MAX(entry.value ->> 1) AS newest,
          COUNT(*) AS entries
        FROM journal, json_each(journal.heartbeats) AS entry
        JOIN apps AS its ON its.id = entry.value ->> 0
        WHERE entry.value ->> 1 > its.heartbeats
        GROUP BY 1
      )
      JOIN apps ON apps.id = app
      WHERE newest - heartbeats <> entries
    `,
  },
];

/** Of debts and the messages that settle them (rules 6 and 7). */
const ACCOUNTING: readonly Rule[] = [
  {
    rule: "each piece of news is owed to as many addresses as there were",
    sql: `
      SELECT 'flip ' || id || ': owed to ' || owed_to || ', debts ' || found AS fault
      FROM (
        SELECT id, owed_to, (SELECT COUNT(*) FROM debts WHERE flip = flips.id) AS found
        FROM flips
      )
      WHERE owed_to <> found
      UNION ALL
      SELECT 'news ' || id || ' of an app that nobody knows of: owed to ' || owed_to || ', debts '
        || found AS fault
      FROM (
        SELECT id, owed_to, (SELECT COUNT(*) FROM debts WHERE put_off = put_offs.id) AS found
        FROM put_offs
      )
      WHERE owed_to <> found
    `,
  },
  {
    // An id is the highest by then and one more. After an app was forgotten some come again, so
    // that there may be more debts than ids, but never fewer.
    rule: "each debt that was made is there, or counted as one of a forgotten app",
    sql: `
      SELECT 'made: ' || made || ' or more, there: ' || found || ', forgotten: ' || forgotten
        AS fault
      FROM (
        SELECT COALESCE(MAX(id), 0) AS made, COUNT(*) AS found,
          (SELECT COALESCE(SUM(debts), 0) FROM forgotten_debts) AS forgotten
        FROM debts
      )
      WHERE found + forgotten < made
    `,
  },
  {
    rule: "only news is owed",
    sql: `
      SELECT 'debt ' || debts.id || ' for ' || COALESCE('flip ' || flip, 'news ' || put_off)
        AS fault
      FROM debts
      LEFT JOIN flips ON flips.id = debts.flip
      LEFT JOIN put_offs ON put_offs.id = debts.put_off
      WHERE CASE
        WHEN flip IS NULL THEN put_offs.id IS NULL OR is_down = 1
        ELSE flips.id IS NULL OR NOT ${IS_NEWS} OR is_down <> (to_state = 'down')
      END
    `,
  },
  {
    rule: "what a person has set up comes first in what is owed",
    sql: `
      SELECT 'debt ' || debts.id || ' comes at ' || precedence || ', app ' || app_id || ' is row '
        || apps.id AS fault
      FROM debts
      LEFT JOIN flips ON flips.id = debts.flip
      LEFT JOIN put_offs ON put_offs.id = debts.put_off
      JOIN apps ON apps.id = COALESCE(flips.app, put_offs.app)
      WHERE debts.state = 'waiting' AND precedence <> ${PRECEDENCE}
    `,
  },
  {
    rule: "each debt is in a message to its own address, or in none",
    sql: `
      SELECT 'debt ' || debts.id || ' to ' || debts.address || ', message to ' || messages.address
        AS fault
      FROM debts
      JOIN messages ON messages.id = debts.message
      WHERE debts.address <> messages.address
    `,
  },
  {
    rule: "what counts as sent was in a message that was taken",
    sql: `
      SELECT 'debt ' || debts.id AS fault
      FROM debts
      LEFT JOIN messages ON messages.id = debts.message
      WHERE debts.state = 'sent' AND messages.state IS NOT 'sent'
    `,
  },
  {
    rule: "what waits is in no message, or in one that waits",
    sql: `
      SELECT 'debt ' || debts.id AS fault
      FROM debts
      JOIN messages ON messages.id = debts.message
      WHERE debts.state = 'waiting' AND messages.state NOT IN ('waiting', 'trying')
    `,
  },
  {
    // Whether a letter beside the news still has, its next try finds out.
    rule: "a message that waits has something to tell",
    sql: `
      SELECT 'message ' || messages.id AS fault
      FROM messages
      WHERE state = 'waiting' AND kind = 'news'
        AND NOT EXISTS (SELECT 1 FROM debts WHERE message = messages.id AND debts.state = 'waiting')
    `,
  },
];

/** All of them, history first: an account of what is wrong there would be wrong itself. */
export const RULES: readonly Rule[] = [...HISTORY, ...ACCOUNTING];
