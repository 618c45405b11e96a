-- A professional account. Its username and name stand with its Instagram user.
CREATE TABLE account (
    account_id BIGINT NOT NULL PRIMARY KEY,
    user_no    BIGINT NOT NULL UNIQUE,
    kind       TEXT   NOT NULL,
    message_access BIGINT NOT NULL,
    eligible       BIGINT NOT NULL,
    more_followers BIGINT NOT NULL,
    is_automated   BIGINT NOT NULL,
    biography      TEXT   NOT NULL,
    website        TEXT   NOT NULL
);
-- A page and the account that it is linked to.
CREATE TABLE page (
    page_id    BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL UNIQUE,
    name       TEXT   NOT NULL
);
-- Facebook users: people who manage pages, and system users of a business.
CREATE TABLE facebook_user (
    user_id   BIGINT NOT NULL PRIMARY KEY,
    name      TEXT   NOT NULL,
    is_system BIGINT NOT NULL
);
-- What a Facebook user may do on a page: a comma list of tasks.
CREATE TABLE page_role (
    user_id BIGINT NOT NULL,
    page_id BIGINT NOT NULL,
    tasks   TEXT   NOT NULL,
    PRIMARY KEY (user_id, page_id)
);
CREATE INDEX page_role_by_page ON page_role (page_id);
