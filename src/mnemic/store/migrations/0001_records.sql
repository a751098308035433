-- Truth: log, versions, links, and the vectors that were paid for.
-- Derived from it: records (the head of each history), passages, text.
-- Times are microseconds since 1970 in UTC.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE partitions (
    key       INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    user_id   TEXT NOT NULL,            -- '' : of no single user
    seq       INTEGER NOT NULL DEFAULT 0,  -- of its last change: followers ask for this first
    UNIQUE (namespace, user_id)
);

CREATE TABLE log (
    seq    INTEGER PRIMARY KEY,          -- no line is ever deleted, so none is given twice
    id     TEXT NOT NULL UNIQUE,
    at     INTEGER NOT NULL,
    actor  TEXT NOT NULL,
    verb   TEXT NOT NULL,
    record INTEGER NOT NULL,
    version INTEGER NOT NULL,
    why    TEXT NOT NULL,
    detail TEXT                          -- JSON of a link; NULL for all else
);
-- A record's other lines are found by its versions, which have the same numbers.
CREATE INDEX log_links ON log (record) WHERE verb = 'link';
CREATE INDEX log_target ON log (json_extract(detail, '$.target')) WHERE detail IS NOT NULL;

-- One row per change that made a version. Its text stands here once: NULL says "as before".
CREATE TABLE versions (
    seq         INTEGER PRIMARY KEY,     -- the line of the log that made it
    record      INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    text        TEXT,
    state       TEXT NOT NULL,           -- JSON: all fields but the text
    UNIQUE (record, version)
);

CREATE TABLE links (
    source   INTEGER NOT NULL,
    relation TEXT NOT NULL,
    target   INTEGER NOT NULL,
    weight   REAL NOT NULL,
    PRIMARY KEY (source, relation, target)
) WITHOUT ROWID;
CREATE INDEX links_target ON links (target, relation);

-- The head of each history, in columns that queries need.
CREATE TABLE records (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    partition   INTEGER NOT NULL,
    status      TEXT NOT NULL,
    version     INTEGER NOT NULL,
    text_seq    INTEGER NOT NULL,        -- of the version that holds its text
    kind        TEXT NOT NULL,
    agent_id    TEXT,
    session_id  TEXT,
    ordinal     INTEGER NOT NULL,
    speaker     TEXT,
    role        TEXT,
    origin      TEXT NOT NULL,
    source      TEXT,
    external_id TEXT,
    valid_from  INTEGER,
    valid_to    INTEGER,
    weight      REAL NOT NULL,
    cues        INTEGER NOT NULL,
    mark        INTEGER NOT NULL         -- keyed hash of the words: recognises an echo
);
CREATE INDEX records_partition ON records (partition);
CREATE INDEX records_session ON records (partition, session_id, ordinal);
CREATE INDEX records_mark ON records (partition, mark);
CREATE UNIQUE INDEX records_identity ON records (partition, source, external_id)
    WHERE external_id IS NOT NULL;

-- key = record * 2^20 + number, so that a record's passages and vectors lie side by side.
CREATE TABLE passages (
    key       INTEGER PRIMARY KEY,
    start     INTEGER NOT NULL,
    end       INTEGER NOT NULL,
    token_ids BLOB                       -- little-endian uint16
);

CREATE TABLE models (
    key          INTEGER PRIMARY KEY,
    model        TEXT NOT NULL,
    revision     TEXT NOT NULL,
    quantisation TEXT NOT NULL,
    size         INTEGER NOT NULL,
    UNIQUE (model, revision, quantisation, size)
);

CREATE TABLE vectors (
    model   INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    codes   BLOB NOT NULL,               -- int8
    scale   REAL NOT NULL,
    PRIMARY KEY (model, passage)
) WITHOUT ROWID;

-- Analysed tokens, the first of which names the partition. A new row waits here until there are
-- many, for FTS5 writes and merges a segment per commit: those that it knows already are `indexed`.
CREATE TABLE analysed (
    key    INTEGER PRIMARY KEY,
    tokens TEXT NOT NULL
);
CREATE VIEW indexed AS SELECT key, tokens FROM analysed
    WHERE key < (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'indexed_below');

-- No ranks are taken from this index (document frequencies must be the partition's own), so
-- positions are not kept.
CREATE VIRTUAL TABLE text USING fts5 (
    tokens, content = 'indexed', content_rowid = 'key',
    tokenize = 'ascii', detail = none, columnsize = 0
);

CREATE TABLE tombstones (
    mark BLOB PRIMARY KEY                -- keyed hash of what must not come back
) WITHOUT ROWID;

CREATE TABLE certificates (
    id      TEXT PRIMARY KEY,
    pending INTEGER NOT NULL,
    body    TEXT NOT NULL                -- JSON
) WITHOUT ROWID;

CREATE TABLE jobs (
    key       INTEGER PRIMARY KEY,
    task      TEXT NOT NULL,
    partition INTEGER NOT NULL,
    payload   TEXT NOT NULL,
    added_at  INTEGER NOT NULL,
    worker    TEXT,
    until     INTEGER NOT NULL DEFAULT 0,
    tries     INTEGER NOT NULL DEFAULT 0,
    error     TEXT,
    UNIQUE (task, partition, payload)
);
