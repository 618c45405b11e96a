-- An account's messenger profile: each property as JSON, a list of entries for locales; NULL: not set.
CREATE TABLE messenger_profile (
    account_id      BIGINT NOT NULL PRIMARY KEY,
    ice_breakers    TEXT,
    persistent_menu TEXT
);
