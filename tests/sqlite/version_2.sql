-- Version 2 of the database, with a little of all it can hold: written by that version, and dumped.
PRAGMA application_id = 1937009782;
PRAGMA user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
    last_heartbeat    INTEGER, excused_at INTEGER CHECK (excused_at IS NULL OR state = 'up'), acknowledged_at INTEGER
    CHECK (acknowledged_at IS NULL OR state = 'down'), snoozed_until INTEGER, muted_until INTEGER CHECK (muted_until IS NULL OR state = 'down'), flapping_since INTEGER,
    CHECK ((state = 'up') = (deadline_at IS NOT NULL)),
    CHECK (state <> 'up' OR success_at IS NOT NULL),
    CHECK ((state = 'down') = (down_since IS NOT NULL)),
    CHECK ((state = 'down') = (incident IS NOT NULL)),
    CHECK (is_ignored = 0 OR state IN ('new', 'paused'))
  ) STRICT;
INSERT INTO "apps" VALUES(1,'up',NULL,NULL,'[]',NULL,NULL,0,'up',1795504849000,1795504939000,NULL,NULL,1795504849400,'the last',125,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "apps" VALUES(2,'down',NULL,NULL,'[]',NULL,NULL,0,'up',1795504849000,1795504939000,NULL,NULL,1795504849000,NULL,2,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "apps" VALUES(4,'failed',NULL,NULL,'[]',NULL,NULL,0,'down',NULL,NULL,1795504849000,4,1795504849000,NULL,124,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE debts (
    id         INTEGER PRIMARY KEY,
    flip       INTEGER NOT NULL REFERENCES flips (id),
    address    TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'suppressed', 'failed')),
    reason     TEXT,
    message    INTEGER REFERENCES messages (id),
    is_down    INTEGER NOT NULL CHECK (is_down IN (0, 1)),
    owed_from  INTEGER NOT NULL,
    -- Since when the address has been refused with it.
    refused_at INTEGER,
    -- The message that tells of this debt having failed or gone stale.
    named_by   INTEGER REFERENCES messages (id), reminded_at INTEGER,
    UNIQUE (flip, address),
    CHECK (state <> 'sent' OR message IS NOT NULL),
    CHECK ((state IN ('suppressed', 'failed')) = (reason IS NOT NULL))
  ) STRICT;
INSERT INTO "debts" VALUES(1,4,'admin@example.org','waiting',NULL,NULL,1,1795504849000,NULL,NULL,NULL);
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
    ends         INTEGER REFERENCES flips (id), owed_to INTEGER NOT NULL DEFAULT 0, is_flapping INTEGER NOT NULL DEFAULT 0 CHECK (is_flapping IN (0, 1)),
    CHECK (from_state <> to_state),
    CHECK ((from_state = 'down') = (ends IS NOT NULL))
  ) STRICT;
INSERT INTO "flips" VALUES(1,1,1795504849000,'new','up','heartbeat',1795504849000,NULL,NULL,0,0);
INSERT INTO "flips" VALUES(2,2,1795504849000,'new','up','heartbeat',1795504849000,NULL,NULL,0,0);
INSERT INTO "flips" VALUES(4,4,1795504849000,'new','down','fail',1795504849000,NULL,NULL,1,0);
CREATE TABLE forgotten (
    app            INTEGER PRIMARY KEY,
    last_heartbeat INTEGER
  ) STRICT;
INSERT INTO "forgotten" VALUES(3,3);
CREATE TABLE forgotten_debts (
    state TEXT PRIMARY KEY CHECK (state IN ('sent', 'suppressed', 'failed')),
    debts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO "forgotten_debts" VALUES('failed',0);
INSERT INTO "forgotten_debts" VALUES('sent',0);
INSERT INTO "forgotten_debts" VALUES('suppressed',0);
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
INSERT INTO "heartbeats" VALUES(1,1,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(2,2,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(3,3,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(4,1,1,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(5,1,4,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(6,1,5,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(7,1,6,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(8,1,7,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(9,1,8,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(10,1,9,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(11,1,10,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(12,1,11,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(13,1,12,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(14,1,13,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(15,1,14,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(16,1,15,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(17,1,16,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(18,1,17,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(19,1,18,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(20,1,19,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(21,1,20,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(22,1,21,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(23,1,22,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(24,1,23,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(25,1,24,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(26,1,25,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(27,1,26,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(28,1,27,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(29,1,28,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(30,1,29,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(31,1,30,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(32,1,31,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(33,1,32,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(34,1,33,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(35,1,34,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(36,1,35,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(37,1,36,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(38,1,37,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(39,1,38,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(40,1,39,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(41,1,40,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(42,1,41,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(43,1,42,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(44,1,43,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(45,1,44,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(46,1,45,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(47,1,46,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(48,1,47,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(49,1,48,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(50,1,49,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(51,1,50,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(52,1,51,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(53,1,52,1795504849000,'success','"50"]','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(54,1,53,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(55,1,54,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(56,1,55,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(57,1,56,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(58,1,57,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(59,1,58,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(60,1,59,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(61,1,60,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(62,1,61,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(63,1,62,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(64,1,63,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(65,1,64,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(66,1,65,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(67,1,66,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(68,1,67,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(69,1,68,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(70,1,69,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(71,1,70,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(72,1,71,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(73,1,72,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(74,1,73,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(75,1,74,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(76,1,75,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(77,1,76,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(78,1,77,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(79,1,78,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(80,1,79,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(81,1,80,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(82,1,81,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(83,1,82,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(84,1,83,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(85,1,84,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(86,1,85,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(87,1,86,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(88,1,87,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(89,1,88,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(90,1,89,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(91,1,90,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(92,1,91,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(93,1,92,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(94,1,93,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(95,1,94,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(96,1,95,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(97,1,96,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(98,1,97,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(99,1,98,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(100,1,99,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(101,1,100,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(102,1,101,1795504849000,'success','OK','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(103,1,102,1795504849000,'success','"100"]','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(104,1,103,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(105,1,104,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(106,1,105,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(107,1,106,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(108,1,107,1795504849000,'success',NULL,'192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(109,1,108,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(110,1,109,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(111,1,110,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(112,1,111,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(113,1,112,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(114,1,113,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(115,1,114,1795504849000,'success',NULL,'192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(116,1,115,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(117,1,116,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(118,1,117,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(119,1,118,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(120,1,119,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(121,1,120,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(122,1,121,1795504849000,'success',NULL,'192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(123,1,122,1795504849000,'success','OK','192.0.2.1',NULL,NULL);
INSERT INTO "heartbeats" VALUES(124,4,NULL,1795504849000,'fail',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(125,1,123,1795504849400,'log','the last','192.0.2.1','curl/8',NULL);
INSERT INTO "heartbeats" VALUES(126,1,NULL,1700000000000,'success','of old',NULL,NULL,7);
CREATE TABLE imported (
    source_id INTEGER NOT NULL,
    app_id    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (source_id, app_id, at)
  ) STRICT, WITHOUT ROWID;
INSERT INTO "imported" VALUES(7,'up',1700000000000);
CREATE TABLE listening (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    marked_at INTEGER NOT NULL,
    heartbeat INTEGER NOT NULL
  ) STRICT;
INSERT INTO "listening" VALUES(1,1795504849000,0);
CREATE TABLE mail_server (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    failures    INTEGER NOT NULL,
    next_try_at INTEGER,
    reason      TEXT
  , failing_since INTEGER) STRICT;
INSERT INTO "mail_server" VALUES(1,0,NULL,NULL,NULL);
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
CREATE TABLE memory (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO "memory" VALUES('defaults','{"period":60000,"grace":30000}');
INSERT INTO "memory" VALUES('last flip','3');
INSERT INTO "memory" VALUES('mail','set up');
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
    taken_at        INTEGER, kind TEXT NOT NULL DEFAULT 'news'
    CHECK (kind IN ('news', 'reminder', 'gap', 'proof')), told_up_to INTEGER, begun_at INTEGER,
    CHECK ((state = 'waiting') = (next_try_at IS NOT NULL)),
    CHECK ((state = 'sent') = (taken_at IS NOT NULL))
  ) STRICT;
CREATE TABLE occasions (
    address       TEXT PRIMARY KEY,
    -- Gaps up to this one were told, and when.
    told_gap      INTEGER NOT NULL,
    gap_letter_at INTEGER,
    -- What the next proof counts from, and the last flip before that.
    proof_from    INTEGER NOT NULL,
    proof_flip    INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO "occasions" VALUES('admin@example.org',0,NULL,1795504849000,0);
CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('admin', 'pass')),
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;
CREATE INDEX apps_by_deadline ON apps (deadline_at, app_id) WHERE deadline_at IS NOT NULL;
CREATE INDEX apps_by_incident ON apps (incident) WHERE incident IS NOT NULL;
CREATE INDEX apps_down ON apps (down_since) WHERE state = 'down';
CREATE INDEX imported_by_app ON heartbeats (app, at, id) WHERE source_id IS NOT NULL;
CREATE INDEX flips_by_app ON flips (app, id);
CREATE INDEX flips_by_end ON flips (ends) WHERE ends IS NOT NULL;
CREATE INDEX falls_by_app ON flips (app, at) WHERE to_state = 'down';
CREATE INDEX messages_waiting ON messages (address, next_try_at) WHERE state = 'waiting';
CREATE INDEX messages_trying ON messages (id) WHERE state = 'trying';
CREATE INDEX letters_by_address ON messages (address, taken_at) WHERE state = 'sent';
CREATE INDEX debts_owed ON debts (address, is_down, owed_from)
    WHERE state = 'waiting' AND message IS NULL;
CREATE INDEX debts_waiting ON debts (message, owed_from) WHERE state = 'waiting';
CREATE INDEX debts_unnamed ON debts (state, address, named_by)
    WHERE state = 'failed' OR reason = 'stale';
CREATE INDEX apps_muted ON apps (muted_until) WHERE muted_until IS NOT NULL;
CREATE INDEX apps_excused ON apps (deadline_at) WHERE excused_at IS NOT NULL;
CREATE INDEX flips_unowed ON flips (id)
    WHERE owed_to = 0 AND (to_state = 'down' OR (from_state = 'down' AND to_state = 'up'));
CREATE INDEX debts_reminding ON debts (address, reminded_at) WHERE reminded_at IS NOT NULL;
CREATE INDEX debts_by_message ON debts (message) WHERE message IS NOT NULL;
CREATE INDEX gaps_told ON gaps (id) WHERE is_told = 1;
INSERT INTO "sqlite_sequence" VALUES('apps',4);
COMMIT;
