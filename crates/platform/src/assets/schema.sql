-- A file that was sent, received or uploaded. Its bytes are the blob that blob_key names; several rows can name one blob
-- (an uploaded attachment, and each message that it was sent in), which goes when the last of them is gone.
-- app_id: the app that sent or uploaded it; 0: a person or the account's owner did. width and height: 0 if unknown.
-- gone_at: since when it cannot be had any more, in microseconds; 0: it can.
CREATE TABLE asset (
    account_id BIGINT NOT NULL,
    asset_id   BIGINT NOT NULL,
    app_id     BIGINT NOT NULL,
    purpose    TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    mime       TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    file_name  TEXT   NOT NULL,
    blob_key   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    gone_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, asset_id)
);
-- Whether a blob is still named.
CREATE INDEX asset_by_blob ON asset (blob_key);
