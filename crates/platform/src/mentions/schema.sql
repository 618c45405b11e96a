-- Who is mentioned where: account_id is the account that is mentioned, comment_id is 0 for a caption, owner_id is whose post it
-- is, as in the table of media.
CREATE TABLE mention (
    account_id BIGINT NOT NULL,
    comment_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    owner_id   BIGINT NOT NULL,
    PRIMARY KEY (account_id, comment_id, media_id)
);
