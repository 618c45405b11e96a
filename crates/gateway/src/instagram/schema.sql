-- What Instagram told, before and after it was dealt with: so that nothing is dealt with twice. body is empty afterwards.
CREATE TABLE inbound (
  app_id TEXT NOT NULL,
  event_key TEXT NOT NULL,
  arrived BIGINT NOT NULL,
  integration_id TEXT NOT NULL,
  body TEXT NOT NULL,
  done BIGINT NOT NULL,
  PRIMARY KEY (app_id, event_key)
);

CREATE INDEX inbound_by_arrival ON inbound (done, arrived);

-- A message on its way to Instagram. parts: what is sent one after the other, as a JSON list. done: how many are there. mids:
-- their ids, as a JSON list. state: 0 waits, 1 a POST is under way, 2 nobody knows what came of it. attempts, looks: of the
-- current part. began_at: when the current part was last tried.
CREATE TABLE outgoing (
  conversation_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  is_bot BIGINT NOT NULL,
  parts TEXT NOT NULL,
  done BIGINT NOT NULL,
  mids TEXT NOT NULL,
  state BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  looks BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, at, message_id)
);

-- What the gateway has sent: by this its own echoes are known.
CREATE TABLE sent_part (
  integration_id TEXT NOT NULL,
  mid TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  echoed BIGINT NOT NULL,
  PRIMARY KEY (integration_id, mid)
);

CREATE INDEX sent_part_by_age ON sent_part (sent_at);

-- Taken by Instagram, and not known to have reached the person. last_mid: of the last part.
CREATE TABLE undelivered (
  conversation_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  mids TEXT NOT NULL,
  last_mid TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, at, message_id)
);
