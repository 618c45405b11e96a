-- Everyone on Instagram, people and accounts alike: they share the usernames.
CREATE TABLE instagram_user (
    user_no  BIGINT NOT NULL PRIMARY KEY,
    username TEXT   NOT NULL UNIQUE,
    name     TEXT   NOT NULL
);
