-- Version 1 of the database, with a little of all it can hold: written by that version, and dumped.
PRAGMA application_id = 1937009782;
PRAGMA user_version = 1;
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
    last_heartbeat    INTEGER,
    CHECK ((state = 'up') = (deadline_at IS NOT NULL)),
    CHECK (state <> 'up' OR success_at IS NOT NULL),
    CHECK ((state = 'down') = (down_since IS NOT NULL)),
    CHECK ((state = 'down') = (incident IS NOT NULL)),
    CHECK (is_ignored = 0 OR state IN ('new', 'paused'))
  ) STRICT;
INSERT INTO apps VALUES(1,'up',NULL,NULL,'[]',NULL,NULL,0,'up',1795504938999,1795505028999,NULL,NULL,1795504938999,NULL,6);
INSERT INTO apps VALUES(2,'down',NULL,NULL,'[]',NULL,NULL,0,'down',NULL,NULL,1795504939000,8,1795504849000,NULL,2);
INSERT INTO apps VALUES(3,'back',NULL,NULL,'[]',NULL,NULL,0,'up',1795504939000,1795505029000,NULL,NULL,1795504939000,NULL,7);
INSERT INTO apps VALUES(5,'asleep',NULL,NULL,'[]',NULL,NULL,0,'paused',NULL,NULL,NULL,NULL,1795504849000,NULL,5);
INSERT INTO apps VALUES(6,'new',NULL,NULL,'[]',NULL,NULL,0,'new',NULL,NULL,NULL,NULL,1795504849000,NULL,8);
INSERT INTO apps VALUES(7,'failed',NULL,NULL,'[]',NULL,NULL,0,'down',NULL,NULL,1795504939000,12,1795504939000,NULL,9);
INSERT INTO apps VALUES(8,'full',NULL,NULL,'[]',NULL,NULL,0,'down',NULL,NULL,1795504939001,13,1795504939001,'disk full',10);
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
INSERT INTO heartbeats VALUES(1,1,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(2,2,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(3,3,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(4,4,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(5,5,NULL,1795504849000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(6,1,1,1795504938999,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(7,3,3,1795504939000,'success',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(8,6,NULL,1795504849000,'start',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(9,7,NULL,1795504939000,'fail',NULL,'192.0.2.1','curl/8',NULL);
INSERT INTO heartbeats VALUES(10,8,NULL,1795504939001,'fail','disk full','192.0.2.1','curl/8',NULL);
CREATE TABLE imported (
    source_id INTEGER NOT NULL,
    app_id    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (source_id, app_id, at)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE forgotten (
    app            INTEGER PRIMARY KEY,
    last_heartbeat INTEGER
  ) STRICT;
INSERT INTO forgotten VALUES(4,4);
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
INSERT INTO flips VALUES(1,1,1795504849000,'new','up','heartbeat',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(2,2,1795504849000,'new','up','heartbeat',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(3,3,1795504849000,'new','up','heartbeat',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(5,5,1795504849000,'new','up','heartbeat',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(6,5,1795504939000,'up','down','silence',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(7,3,1795504939000,'up','down','silence',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(8,2,1795504939000,'up','down','silence',1795504849000,NULL,NULL);
INSERT INTO flips VALUES(10,3,1795504939000,'down','up','heartbeat',1795504939000,NULL,7);
INSERT INTO flips VALUES(11,5,1795504939000,'down','paused','paused',1795504849000,NULL,6);
INSERT INTO flips VALUES(12,7,1795504939000,'new','down','fail',1795504939000,NULL,NULL);
INSERT INTO flips VALUES(13,8,1795504939001,'new','down','fail',1795504939001,'disk full',NULL);
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
INSERT INTO messages VALUES(1,'admin@example.org','<1@example.org>','sent',0,1,NULL,'250',1795504849000,'down asleep, down back, down down, down gone','down asleep, down back, down down, down gone','down asleep, down back, down down, down gone','[]',0,1,1795504939000);
INSERT INTO messages VALUES(2,'admin@example.org','<2@example.org>','waiting',0,1,1795504954000,'later',1795504849000,'down failed, back back, still down','down failed, back back, still down','down failed, back back, still down','[]',0,0,NULL);
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
INSERT INTO debts VALUES(1,6,'admin@example.org','sent',NULL,1,1,1795504939000,NULL,NULL);
INSERT INTO debts VALUES(2,7,'admin@example.org','sent',NULL,1,1,1795504939000,NULL,NULL);
INSERT INTO debts VALUES(3,8,'admin@example.org','sent',NULL,1,1,1795504939000,NULL,NULL);
INSERT INTO debts VALUES(5,10,'admin@example.org','waiting',NULL,2,0,1795504939000,NULL,NULL);
INSERT INTO debts VALUES(6,12,'admin@example.org','waiting',NULL,2,1,1795504939000,NULL,NULL);
INSERT INTO debts VALUES(7,13,'admin@example.org','waiting',NULL,NULL,1,1795504939001,NULL,NULL);
CREATE TABLE forgotten_debts (
    state TEXT PRIMARY KEY CHECK (state IN ('sent', 'suppressed', 'failed')),
    debts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO forgotten_debts VALUES('failed',0);
INSERT INTO forgotten_debts VALUES('sent',1);
INSERT INTO forgotten_debts VALUES('suppressed',0);
CREATE TABLE mail_server (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    failures    INTEGER NOT NULL,
    next_try_at INTEGER,
    reason      TEXT
  ) STRICT;
INSERT INTO mail_server VALUES(1,0,NULL,NULL);
CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('admin', 'pass')),
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;
CREATE TABLE memory (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO memory VALUES('defaults','{"period":60000,"grace":30000}');
INSERT INTO memory VALUES('mail','set up');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('apps',8);
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
CREATE INDEX debts_owed ON debts (address, is_down, arisen_at)
    WHERE state = 'waiting' AND message IS NULL;
CREATE INDEX debts_waiting ON debts (message, arisen_at) WHERE state = 'waiting';
CREATE INDEX debts_unnamed ON debts (state, address, named_by)
    WHERE state = 'failed' OR reason = 'stale';
COMMIT;
