-- doc is the resource as the API shows it, but for the secret, which is sealed. endpoint is its number in the outbox.
CREATE TABLE webhook (
  webhook_id TEXT NOT NULL PRIMARY KEY,
  endpoint BIGINT NOT NULL,
  app_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  doc TEXT NOT NULL,
  secret {bytes} NOT NULL
);

CREATE INDEX webhook_of_app ON webhook (app_id, integration_id, webhook_id);

CREATE UNIQUE INDEX webhook_endpoint ON webhook (endpoint);
