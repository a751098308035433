CREATE TABLE store (prefix text NOT NULL, key text NOT NULL, value text NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP, expires_at TIMESTAMP,
    ttl_minutes REAL, PRIMARY KEY (prefix, key));
CREATE INDEX store_prefix_idx ON store (prefix);
INSERT INTO store VALUES
    ('memories.ana', 'k1', CAST('{"text":"Likes tea"}' AS BLOB), '2026-04-01 10:00:00',
     '2026-04-01 10:00:00', NULL, NULL),
    ('memories.ana', 'k2', '{"food":{"name":"rice"},"n":3}', '2026-04-01 10:00:00',
     '2026-05-01 10:00:00', '2026-11-22 20:19:24.097026+00:00', 5.0);
