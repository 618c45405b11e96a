-- Comments. account_id is whose post it is: an account, or a person's number, as in the table of media. parent_id is 0 at the
-- top. Instants are microseconds, 0 for never. What was deleted stays as a row without text: its private reply is refused in
-- other words than that to a comment that never was.
CREATE TABLE comment (
    account_id BIGINT NOT NULL,
    comment_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    parent_id  BIGINT NOT NULL,
    user_no    BIGINT NOT NULL,
    app_id     BIGINT NOT NULL,
    -- The ad that it was written on; 0: none.
    ad_id      BIGINT NOT NULL,
    text       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    is_hidden  BIGINT NOT NULL,
    is_deleted BIGINT NOT NULL,
    is_live    BIGINT NOT NULL,
    likes      BIGINT NOT NULL,
    private_reply_at BIGINT NOT NULL,
    -- The app was not told that its private reply was sent.
    answer_lost BIGINT NOT NULL,
    PRIMARY KEY (account_id, comment_id)
);
-- Lists are the newest first; ids only grow.
CREATE INDEX comment_listed ON comment (account_id, media_id, parent_id, is_deleted, comment_id);
-- A comment's id alone is what people and mentions name.
CREATE UNIQUE INDEX comment_by_id ON comment (comment_id);
-- What is counted of a post's comments, and the microsecond of its newest event.
CREATE TABLE comment_thread (
    account_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    comments   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, media_id)
);
-- Who likes which comment.
CREATE TABLE comment_like (
    account_id BIGINT NOT NULL,
    comment_id BIGINT NOT NULL,
    user_no    BIGINT NOT NULL,
    PRIMARY KEY (account_id, comment_id, user_no)
);
