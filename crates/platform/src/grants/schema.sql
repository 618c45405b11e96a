-- What somebody has given to an app, and refused it: an account over Instagram Login (login 1), a Facebook user over
-- Facebook Login (login 2). It is remembered until access is revoked.
CREATE TABLE app_grant (
    app_id     BIGINT NOT NULL,
    login      BIGINT NOT NULL,
    giver      BIGINT NOT NULL,
    granted    TEXT   NOT NULL,
    declined   TEXT   NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, login, giver)
);
CREATE INDEX app_grant_by_giver ON app_grant (login, giver, app_id);
-- The pages and accounts that a Facebook user lets an app have.
CREATE TABLE app_grant_target (
    app_id    BIGINT NOT NULL,
    user_id   BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, target_id)
);
