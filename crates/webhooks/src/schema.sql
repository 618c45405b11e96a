-- What is on its way. A row is in exactly one of the three tables, and in none once it is delivered.

CREATE TABLE outbox (
  endpoint_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  lane BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  channel BIGINT NOT NULL,
  topic TEXT NOT NULL,
  body {bytes} NOT NULL,
  PRIMARY KEY (endpoint_id, at, lane)
);

-- Failed at least once; next_at says when the next attempt is due.
CREATE TABLE webhook_retry (
  endpoint_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  lane BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  channel BIGINT NOT NULL,
  topic TEXT NOT NULL,
  body {bytes} NOT NULL,
  attempts BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  PRIMARY KEY (endpoint_id, at, lane)
);

CREATE INDEX webhook_retry_due ON webhook_retry (endpoint_id, next_at, at, lane);

-- Given up at died_at, for reason. first_at is NULL if it was never attempted.
CREATE TABLE dead_letter (
  endpoint_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  lane BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  channel BIGINT NOT NULL,
  topic TEXT NOT NULL,
  body {bytes} NOT NULL,
  attempts BIGINT NOT NULL,
  first_at BIGINT,
  died_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (endpoint_id, at, lane)
);
