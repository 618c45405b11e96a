CREATE TABLE switchboard (
  app_id TEXT NOT NULL PRIMARY KEY,
  switchboard_id TEXT NOT NULL,
  doc TEXT NOT NULL
);

CREATE TABLE switchboard_integration (
  app_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (app_id, entry_id)
);
