-- An app's callback for the object `instagram`, one for each of its products (login 1: Instagram, 2: Facebook).
CREATE TABLE app_subscription (
    app_id       BIGINT NOT NULL,
    login        BIGINT NOT NULL,
    endpoint_id  BIGINT NOT NULL UNIQUE,
    callback_url TEXT   NOT NULL,
    fields       TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    PRIMARY KEY (app_id, login)
);
-- The accounts whose events an app gets, by the login through which it subscribed them.
CREATE TABLE account_subscription (
    account_id BIGINT NOT NULL,
    app_id     BIGINT NOT NULL,
    login      BIGINT NOT NULL,
    fields     TEXT   NOT NULL,
    PRIMARY KEY (account_id, app_id, login)
);
