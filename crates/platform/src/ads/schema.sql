-- What ads show. ad_account: the advertiser's account; 0: made in the Instagram app. flow_id: the welcome message flow that a
-- tap leads to; 0: none. spec: the request's object_story_spec and asset_feed_spec (JSON).
CREATE TABLE ad_creative (
    account_id  BIGINT NOT NULL,
    creative_id BIGINT NOT NULL,
    ad_account  BIGINT NOT NULL,
    flow_id     BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    photo_url   TEXT,
    video_url   TEXT,
    spec        TEXT   NOT NULL,
    PRIMARY KEY (account_id, creative_id)
);
CREATE INDEX ad_creative_by_ad_account ON ad_creative (ad_account, creative_id);
-- Click-to-Direct ads. flow_id repeats the creative's: whether a flow is used is asked with each listing of flows.
-- reference: the ref that the referral carries; empty: none. Instants are microseconds.
CREATE TABLE ad (
    account_id  BIGINT NOT NULL,
    ad_id       BIGINT NOT NULL,
    ad_account  BIGINT NOT NULL,
    creative_id BIGINT NOT NULL,
    flow_id     BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    reference   TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, ad_id)
);
CREATE INDEX ad_by_ad_account ON ad (ad_account, ad_id);
CREATE INDEX ad_by_flow ON ad (account_id, flow_id);
