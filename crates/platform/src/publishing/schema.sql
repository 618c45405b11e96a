-- Published media: posts, reels, stories and broadcasts, of accounts (account_id) and of people (their user's number).
-- Instants are microseconds; expires_at is 0 for what does not end.
CREATE TABLE media (
    account_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    product    TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    caption    TEXT   NOT NULL,
    asset_id   BIGINT NOT NULL,
    link_sticker_url TEXT,
    comments_enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, media_id)
);
-- A comment or mention names the medium alone.
CREATE UNIQUE INDEX media_by_id ON media (media_id);
