-- Everyone on Instagram, people and accounts alike: they share the usernames.
CREATE TABLE instagram_user (
    user_no  BIGINT NOT NULL PRIMARY KEY,
    username TEXT   NOT NULL UNIQUE,
    name     TEXT   NOT NULL,
    -- The language of the person's app.
    locale   TEXT   NOT NULL DEFAULT 'en_US',
    -- What profiles show: picture is an asset of the user's, or NULL; follower_count counts those who are not here.
    picture  BIGINT,
    is_private     BIGINT NOT NULL DEFAULT 0,
    is_verified    BIGINT NOT NULL DEFAULT 0,
    follower_count BIGINT NOT NULL DEFAULT 0
);
-- Who follows whom, people and accounts alike.
CREATE TABLE follow (
    follower_no BIGINT NOT NULL,
    followed_no BIGINT NOT NULL,
    PRIMARY KEY (follower_no, followed_no)
);
CREATE INDEX follow_by_followed ON follow (followed_no);
