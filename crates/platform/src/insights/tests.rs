use serde_json::{Value, json};
use testkit::Sandbox;

/// A day's number in `values`, and its end.
fn point(value: i64, end: &str) -> Value {
    json!({ "value": value, "end_time": end })
}

struct World(Sandbox);

impl World {
    async fn start() -> Self {
        Self(Sandbox::start().await)
    }

    /// `GET /{account}/insights`, which must succeed: `data`.
    async fn account(&self, query: &str) -> Value {
        let path = format!("/v25.0/me/insights?period=day&{query}");
        let answer = self.0.get(&path).token(self.0.env("IG_ACCESS_TOKEN")).ok().await;
        answer.json()["data"].clone()
    }

    /// The one total of a metric.
    async fn total(&self, query: &str) -> Value {
        let data = self.account(&format!("metric_type=total_value&metric={query}")).await;
        data[0]["total_value"].clone()
    }

    /// `GET /{media}/insights`, which must succeed: values by metric.
    async fn media(&self, metrics: &str) -> Value {
        let path = format!("/v25.0/{}/insights?metric={metrics}", self.0.env("IG_MEDIA_ID"));
        let answer = self.0.get(&path).token(self.0.env("IG_ACCESS_TOKEN")).ok().await.json();
        let data = answer["data"].as_array().unwrap();
        data.iter()
            .map(|e| (e["name"].as_str().unwrap().to_owned(), e["values"][0]["value"].clone()))
            .collect()
    }

    async fn engage(&self, who: &str, action: &str) {
        let media = self.0.env("IG_MEDIA_ID");
        let path = format!("people/{who}/engage");
        self.0.sim(&path, json!({ "media_id": media, "action": action })).await;
    }
}

const ANA: &str = "ana.customer";
const BEN: &str = "ben.customer";

#[tokio::test]
async fn people_count_once_a_day_a_week_and_a_range() {
    let world = World::start().await;
    world.engage(ANA, "view").await;
    world.engage(ANA, "view").await;
    world.0.advance("24h").await;
    world.engage(ANA, "view").await;
    world.engage(BEN, "view").await;
    // It is nine in the morning in London, so one at night in California.
    let days = world.account("metric=reach").await;
    assert_eq!(
        days[0]["values"],
        json!([point(1, "2026-03-03T08:00:00+0000"), point(2, "2026-03-04T08:00:00+0000")])
    );
    let week =
        world.0.get("/v25.0/me/insights?metric=reach&period=week").token(world.0.env("IG_ACCESS_TOKEN"));
    let week = week.ok().await.json();
    assert_eq!(week["data"][0]["values"][0]["value"], 1);
    assert_eq!(week["data"][0]["values"][1]["value"], 2, "Ana counts once in the week");
    assert_eq!(world.total("reach").await, json!({ "value": 2 }));
    assert_eq!(world.total("views").await, json!({ "value": 4 }));
    let by = world.total("reach&breakdown=media_product_type,follow_type").await;
    assert_eq!(
        by["breakdowns"],
        json!([{
            "dimension_keys": ["media_product_type", "follow_type"],
            "results": [{ "dimension_values": ["POST", "NON_FOLLOWER"], "value": 2 }],
        }])
    );
    assert_eq!(world.media("reach,views").await, json!({ "reach": 2, "views": 4 }));
}

#[tokio::test]
async fn what_is_taken_back_no_longer_counts() {
    let world = World::start().await;
    for action in ["like", "like", "save", "share", "share", "repost"] {
        world.engage(ANA, action).await;
    }
    world.engage(BEN, "like").await;
    let counted = world.media("likes,saved,shares,reposts,total_interactions").await;
    assert_eq!(
        counted,
        json!({ "likes": 2, "saved": 1, "shares": 2, "reposts": 1, "total_interactions": 5 })
    );
    world.engage(ANA, "unlike").await;
    world.engage(ANA, "unlike").await;
    world.engage(ANA, "unsave").await;
    assert_eq!(world.media("likes,saved").await, json!({ "likes": 1, "saved": 0 }));
    assert_eq!(world.total("likes").await["value"], 1);
    assert_eq!(world.total("total_interactions").await["value"], 3);
    assert_eq!(world.total("accounts_engaged").await["value"], 2);
    let node = format!("/v25.0/{}?fields=like_count", world.0.env("IG_MEDIA_ID"));
    let node = world.0.get(&node).token(world.0.env("IG_ACCESS_TOKEN")).ok().await.json();
    assert_eq!(node["like_count"], 1);
    // More is taken back than was done on the days asked for: no total is less than nothing.
    world.0.advance("72h").await;
    world.engage(BEN, "unlike").await;
    assert_eq!(world.total("likes").await["value"], 0);
}

#[tokio::test]
async fn the_profile_and_its_buttons() {
    let world = World::start().await;
    let to = world.0.env("IG_USERNAME");
    for action in ["profile_view", "link_tap", "email_tap", "call_tap", "call_tap"] {
        world.0.sim("people/ana.customer/engage", json!({ "to": to, "action": action })).await;
    }
    world.engage(BEN, "profile_view").await;
    world.engage(BEN, "email_tap").await;
    world.engage(BEN, "link_tap").await;
    assert_eq!(world.total("profile_views").await["value"], 2);
    assert_eq!(world.total("website_clicks").await["value"], 2);
    let taps = world.total("profile_links_taps&breakdown=contact_button_type").await;
    assert_eq!(taps["value"], 4);
    let results = &taps["breakdowns"][0]["results"];
    assert_eq!(results[0], json!({ "dimension_values": ["CALL"], "value": 2 }));
    assert_eq!(results[1], json!({ "dimension_values": ["EMAIL"], "value": 2 }));
    assert_eq!(
        world.media("profile_visits,profile_activity").await,
        json!({ "profile_visits": 1, "profile_activity": 2 })
    );
}

#[tokio::test]
async fn followers_are_told_from_a_hundred_on() {
    let world = World::start().await;
    let to = world.0.env("IG_USERNAME").to_owned();
    let media = world.0.env("IG_MEDIA_ID").to_owned();
    let about = json!({ "age": 31, "country": "PT", "city": "Lisbon, Lisboa", "gender": "F" });
    world.0.call("PATCH", "/sim/people/ana.customer").json(&about).ok().await;
    world.0.sim("people/ana.customer/follow", json!({ "to": to, "media_id": media })).await;
    world.0.sim("people/ana.customer/follow", json!({ "to": to })).await;
    world.0.sim("people/ben.customer/follow", json!({ "to": to })).await;
    world.0.sim("people/ben.customer/unfollow", json!({ "to": to })).await;
    let demographics = "/v25.0/me/insights?metric=follower_demographics&period=lifetime&metric_type=total_value\
        &timeframe=this_month&breakdown=";
    let of = async |by: &str| {
        let call = world.0.get(&format!("{demographics}{by}")).token(world.0.env("IG_ACCESS_TOKEN"));
        call.ok().await.json()
    };
    assert_eq!(world.account("metric=follower_count").await, json!([]));
    assert_eq!(of("country").await, json!({ "data": [] }));
    let many = json!({ "followers_count": 100 });
    world.0.call("PATCH", &format!("/sim/accounts/{to}")).json(&many).ok().await;
    let count = world.account("metric=follower_count").await;
    assert_eq!(count[0]["values"][1]["value"], 2);
    let both = world.total("follows_and_unfollows&breakdown=follow_type").await;
    let results = json!([
        { "dimension_values": ["FOLLOWER"], "value": 2 },
        { "dimension_values": ["NON_FOLLOWER"], "value": 1 },
    ]);
    assert_eq!(both, json!({ "breakdowns": [{ "dimension_keys": ["follow_type"], "results": results }] }));
    let bare = world.account("metric_type=total_value&metric=follows_and_unfollows").await;
    assert!(bare[0].get("total_value").is_none(), "{bare}");
    for (by, value) in [("country", "PT"), ("city", "Lisbon, Lisboa"), ("age", "25-34"), ("gender", "F")] {
        let row = json!([{ "dimension_values": ["THIS_MONTH", value], "value": 1 }]);
        let told = of(by).await["data"][0]["total_value"].clone();
        assert_eq!(told["breakdowns"], json!([{ "dimension_keys": ["timeframe", by], "results": row }]));
    }
    // Who moves counts elsewhere.
    world.0.call("PATCH", "/sim/people/ana.customer").json(&json!({ "country": "GB" })).ok().await;
    let moved = of("country").await["data"][0]["total_value"]["breakdowns"][0]["results"].clone();
    assert_eq!(moved, json!([{ "dimension_values": ["THIS_MONTH", "GB"], "value": 1 }]));
    assert_eq!(world.media("follows").await["follows"], 1);
    // What followers do shows that they are in the app.
    world.engage(ANA, "view").await;
    let online = "/v25.0/me/insights?metric=online_followers&period=lifetime";
    let online = world.0.get(online).token(world.0.env("IG_ACCESS_TOKEN")).ok().await.json();
    let hours = &online["data"][0]["values"][1]["value"];
    // Both were there when they followed.
    assert_eq!((hours["1"].as_i64(), hours["2"].as_i64()), (Some(2), Some(0)));
    let split = world.total("views&breakdown=follower_type").await;
    assert_eq!(split["breakdowns"][0]["dimension_keys"], json!(["follower_type"]));
    assert_eq!(split["breakdowns"][0]["results"][0]["dimension_values"], json!(["FOLLOWER"]));
}

#[tokio::test]
async fn a_past_is_the_same_for_the_same_seed_and_holds_together() {
    let world = World::start().await;
    let past = json!({ "days": 90, "followers": 40_000, "seed": 5 });
    let first = world.0.sim("accounts/posthaste.shop/history", past.clone()).await;
    assert!(first["events"].as_i64().unwrap() > 400_000, "{first}");
    let range = "since=2026-02-01&until=2026-02-28";
    let asked = format!(
        "metric_type=total_value&{range}&metric=reach,views,likes,accounts_engaged,total_interactions"
    );
    let told = world.account(&asked).await;
    let value = |at: usize| told[at]["total_value"]["value"].as_i64().unwrap();
    let (reach, views, likes, engaged, interactions) = (value(0), value(1), value(2), value(3), value(4));
    assert!(reach < views && likes < interactions && engaged < interactions && engaged > 0, "{told}");
    let days = world.account(&format!("{range}&metric=reach")).await;
    let days: i64 =
        days[0]["values"].as_array().unwrap().iter().map(|day| day["value"].as_i64().unwrap()).sum();
    assert!(reach < days, "those who come again count once: {reach} of {days}");
    let again = world.0.sim("accounts/posthaste.shop/history", past).await;
    assert_eq!(first, again);
    assert_eq!(world.account(&asked).await, told);
    let other = json!({ "days": 90, "followers": 40_000, "seed": 6 });
    world.0.sim("accounts/posthaste.shop/history", other).await;
    assert_ne!(world.account(&asked).await, told);
    // What happens today comes on top.
    let today = "since=2026-03-02&until=2026-03-02";
    world.engage(ANA, "view").await;
    assert_eq!(world.total(&format!("views&{today}")).await["value"], 1);
    for metric in ["engaged_audience_demographics", "reached_audience_demographics", "follower_demographics"]
    {
        let path = format!(
            "/v25.0/me/insights?metric={metric}&period=lifetime&metric_type=total_value&timeframe=this_week&breakdown=city"
        );
        let answer = world.0.get(&path).token(world.0.env("IG_ACCESS_TOKEN")).ok().await.json();
        let results =
            answer["data"][0]["total_value"]["breakdowns"][0]["results"].as_array().unwrap().clone();
        assert_eq!(results[0]["dimension_values"][1], "Lisbon, Lisboa", "{metric}");
        assert_eq!(results.len(), 8);
    }
}

#[tokio::test]
async fn acts_that_the_app_does_not_offer_are_refused() {
    let world = World::start().await;
    let (media, story) = (world.0.env("IG_MEDIA_ID").to_owned(), world.0.env("STORY_ID").to_owned());
    let refused = async |body: Value, status: u16, parameter: &str| {
        let answer = world.0.post("/sim/people/ana.customer/engage").json(&body).send().await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        assert_eq!(answer.json()["error"]["parameter"], parameter, "{body}");
    };
    refused(json!({ "action": "like" }), 400, "media_id").await;
    refused(json!({ "media_id": media, "action": "poke" }), 400, "action").await;
    refused(json!({ "media_id": media, "action": "tap_exit" }), 409, "action").await;
    refused(json!({ "media_id": story, "action": "save" }), 409, "action").await;
    refused(json!({ "media_id": media, "action": "view", "watched": "3s" }), 409, "action").await;
    refused(json!({ "media_id": media, "action": "like", "skipped": true }), 400, "watched").await;
    refused(json!({ "media_id": "1", "action": "like" }), 400, "media_id").await;
    refused(json!({ "media_id": "17900000000000999", "action": "like" }), 404, "media_id").await;
    refused(json!({ "to": "posthaste.cafe", "media_id": media, "action": "like" }), 404, "media_id").await;
    refused(json!({ "to": "posthaste.cafe", "action": "like" }), 404, "media_id").await;
    world.0.advance("25h").await;
    refused(json!({ "media_id": story, "action": "view" }), 409, "media_id").await;
    for (path, body) in [
        ("/sim/accounts/posthaste.shop/history", json!({ "days": 0 })),
        ("/sim/accounts/posthaste.shop/history", json!({ "followers": -1 })),
    ] {
        assert_eq!(world.0.post(path).json(&body).send().await.status, 400, "{body}");
    }
    for body in [
        json!({ "age": 12 }),
        json!({ "country": "Portugal" }),
        json!({ "gender": "X" }),
        json!({ "city": "" }),
    ] {
        let answer = world.0.call("PATCH", "/sim/people/ana.customer").json(&body).send().await;
        assert_eq!(answer.status, 400, "{body}");
    }
}

/// As clients ask for it with the node itself; the links work.
#[tokio::test]
async fn insights_are_a_field_of_their_node_too() {
    let world = World::start().await;
    world.engage(ANA, "view").await;
    let token = world.0.env("IG_ACCESS_TOKEN");
    let fields =
        "username,insights.metric(views,likes).period(day).metric_type(total_value){name,total_value}";
    let me = world.0.get(&format!("/v25.0/me?fields={fields}")).token(token).ok().await.json();
    let id = world.0.env("IG_ID");
    assert_eq!(
        me["insights"]["data"],
        json!([
            { "name": "views", "total_value": { "value": 1 }, "id": format!("{id}/insights/views/day") },
            { "name": "likes", "total_value": { "value": 0 }, "id": format!("{id}/insights/likes/day") },
        ])
    );
    let previous = me["insights"]["paging"]["previous"].as_str().unwrap().to_owned();
    let path = previous.strip_prefix("http://127.0.0.1:8430").unwrap();
    assert_eq!(world.0.get(path).ok().await.json()["data"][0]["total_value"]["value"], 0);
    let media = world.0.env("IG_MEDIA_ID");
    let post = format!("/v25.0/{media}?fields=caption,insights.metric(views)");
    let post = world.0.get(&post).token(token).ok().await.json();
    assert_eq!(post["insights"]["data"][0]["values"], json!([{ "value": 1 }]));
    let wrong = world.0.get("/v25.0/me?fields=insights.metric(plays).period(day)").token(token).send().await;
    assert!(wrong.message().contains("metric[0] must be one of"), "{}", wrong.text());
    // A token without the permission reads the node, but not this.
    let body = json!({ "app": world.0.env("APP_ID"), "account": "posthaste.shop", "scopes": ["instagram_business_basic"] });
    let without = world.0.sim("tokens", body).await;
    let without = without["access_token"].as_str().unwrap();
    world.0.get("/v25.0/me?fields=username").token(without).ok().await;
    let refused =
        world.0.get(&format!("/v25.0/{media}?fields=insights.metric(views)")).token(without).send().await;
    assert_eq!(refused.error(), (403, 10, 0));
}
