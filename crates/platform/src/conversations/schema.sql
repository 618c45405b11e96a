-- The one thread between an account and a person. The row is the aggregate that every write locks; it exists from the
-- first act of either, so also before the first message (a block, say). Instants are microseconds; 0 means never.
CREATE TABLE conversation (
    account_id   BIGINT NOT NULL,
    igsid        BIGINT NOT NULL,
    user_no      BIGINT NOT NULL,
    folder       TEXT   NOT NULL,
    last_at      BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    wrote_at     BIGINT NOT NULL,
    window_until BIGINT NOT NULL,
    blocked      BIGINT NOT NULL,
    typing_until BIGINT NOT NULL,
    person_seen_at  BIGINT NOT NULL,
    account_seen_at BIGINT NOT NULL,
    active_minute   BIGINT NOT NULL,
    is_declined     BIGINT NOT NULL,
    -- When the person first wrote or tapped: since then their profile can be read.
    consented_at     BIGINT NOT NULL,
    -- The ig.me link or ad that opened the thread, as JSON, until something is written.
    pending_referral TEXT,
    -- The messages of a welcome message flow that the person is shown, as JSON, until something is written.
    pending_flow     TEXT,
    -- The app that has the conversation (0: none), until when, and for how many seconds after the person's next message
    -- (0: a day).
    control_app_id   BIGINT NOT NULL DEFAULT 0,
    control_until    BIGINT NOT NULL DEFAULT 0,
    control_seconds  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, igsid)
);
-- The account's list, the newest first. By the minute, so that a message seldom writes to it.
CREATE INDEX conversation_by_activity ON conversation (account_id, active_minute);
-- A person's inbox looks across accounts.
CREATE INDEX conversation_by_user ON conversation (user_no);
-- A message's key is its mid, decoded. No other index: a random one would double what a send writes.
CREATE TABLE message (
    account_id   BIGINT NOT NULL,
    igsid        BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    from_account BIGINT NOT NULL,
    app_id       BIGINT NOT NULL,
    text         TEXT   NOT NULL,
    -- What it holds besides the text, as JSON; most messages hold nothing.
    content      TEXT,
    person_reaction  TEXT,
    account_reaction TEXT,
    edits        BIGINT NOT NULL DEFAULT 0,
    is_deleted   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, igsid, at)
);
