-- Hashtags that somebody has used: the same id for everybody.
CREATE TABLE hashtag (
    hashtag_id BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE
);
-- The posts and reels whose captions have it.
CREATE TABLE media_hashtag (
    hashtag_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    PRIMARY KEY (hashtag_id, media_id)
);
CREATE INDEX media_hashtag_by_media ON media_hashtag (media_id);
-- What an account has looked for, and when first within the last seven days.
CREATE TABLE hashtag_search (
    account_id  BIGINT NOT NULL,
    hashtag_id  BIGINT NOT NULL,
    searched_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, hashtag_id)
);
