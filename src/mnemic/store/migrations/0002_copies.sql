-- Where memories were copied to, so that what is forgotten can be sought there as well.
CREATE TABLE copies (
    path       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,            -- cube or backup
    at         INTEGER NOT NULL,
    partitions TEXT NOT NULL             -- JSON: [[namespace, user_id], ...]; []: everybody's
);

-- Changes that are kept only if what they were measured by stays above its thresholds.
CREATE TABLE trials (
    id   TEXT PRIMARY KEY,
    open INTEGER NOT NULL,
    body TEXT NOT NULL                   -- JSON
) WITHOUT ROWID;

-- CRC-32 of text and state: a byte that rots on the disk is seen. NULL: written before.
ALTER TABLE versions ADD COLUMN sum INTEGER;
