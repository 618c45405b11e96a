-- Counters of ids, one row a kind. Ids only grow, so they are counted here and not drawn from the clock.
CREATE TABLE id_counter (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
-- What the sim can set: one row a setting that is not at its default, and the clock's offset.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
