-- doc is the resource as the API shows it. external_id: the business's own id, if it gave one. events_at: when the last event
-- of the user was made.
CREATE TABLE user_account (
  user_id TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL,
  external_id TEXT,
  doc TEXT NOT NULL,
  events_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX user_account_external ON user_account (app_id, external_id);

-- A user's presence on a channel. external_id: the IGSID.
CREATE TABLE client (
  client_id TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  doc TEXT NOT NULL
);

CREATE UNIQUE INDEX client_external ON client (integration_id, external_id);

CREATE INDEX client_of_user ON client (user_id, client_id);

CREATE INDEX client_of_app ON client (app_id, user_id);
