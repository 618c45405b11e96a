-- An app has two products with an id and a secret each; the secrets are derived, not stored.
CREATE TABLE app (
    app_id           BIGINT NOT NULL PRIMARY KEY,
    instagram_app_id BIGINT NOT NULL UNIQUE,
    name             TEXT   NOT NULL,
    live             BIGINT NOT NULL,
    advanced         BIGINT NOT NULL,
    human_agent      BIGINT NOT NULL,
    require_proof    BIGINT NOT NULL,
    deauthorize_callback   TEXT,
    data_deletion_callback TEXT,
    -- A JSON array.
    redirect_uris    TEXT   NOT NULL
);
-- Who has a role on an app: a Facebook user (login 2) by id, an Instagram user (login 1) by number. The role `owner` is
-- that of accounts and people who belong to the app's own business.
CREATE TABLE app_role (
    app_id   BIGINT NOT NULL,
    login    BIGINT NOT NULL,
    member   BIGINT NOT NULL,
    role     TEXT   NOT NULL,
    accepted BIGINT NOT NULL,
    PRIMARY KEY (app_id, login, member, role)
);
