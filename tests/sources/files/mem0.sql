CREATE TABLE history (id TEXT PRIMARY KEY, memory_id TEXT, old_memory TEXT, new_memory TEXT,
    event TEXT, created_at DATETIME, updated_at DATETIME, is_deleted INTEGER, actor_id TEXT,
    role TEXT);
CREATE TABLE messages (id TEXT PRIMARY KEY, session_scope TEXT, role TEXT, content TEXT);
INSERT INTO history VALUES
    ('1', '6f1c0d2e-0000-4000-8000-000000000001', NULL, 'Likes tea', 'ADD',
     '2026-04-01T10:00:00+00:00', '2026-04-01T10:00:00+00:00', 0, 'Ana', 'user'),
    ('2', '6f1c0d2e-0000-4000-8000-000000000001', 'Likes tea', 'Loves tea', 'UPDATE',
     '2026-04-01T10:00:00+00:00', '2026-05-01T10:00:00+00:00', 0, NULL, NULL),
    ('3', '7', NULL, 'Runs', 'ADD', NULL, NULL, 0, NULL, NULL),
    ('4', '7', 'Runs', NULL, 'DELETE', NULL, NULL, 1, NULL, NULL);
INSERT INTO messages VALUES ('m', 'user_id=ana', 'user', 'hi');
