-- Welcome message flows: what a person who taps a click-to-Direct ad is shown. flow is the text that answers have (JSON);
-- messages the same as threads hold messages (JSON). platforms: a comma list.
CREATE TABLE welcome_message_flow (
    account_id BIGINT NOT NULL,
    flow_id    BIGINT NOT NULL,
    app_id     BIGINT NOT NULL,
    name       TEXT   NOT NULL,
    platforms  TEXT   NOT NULL,
    flow       TEXT   NOT NULL,
    messages   TEXT   NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, flow_id)
);
