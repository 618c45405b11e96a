-- What is counted of an account at all, and the row that whoever counts locks first. professional_since: media from before it
-- have no insights; 0 for ever. followers: how many followers there are of each age, city, country and gender.
CREATE TABLE insight_account (
    account_id BIGINT NOT NULL PRIMARY KEY,
    professional_since BIGINT NOT NULL,
    followers  TEXT   NOT NULL
);
-- One row for each account, thing that is counted, and day of Pacific time: the parts that the day's count has.
CREATE TABLE insight_day (
    account_id BIGINT NOT NULL,
    series     TEXT   NOT NULL,
    day        BIGINT NOT NULL,
    parts      TEXT   NOT NULL,
    PRIMARY KEY (account_id, series, day)
);
-- Everything that was counted of one post, reel or story.
CREATE TABLE insight_media (
    account_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    parts      TEXT   NOT NULL,
    PRIMARY KEY (account_id, media_id)
);
-- The last day on which a person belonged to those who count once: the reached, the engaged. media_id is 0 for the account
-- itself. A like, save or repost that stands is such a row too.
CREATE TABLE insight_person (
    account_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    audience   TEXT   NOT NULL,
    user_no    BIGINT NOT NULL,
    last_day   BIGINT NOT NULL,
    PRIMARY KEY (account_id, media_id, audience, user_no)
);
-- Stories whose figures are still to be told.
CREATE TABLE insight_story (
    account_id BIGINT NOT NULL,
    media_id   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    PRIMARY KEY (account_id, media_id)
);
CREATE INDEX insight_story_by_due ON insight_story (due_at);
-- Who people are, as demographics count them; empty where it is not known.
CREATE TABLE insight_traits (
    user_no BIGINT NOT NULL PRIMARY KEY,
    age     TEXT   NOT NULL,
    city    TEXT   NOT NULL,
    country TEXT   NOT NULL,
    gender  TEXT   NOT NULL
);
