-- A professional account. Its username and name stand with its Instagram user.
CREATE TABLE account (
    account_id BIGINT NOT NULL PRIMARY KEY,
    user_no    BIGINT NOT NULL UNIQUE,
    kind       TEXT   NOT NULL,
    message_access BIGINT NOT NULL,
    eligible       BIGINT NOT NULL,
    more_followers BIGINT NOT NULL,
    is_automated   BIGINT NOT NULL
);
-- A page and the account that it is linked to.
CREATE TABLE page (
    page_id    BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL UNIQUE,
    user_id    BIGINT NOT NULL,
    name       TEXT   NOT NULL
);
CREATE INDEX page_by_user ON page (user_id, account_id);
-- Facebook users, who manage pages.
CREATE TABLE facebook_user (
    user_id BIGINT NOT NULL PRIMARY KEY,
    name    TEXT   NOT NULL
);
