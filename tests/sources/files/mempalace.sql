CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT NOT NULL, dimension INTEGER);
CREATE TABLE segments (id TEXT PRIMARY KEY, type TEXT, scope TEXT, collection TEXT);
CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT, embedding_id TEXT, seq_id BLOB,
    created_at TIMESTAMP);
CREATE TABLE embedding_metadata (id INTEGER, key TEXT, string_value TEXT, int_value INTEGER,
    float_value REAL, bool_value INTEGER, PRIMARY KEY (id, key));
INSERT INTO collections VALUES ('c', 'mempalace_drawers', 2), ('d', 'mempalace_closets', 2);
INSERT INTO segments VALUES ('s', 'm', 'METADATA', 'c'), ('t', 'm', 'METADATA', 'd');
INSERT INTO embeddings VALUES (1, 's', 'drawer_ana_kitchen_0001', 1, NULL),
    (2, 't', 'closet_1', 2, NULL);
INSERT INTO embedding_metadata VALUES (1, 'wing', 'ana', NULL, NULL, NULL),
    (1, 'room', 'kitchen', NULL, NULL, NULL), (1, 'chroma:document', 'Likes tea', NULL, NULL, NULL),
    (1, 'filed_at', '2026-04-01T10:00:00', NULL, NULL, NULL), (1, 'chunk_index', NULL, 0, NULL, NULL),
    (1, 'importance', NULL, NULL, 0.5, NULL), (1, 'kept', NULL, NULL, NULL, 1),
    (2, 'wing', 'ana', NULL, NULL, NULL), (2, 'chroma:document', 'x', NULL, NULL, NULL);
