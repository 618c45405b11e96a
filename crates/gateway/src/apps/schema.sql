CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, last BIGINT NOT NULL);

-- doc is the resource as the API shows it.
CREATE TABLE app (
  app_id TEXT NOT NULL PRIMARY KEY,
  doc TEXT NOT NULL
);

-- scope: account, app, integration; what a scope has no use for is empty. secret is sealed.
CREATE TABLE api_key (
  key_id TEXT NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL,
  app_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  secret {bytes} NOT NULL
);

CREATE INDEX api_key_of ON api_key (app_id, integration_id, key_id);
