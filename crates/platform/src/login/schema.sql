-- Authorization codes, by a keyed hash. A used one stays until it has expired, to be told from an unknown one.
CREATE TABLE login_code (
    hash         {bytes} NOT NULL PRIMARY KEY,
    app_id       BIGINT  NOT NULL,
    login        BIGINT  NOT NULL,
    giver        BIGINT  NOT NULL,
    redirect_uri TEXT    NOT NULL,
    issued_at    BIGINT  NOT NULL,
    used         BIGINT  NOT NULL
);
CREATE INDEX login_code_by_age ON login_code (issued_at);
CREATE INDEX login_code_by_giver ON login_code (app_id, login, giver);
