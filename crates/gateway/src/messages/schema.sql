-- at: where it stands in its conversation. mid: Instagram's id, of what came from there. doc: as the API shows it. earlier:
-- its contents before it was edited, as a JSON list.
CREATE TABLE message (
  conversation_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  mid TEXT,
  doc TEXT NOT NULL,
  earlier TEXT NOT NULL,
  PRIMARY KEY (conversation_id, at, message_id)
);

CREATE UNIQUE INDEX message_by_id ON message (message_id);

CREATE INDEX message_by_mid ON message (conversation_id, mid);

-- A file at Instagram that a message shows: the gateway's address streams it from there.
CREATE TABLE media (
  media_id TEXT NOT NULL PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  url TEXT NOT NULL
);

CREATE INDEX media_of_message ON media (conversation_id, message_id);
