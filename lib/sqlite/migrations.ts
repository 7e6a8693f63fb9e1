/**
 * How files of older versions come to the tables of this one (tables.ts), as an
 * append-only list of steps counted by `PRAGMA user_version`.
 *
 * Loaded only where there is such a file.
 *
 * @module
 */

/** The steps; the n-th makes version n. Never change one that was released. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE apps (
    -- Never given twice: what is left of a forgotten app must not come to another.
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id            TEXT NOT NULL UNIQUE,
    name              TEXT,
    note              TEXT,
    tags              TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    period_ms         INTEGER CHECK (period_ms > 0),
    grace_ms          INTEGER CHECK (grace_ms >= 0),
    is_ignored        INTEGER NOT NULL DEFAULT 0 CHECK (is_ignored IN (0, 1)),
    state             TEXT NOT NULL CHECK (state IN ('new', 'up', 'down', 'paused')),
    success_at        INTEGER,
    deadline_at       INTEGER,
    down_since        INTEGER,
    -- The flip that began the open incident.
    incident          INTEGER REFERENCES flips (id),
    last_heartbeat_at INTEGER,
    last_message      TEXT,
    -- The newest heartbeat: where its history begins.
    last_heartbeat    INTEGER,
    CHECK ((state = 'up') = (deadline_at IS NOT NULL)),
    CHECK (state <> 'up' OR success_at IS NOT NULL),
    CHECK ((state = 'down') = (down_since IS NOT NULL)),
    CHECK ((state = 'down') = (incident IS NOT NULL)),
    CHECK (is_ignored = 0 OR state IN ('new', 'paused'))
  ) STRICT;

  -- For the sweep and the next deadline: only apps that are judged.
  CREATE INDEX apps_by_deadline ON apps (deadline_at, app_id) WHERE deadline_at IS NOT NULL;

  -- For a flip that is forgotten: whether an incident hangs on it.
  CREATE INDEX apps_by_incident ON apps (incident) WHERE incident IS NOT NULL;

  -- For letters: what is still down, the longest first.
  CREATE INDEX apps_down ON apps (down_since) WHERE state = 'down';

  -- Without an index beside its key, which would more than halve the heartbeats
  -- a second: an app's history is the chain from apps.last_heartbeat by previous.
  -- Imported ones stand in no chain, but in an index of their own.
  CREATE TABLE heartbeats (
    id         INTEGER PRIMARY KEY,
    app        INTEGER NOT NULL,
    previous   INTEGER,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('success', 'start', 'fail', 'log')),
    message    TEXT,
    address    TEXT,
    user_agent TEXT,
    -- The row's id in the original database, for one that was imported.
    source_id  INTEGER
  ) STRICT;

  CREATE INDEX imported_by_app ON heartbeats (app, at, id) WHERE source_id IS NOT NULL;

  -- Every row that was ever imported, also after it was pruned here: none comes twice.
  CREATE TABLE imported (
    source_id INTEGER NOT NULL,
    app_id    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (source_id, app_id, at)
  ) STRICT, WITHOUT ROWID;

  -- Forgotten apps whose heartbeats are still to be erased: what is left of the chain.
  CREATE TABLE forgotten (
    app            INTEGER PRIMARY KEY,
    last_heartbeat INTEGER
  ) STRICT;

  CREATE TABLE flips (
    id           INTEGER PRIMARY KEY,
    app          INTEGER NOT NULL REFERENCES apps (id),
    at           INTEGER NOT NULL,
    from_state   TEXT NOT NULL,
    to_state     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    heartbeat_at INTEGER,
    message      TEXT,
    -- The fall whose incident this flip ends.
    ends         INTEGER REFERENCES flips (id),
    CHECK (from_state <> to_state),
    CHECK ((from_state = 'down') = (ends IS NOT NULL))
  ) STRICT;

  -- For an app's history, and for forgetting it.
  CREATE INDEX flips_by_app ON flips (app, id);

  -- For a flip that is forgotten: what it ended, and what ended it.
  CREATE INDEX flips_by_end ON flips (ends) WHERE ends IS NOT NULL;

  -- For letters: how often an app fell of late.
  CREATE INDEX falls_by_app ON flips (app, at) WHERE to_state = 'down';

  CREATE TABLE messages (
    id              INTEGER PRIMARY KEY,
    address         TEXT NOT NULL,
    message_id      TEXT NOT NULL UNIQUE,
    state           TEXT NOT NULL
                    CHECK (state IN ('waiting', 'trying', 'sent', 'failed', 'suppressed')),
    -- A try ended without an answer: the text stands.
    is_frozen       INTEGER NOT NULL DEFAULT 0 CHECK (is_frozen IN (0, 1)),
    tries           INTEGER NOT NULL DEFAULT 0,
    next_try_at     INTEGER,
    reply           TEXT,
    composed_at     INTEGER NOT NULL,
    subject         TEXT NOT NULL,
    text            TEXT NOT NULL,
    html            TEXT NOT NULL,
    answers         TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(answers)),
    is_good_news    INTEGER NOT NULL CHECK (is_good_news IN (0, 1)),
    -- News, taken at its first try: the mail interval counts from it.
    starts_interval INTEGER NOT NULL DEFAULT 0 CHECK (starts_interval IN (0, 1)),
    taken_at        INTEGER,
    CHECK ((state = 'waiting') = (next_try_at IS NOT NULL)),
    CHECK ((state = 'sent') = (taken_at IS NOT NULL))
  ) STRICT;

  -- For the outbox: what waits for an address.
  CREATE INDEX messages_waiting ON messages (address, next_try_at) WHERE state = 'waiting';

  -- For a start after a crash: what was under way.
  CREATE INDEX messages_trying ON messages (id) WHERE state = 'trying';

  -- For the mail interval: the last letter to an address.
  CREATE INDEX letters_by_address ON messages (address, taken_at) WHERE state = 'sent';

  CREATE TABLE debts (
    id         INTEGER PRIMARY KEY,
    flip       INTEGER NOT NULL REFERENCES flips (id),
    address    TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'suppressed', 'failed')),
    reason     TEXT,
    message    INTEGER REFERENCES messages (id),
    is_down    INTEGER NOT NULL CHECK (is_down IN (0, 1)),
    arisen_at  INTEGER NOT NULL,
    -- Since when the address has been refused with it.
    refused_at INTEGER,
    -- The message that tells of this debt having failed or gone stale.
    named_by   INTEGER REFERENCES messages (id),
    UNIQUE (flip, address),
    CHECK (state <> 'sent' OR message IS NOT NULL),
    CHECK ((state IN ('suppressed', 'failed')) = (reason IS NOT NULL))
  ) STRICT;

  -- For rule 9: the first news that belongs to no message yet.
  CREATE INDEX debts_owed ON debts (address, is_down, arisen_at)
    WHERE state = 'waiting' AND message IS NULL;

  -- For settling a message, and for what still waits.
  CREATE INDEX debts_waiting ON debts (message, arisen_at) WHERE state = 'waiting';

  -- For letters: what no letter has named yet.
  CREATE INDEX debts_unnamed ON debts (state, address, named_by)
    WHERE state = 'failed' OR reason = 'stale';

  -- Debts of apps that were forgotten since: they are counted for good.
  CREATE TABLE forgotten_debts (
    state TEXT PRIMARY KEY CHECK (state IN ('sent', 'suppressed', 'failed')),
    debts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO forgotten_debts (state, debts) VALUES ('sent', 0), ('suppressed', 0), ('failed', 0);

  CREATE TABLE mail_server (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    failures    INTEGER NOT NULL,
    next_try_at INTEGER,
    reason      TEXT
  ) STRICT;
  INSERT INTO mail_server (id, failures) VALUES (1, 0);

  CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('admin', 'pass')),
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;

  -- What the program remembers of its settings and itself.
  CREATE TABLE memory (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Where a gap touched its silence: what its deadline counts from instead of its last success.
  ALTER TABLE apps ADD COLUMN excused_at INTEGER CHECK (excused_at IS NULL OR state = 'up');
  -- No more reminders of the open incident.
  ALTER TABLE apps ADD COLUMN acknowledged_at INTEGER
    CHECK (acknowledged_at IS NULL OR state = 'down');
  ALTER TABLE apps ADD COLUMN snoozed_until INTEGER;
  -- It fell during a snooze or maintenance: when that ends, and with it the silence about it.
  ALTER TABLE apps ADD COLUMN muted_until INTEGER CHECK (muted_until IS NULL OR state = 'down');
  -- Since when its news is held back to a letter an hour.
  ALTER TABLE apps ADD COLUMN flapping_since INTEGER;

  -- For the sweep: whose silence about it has ended.
  CREATE INDEX apps_muted ON apps (muted_until) WHERE muted_until IS NOT NULL;

  -- For letters about gaps: who was given more time.
  CREATE INDEX apps_excused ON apps (deadline_at) WHERE excused_at IS NOT NULL;

  -- How many addresses there were to owe it to, if it is news: the account is checked by it.
  ALTER TABLE flips ADD COLUMN owed_to INTEGER NOT NULL DEFAULT 0;
  UPDATE flips SET owed_to = (SELECT COUNT(*) FROM debts WHERE debts.flip = flips.id);

  -- For a start: news that nobody was owed, because there was nobody.
  CREATE INDEX flips_unowed ON flips (id)
    WHERE owed_to = 0 AND (to_state = 'down' OR (from_state = 'down' AND to_state = 'up'));

  ALTER TABLE flips ADD COLUMN is_flapping INTEGER NOT NULL DEFAULT 0 CHECK (is_flapping IN (0, 1));

  -- When it is owed: news of a flapping app is held back for a while.
  ALTER TABLE debts RENAME COLUMN arisen_at TO owed_from;
  -- Of a fall whose incident is open: when the address was last told of it.
  ALTER TABLE debts ADD COLUMN reminded_at INTEGER;
  UPDATE debts
  SET reminded_at = (SELECT taken_at FROM messages WHERE messages.id = debts.message)
  WHERE state = 'sent' AND flip IN (SELECT incident FROM apps WHERE incident IS NOT NULL);

  -- For reminders: the one that was told longest ago.
  CREATE INDEX debts_reminding ON debts (address, reminded_at) WHERE reminded_at IS NOT NULL;

  -- For the outbox: what became of a message's debts.
  CREATE INDEX debts_by_message ON debts (message) WHERE message IS NOT NULL;

  ALTER TABLE messages ADD COLUMN kind TEXT NOT NULL DEFAULT 'news'
    CHECK (kind IN ('news', 'reminder', 'gap', 'proof'));
  -- The last row that it tells of: a gap for a letter about gaps, a flip for a proof.
  ALTER TABLE messages ADD COLUMN told_up_to INTEGER;

  -- Since when it waits.
  ALTER TABLE messages ADD COLUMN begun_at INTEGER;
  UPDATE messages SET begun_at = composed_at;

  -- Since when nobody is let in; null while the server is well.
  ALTER TABLE mail_server ADD COLUMN failing_since INTEGER;

  -- When each address is due which letter beside the news.
  CREATE TABLE occasions (
    address       TEXT PRIMARY KEY,
    -- Gaps up to this one were told, and when.
    told_gap      INTEGER NOT NULL,
    gap_letter_at INTEGER,
    -- What the next proof counts from, and the last flip before that.
    proof_from    INTEGER NOT NULL,
    proof_flip    INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- The ledger of gaps.
  CREATE TABLE gaps (
    id       INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL CHECK (ended_at >= began_at),
    cause    TEXT NOT NULL CHECK (cause IN ('off', 'stalled', 'clock', 'unstored')),
    -- How many deadlines it moved.
    moved    INTEGER NOT NULL,
    -- Whether a letter is to tell of it.
    is_told  INTEGER NOT NULL CHECK (is_told IN (0, 1))
  ) STRICT;

  -- For letters about gaps: what has not been told yet.
  CREATE INDEX gaps_told ON gaps (id) WHERE is_told = 1;

  -- When we were last known to listen, and the newest heartbeat by then.
  CREATE TABLE listening (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    marked_at INTEGER NOT NULL,
    heartbeat INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE maintenance (
    -- Never given twice: whoever removes a window late must not remove another.
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    scope     TEXT NOT NULL CHECK (scope IN ('app', 'tag', 'all')),
    -- The app_id or the tag. No reference: a window may come before its app, and outlive it.
    subject   TEXT,
    kind      TEXT NOT NULL CHECK (kind IN ('once', 'daily', 'weekly')),
    at        INTEGER,
    weekday   TEXT CHECK (weekday IN ('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat')),
    -- On the clock of the zone, since midnight.
    time_ms   INTEGER CHECK (time_ms BETWEEN 0 AND 86399999),
    time_zone TEXT,
    length_ms INTEGER NOT NULL CHECK (length_ms > 0),
    note      TEXT,
    CHECK ((scope = 'all') = (subject IS NULL)),
    CHECK ((kind = 'once') = (at IS NOT NULL)),
    CHECK ((kind = 'once') = (time_ms IS NULL)),
    CHECK ((kind = 'once') = (time_zone IS NULL)),
    CHECK ((kind = 'weekly') = (weekday IS NOT NULL))
  ) STRICT;
  `,
  `
  -- Heartbeats that are in no other table yet: all that were written together, as
  -- [[app, number, at, kind, message, address, user_agent], …].
  CREATE TABLE journal (
    id         INTEGER PRIMARY KEY,
    heartbeats TEXT NOT NULL
  ) STRICT;

  -- The history of heartbeats, some hundreds of an app's in a row (segments.ts).
  CREATE TABLE segments (
    id      INTEGER PRIMARY KEY,
    app     INTEGER NOT NULL,
    -- Which of the app's heartbeats is its first: 1 is the app's first.
    first   INTEGER NOT NULL CHECK (first > 0),
    from_at INTEGER NOT NULL,
    to_at   INTEGER NOT NULL,
    -- How many of the app's heartbeats it stands for, and of how many of them it tells no more.
    count   INTEGER NOT NULL CHECK (count > 0),
    dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped >= 0 AND dropped < count),
    -- What its last one said: [kind, message, address, user_agent] without the brackets.
    tail    TEXT NOT NULL,
    beats   TEXT NOT NULL,
    UNIQUE (app, first)
  ) STRICT;

  -- How many heartbeats the app has sent.
  ALTER TABLE apps ADD COLUMN heartbeats INTEGER NOT NULL DEFAULT 0;
  UPDATE apps
  SET heartbeats = sent.heartbeats
  FROM (
    SELECT app, COUNT(*) AS heartbeats FROM heartbeats WHERE source_id IS NULL GROUP BY app
  ) AS sent
  WHERE sent.app = apps.id;
  ALTER TABLE apps DROP COLUMN last_heartbeat;

  INSERT INTO segments (app, first, from_at, to_at, count, tail, beats)
  SELECT app, MIN(number), MIN(at) FILTER (WHERE place = 1), MAX(at) FILTER (WHERE is_last),
    COUNT(*), MAX(words) FILTER (WHERE is_last),
    group_concat('[' || since || ',' || words || ']', ',' ORDER BY number)
  FROM (
    SELECT app, number, at, words, (number - 1) / 100 AS segment, (number - 1) % 100 + 1 AS place,
      CASE (number - 1) % 100 WHEN 0 THEN 0 ELSE at - before END AS since,
      LEAD(number) OVER (PARTITION BY app, (number - 1) / 100 ORDER BY number) IS NULL AS is_last
    FROM (
      SELECT app, at, TRIM(json_array(kind, message, address, user_agent), '[]') AS words,
        ROW_NUMBER() OVER (PARTITION BY app ORDER BY id) AS number,
        LAG(at) OVER (PARTITION BY app ORDER BY id) AS before
      FROM heartbeats
      WHERE source_id IS NULL AND app IN (SELECT id FROM apps)
    )
  )
  GROUP BY app, segment;

  -- The newest heartbeat told until when somebody listened; now the mark alone does.
  INSERT INTO listening (id, marked_at, heartbeat)
  SELECT 1, at, id
  FROM heartbeats
  WHERE id = (SELECT MAX(id) FROM heartbeats) AND source_id IS NULL
    AND id > COALESCE((SELECT heartbeat FROM listening), 0)
  ON CONFLICT (id) DO UPDATE SET marked_at = MAX(marked_at, excluded.marked_at);
  ALTER TABLE listening DROP COLUMN heartbeat;

  -- What was imported is not part of an app's own, and kept as it came.
  CREATE TABLE imported_heartbeats (
    id      INTEGER PRIMARY KEY,
    app     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    message TEXT
  ) STRICT;
  INSERT INTO imported_heartbeats (id, app, at, message)
  SELECT id, app, at, message FROM heartbeats WHERE source_id IS NOT NULL;
  DROP TABLE heartbeats;
  CREATE INDEX imported_by_app ON imported_heartbeats (app, at, id);

  ALTER TABLE forgotten DROP COLUMN last_heartbeat;

  -- For lists, and for a start.
  CREATE INDEX apps_by_state ON apps (state, app_id) WHERE state <> 'up';
  CREATE INDEX apps_ignored ON apps (id) WHERE is_ignored = 1;

  -- For a letter that is pruned: what it names.
  CREATE INDEX debts_by_namer ON debts (named_by) WHERE named_by IS NOT NULL;
  `,
  `
  -- Who is logged in to the pages: the hash of what the browser keeps.
  CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    -- The hash of the token that opened it; once that opens nothing, neither does this.
    opened_by  TEXT NOT NULL,
    renewed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Entries of the journal may be short from here on (journal.ts). What is in it stays as it is; the
  -- step is for programs of before, which would misread them, and so refuse the file.
  `,
  `
  -- Whether a person has set it up: those come first in letters and lists.
  ALTER TABLE apps ADD COLUMN is_set_up INTEGER NOT NULL DEFAULT 0 CHECK (is_set_up IN (0, 1));
  UPDATE apps
  SET is_set_up = 1
  WHERE COALESCE(name, note, period_ms, grace_ms) IS NOT NULL OR tags <> '[]';
  -- The deadline that people could count on before gaps put it off, and the first gap that did.
  ALTER TABLE apps ADD COLUMN old_deadline_at INTEGER
    CHECK (old_deadline_at IS NULL OR state = 'up');
  ALTER TABLE apps ADD COLUMN moved_by INTEGER;
  -- Until when nobody is told that it is put off, for people want it quiet.
  ALTER TABLE apps ADD COLUMN held_until INTEGER CHECK (held_until IS NULL OR state = 'up');
  -- The news that nobody knows how it is, while that is so.
  ALTER TABLE apps ADD COLUMN put_off INTEGER REFERENCES put_offs (id)
    CHECK (put_off IS NULL OR state = 'up');

  -- For the sweep: whose alarm is put off by more than an hour, which people are told of then.
  CREATE INDEX apps_put_off ON apps (COALESCE(held_until, old_deadline_at))
    WHERE old_deadline_at IS NOT NULL AND deadline_at - old_deadline_at > 3600000;

  -- For news that is forgotten: whether an app hangs on it.
  CREATE INDEX apps_by_put_off ON apps (put_off) WHERE put_off IS NOT NULL;

  -- For letters and pages: what is not up, what a person set up first.
  DROP INDEX apps_down;
  CREATE INDEX apps_in_state
    ON apps (state, id + CASE is_set_up WHEN 1 THEN 0 ELSE 1099511627776 END)
    WHERE state <> 'up';

  -- The same for lists of all that people look at.
  CREATE INDEX apps_by_precedence
    ON apps (id + CASE is_set_up WHEN 1 THEN 0 ELSE 1099511627776 END);

  -- News that nobody knows how an app is: gaps put its alarm off by more than an hour.
  CREATE TABLE put_offs (
    id          INTEGER PRIMARY KEY,
    app         INTEGER NOT NULL REFERENCES apps (id),
    -- Its old deadline, and when it had been due.
    at          INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    -- Its new deadline, as it was when people were to be told.
    deadline_at INTEGER NOT NULL,
    -- The first gap that moved it, null if that was so long ago that it is pruned, and how many
    -- others there were since.
    gap_from    INTEGER,
    gap_to      INTEGER,
    gap_cause   TEXT,
    other_gaps  INTEGER NOT NULL,
    -- When it was known again how the app is: it was heard, or went down; or nobody asked any more.
    ended_at    INTEGER,
    -- How many addresses there were to owe it to.
    owed_to     INTEGER NOT NULL
  ) STRICT;

  -- For what ends it, and for forgetting an app.
  CREATE INDEX put_offs_by_app ON put_offs (app, ended_at);

  -- For a start: news that nobody was owed, because there was nobody.
  CREATE INDEX put_offs_unowed ON put_offs (id) WHERE owed_to = 0;

  -- The same as before, but owed for a flip or for news of this kind.
  CREATE TABLE debts_of_news (
    id          INTEGER PRIMARY KEY,
    flip        INTEGER REFERENCES flips (id),
    put_off     INTEGER REFERENCES put_offs (id),
    address     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'suppressed', 'failed')),
    reason      TEXT,
    message     INTEGER REFERENCES messages (id),
    is_down     INTEGER NOT NULL CHECK (is_down IN (0, 1)),
    owed_from   INTEGER NOT NULL,
    -- Since when the address has been refused with it.
    refused_at  INTEGER,
    -- The message that tells of this debt having failed or gone stale, or of its app having been heard.
    named_by    INTEGER REFERENCES messages (id),
    -- Of a fall whose incident is open: when the address was last told of it.
    reminded_at INTEGER,
    -- What a letter names first: lower comes first.
    precedence  INTEGER NOT NULL,
    -- Of news that nobody knows how an app is: what ended it.
    over        TEXT CHECK (over IS NULL OR put_off IS NOT NULL),
    UNIQUE (flip, address),
    CHECK ((flip IS NULL) <> (put_off IS NULL)),
    CHECK (state <> 'sent' OR message IS NOT NULL),
    CHECK ((state IN ('suppressed', 'failed')) = (reason IS NOT NULL))
  ) STRICT;
  INSERT INTO debts_of_news
    (id, flip, address, state, reason, message, is_down, owed_from, refused_at, named_by, reminded_at,
     precedence)
  SELECT debts.id, flip, address, debts.state, debts.reason, debts.message, is_down, owed_from,
    refused_at, named_by, reminded_at,
    apps.id + CASE is_set_up WHEN 1 THEN 0 ELSE 1099511627776 END
  FROM debts
  JOIN flips ON flips.id = debts.flip
  JOIN apps ON apps.id = flips.app;
  DROP TABLE debts;
  ALTER TABLE debts_of_news RENAME TO debts;

  CREATE UNIQUE INDEX debts_by_put_off ON debts (put_off, address) WHERE put_off IS NOT NULL;

  -- For rule 9: the first news that belongs to no message yet.
  CREATE INDEX debts_owed ON debts (address, is_down, owed_from)
    WHERE state = 'waiting' AND message IS NULL;

  -- For settling a message, for what letters name first, and for what still waits.
  CREATE INDEX debts_waiting ON debts (message, address, precedence, owed_from)
    WHERE state = 'waiting';

  -- For letters: what no letter has named yet.
  CREATE INDEX debts_unnamed ON debts (state, address, named_by)
    WHERE state = 'failed' OR reason = 'stale';

  -- For letters: of whom people were told that nobody knows, and no letter said that they were heard.
  CREATE INDEX debts_unheard ON debts (address, precedence)
    WHERE over = 'heard' AND state = 'sent' AND named_by IS NULL;

  -- For reminders: the one that was told longest ago.
  CREATE INDEX debts_reminding ON debts (address, reminded_at) WHERE reminded_at IS NOT NULL;

  -- For the outbox: what became of a message's debts.
  CREATE INDEX debts_by_message ON debts (message) WHERE message IS NOT NULL;

  -- For a letter that is pruned: what it names.
  CREATE INDEX debts_by_namer ON debts (named_by) WHERE named_by IS NOT NULL;

  -- For rule 9: the last letters with an alarm to an address.
  CREATE INDEX alarms_by_address ON messages (address, taken_at)
    WHERE state = 'sent' AND starts_interval = 1 AND is_good_news = 0;

  -- Letters up to this one may count as having told what they did not name.
  INSERT INTO memory (key, value)
  SELECT 'letters name all after', COALESCE(MAX(id), 0)
  FROM messages;

  -- Another cause, and how many of the deadlines that it moved it put off by more than an hour.
  CREATE TABLE ledger (
    id       INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL CHECK (ended_at >= began_at),
    cause    TEXT NOT NULL
             CHECK (cause IN ('off', 'stalled', 'clock', 'unstored', 'unreachable')),
    moved    INTEGER NOT NULL,
    put_off  INTEGER NOT NULL DEFAULT 0,
    is_told  INTEGER NOT NULL CHECK (is_told IN (0, 1))
  ) STRICT;
  INSERT INTO ledger (id, began_at, ended_at, cause, moved, is_told)
  SELECT id, began_at, ended_at, cause, moved, is_told FROM gaps;
  DROP TABLE gaps;
  ALTER TABLE ledger RENAME TO gaps;

  -- For letters about gaps: what has not been told yet.
  CREATE INDEX gaps_told ON gaps (id) WHERE is_told = 1;

  -- The last heartbeat of an app that was refused, and how many there have been.
  CREATE TABLE refused_heartbeats (
    app     INTEGER PRIMARY KEY REFERENCES apps (id),
    at      INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    address TEXT NOT NULL,
    times   INTEGER NOT NULL CHECK (times > 0)
  ) STRICT;

  -- Since when the address is to be told that there are nearly as many apps as there may be.
  ALTER TABLE occasions ADD COLUMN capacity_at INTEGER;

  -- One kind of letters more. A CHECK cannot be changed, but a column of another one takes its place.
  ALTER TABLE messages ADD COLUMN new_kind TEXT NOT NULL DEFAULT 'news'
    CHECK (new_kind IN ('news', 'reminder', 'gap', 'proof', 'capacity'));
  UPDATE messages SET new_kind = kind;
  ALTER TABLE messages DROP COLUMN kind;
  ALTER TABLE messages RENAME COLUMN new_kind TO kind;

  -- Since when nobody knows how it is; where a gap moved it before, nobody noted from when on.
  ALTER TABLE apps ADD COLUMN unknown_from INTEGER CHECK (unknown_from IS NULL OR state = 'up');
  UPDATE apps SET unknown_from = excused_at WHERE excused_at IS NOT NULL;

  -- When nobody knew how an app was, for it was expected while we could not listen.
  CREATE TABLE doubts (
    id      INTEGER PRIMARY KEY,
    app     INTEGER NOT NULL REFERENCES apps (id),
    from_at INTEGER NOT NULL,
    to_at   INTEGER NOT NULL CHECK (to_at > from_at)
  ) STRICT;

  -- For an app's past, and for forgetting it.
  CREATE INDEX doubts_by_app ON doubts (app, to_at);

  INSERT INTO memory (key, value)
  SELECT 'doubts from', MAX(ended_at)
  FROM gaps
  HAVING MAX(ended_at) IS NOT NULL;
  `,
];
