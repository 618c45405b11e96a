-- An app has two products with an id and a secret each; the secrets are derived, not stored.
CREATE TABLE app (
    app_id           BIGINT NOT NULL PRIMARY KEY,
    instagram_app_id BIGINT NOT NULL UNIQUE,
    name             TEXT   NOT NULL,
    live             BIGINT NOT NULL,
    human_agent      BIGINT NOT NULL
);
