-- A token is derived from app, kind, subject and serial; only a keyed hash of it is stored, for look-up.
CREATE TABLE token (
    hash       {bytes} NOT NULL PRIMARY KEY,
    serial     BIGINT  NOT NULL,
    app_id     BIGINT  NOT NULL,
    kind       BIGINT  NOT NULL,
    subject    BIGINT  NOT NULL,
    scopes     TEXT    NOT NULL,
    issued_at  BIGINT  NOT NULL,
    expires_at BIGINT,
    -- Made to last: by exchange, by refresh, or by hand.
    long_lived BIGINT  NOT NULL,
    -- Of a page's token: the Facebook user through whom the app got it, and the serial of that user's token.
    user_id    BIGINT,
    parent     BIGINT,
    -- 0: it is not; 1: the app was removed; 2: the user logged out.
    ended      BIGINT  NOT NULL
);
CREATE INDEX token_by_subject ON token (app_id, subject, serial);
CREATE INDEX token_by_parent ON token (parent, serial);
