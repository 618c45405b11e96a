-- A file that the business uploaded; its bytes are the blob of that id. for_message: it goes with its message.
CREATE TABLE attachment (
  attachment_id TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  for_message BIGINT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL
);

CREATE INDEX attachment_of_conversation ON attachment (conversation_id, attachment_id);

CREATE INDEX attachment_of_app ON attachment (app_id, attachment_id);
