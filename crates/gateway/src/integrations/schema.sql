-- doc is the resource as the API shows it. secrets: what signs and opens the account, as sealed JSON; none for custom ones.
-- business_id: the Instagram account's id; empty for custom ones.
CREATE TABLE integration (
  integration_id TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL,
  type TEXT NOT NULL,
  business_id TEXT NOT NULL,
  doc TEXT NOT NULL,
  secrets {bytes}
);

CREATE INDEX integration_of_app ON integration (app_id, integration_id);

CREATE INDEX integration_of_business ON integration (business_id, integration_id);
