-- Published media: posts, reels and stories, the parts of albums, and broadcasts. Instants are microseconds; expires_at is 0
-- for what does not end, parent_id is 0 for what is no part of an album, asset_id and thumbnail_id are 0 where there is none.
CREATE TABLE media (
    account_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    parent_id  BIGINT NOT NULL,
    product    TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    caption    TEXT   NOT NULL,
    asset_id   BIGINT NOT NULL,
    thumbnail_id     BIGINT NOT NULL,
    link_sticker_url TEXT,
    comments_enabled BIGINT NOT NULL,
    -- Alternative text, tagged users and the like, as JSON.
    details    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, media_id)
);
-- Lists of an account's media are the newest first; ids only grow.
CREATE INDEX media_listed ON media (account_id, parent_id, media_id);
-- A permalink tells the medium alone.
CREATE UNIQUE INDEX media_by_id ON media (media_id);
-- Who is tagged in a picture or video.
CREATE TABLE media_tag (
    user_no    BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    PRIMARY KEY (user_no, media_id)
);
CREATE INDEX media_tag_by_media ON media_tag (media_id);
-- Containers: what is to be published. ready_at is 0 while bytes are awaited, published_at before that is done, error is the
-- subcode of what went wrong, or 0.
CREATE TABLE container (
    account_id   BIGINT NOT NULL,
    container_id BIGINT NOT NULL,
    app_id       BIGINT NOT NULL,
    shape        TEXT   NOT NULL,
    caption      TEXT   NOT NULL,
    asset_id     BIGINT NOT NULL,
    thumbnail_id BIGINT NOT NULL,
    -- The instant of the video that its thumbnail shows, in milliseconds.
    thumb_offset BIGINT NOT NULL,
    details      TEXT   NOT NULL,
    -- The containers of a carousel: a comma list of ids.
    children     TEXT   NOT NULL,
    is_upload    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    ready_at     BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    media_id     BIGINT NOT NULL,
    error        BIGINT NOT NULL,
    -- In words what went wrong.
    reason       TEXT   NOT NULL,
    -- Whether its files, if it was not published, are gone.
    is_cleared   BIGINT NOT NULL,
    PRIMARY KEY (account_id, container_id)
);
CREATE INDEX container_made ON container (account_id, created_at);
CREATE INDEX container_published ON container (account_id, published_at);
CREATE INDEX container_expired ON container (account_id, is_cleared, expires_at);
-- What of a video has been uploaded so far: where a part begins, and its bytes.
CREATE TABLE upload_part (
    account_id   BIGINT NOT NULL,
    container_id BIGINT NOT NULL,
    begins_at    BIGINT NOT NULL,
    size         BIGINT NOT NULL,
    asset_id     BIGINT NOT NULL,
    blob_key     TEXT   NOT NULL,
    PRIMARY KEY (account_id, container_id, begins_at)
);
