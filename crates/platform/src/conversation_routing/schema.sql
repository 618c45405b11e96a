-- What an account's owner has set in the dashboard. Who has a conversation stands in the conversation's own row, which a
-- send locks and reads anyway.
CREATE TABLE conversation_routing (
    account_id BIGINT NOT NULL PRIMARY KEY,
    -- The default app, the apps that may take control, and those that links lead to, as JSON.
    settings   TEXT   NOT NULL,
    -- The microsecond of the last event about these settings.
    told_at    BIGINT NOT NULL
);
