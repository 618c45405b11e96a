-- A token is derived from app, kind, subject and serial; only a keyed hash of it is stored, for look-up.
CREATE TABLE token (
    hash       {bytes} NOT NULL PRIMARY KEY,
    serial     BIGINT  NOT NULL,
    app_id     BIGINT  NOT NULL,
    kind       BIGINT  NOT NULL,
    subject    BIGINT  NOT NULL,
    scopes     TEXT    NOT NULL,
    issued_at  BIGINT  NOT NULL,
    expires_at BIGINT
);
