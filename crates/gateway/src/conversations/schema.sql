-- doc is the resource as the API shows it, but for what stands in columns. last_at: the newest message's microsecond.
-- events_at: when the last event was made. inbound_at: the person's last action; window_until: the end of the window that it
-- opened; both 0 before the first. unanswered_at: since when the person waits, 0 if they do not. active and pending:
-- switchboard integrations.
CREATE TABLE conversation (
  conversation_id TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  participant_id TEXT NOT NULL,
  doc TEXT NOT NULL,
  messages BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  events_at BIGINT NOT NULL,
  inbound_at BIGINT NOT NULL,
  window_until BIGINT NOT NULL,
  unanswered_at BIGINT NOT NULL,
  unread BIGINT NOT NULL,
  last_read BIGINT NOT NULL,
  active TEXT,
  pending TEXT
);

CREATE INDEX conversation_of_user ON conversation (user_id, conversation_id);

CREATE INDEX conversation_of_app ON conversation (app_id, conversation_id);

CREATE INDEX conversation_unanswered ON conversation (unanswered_at);
