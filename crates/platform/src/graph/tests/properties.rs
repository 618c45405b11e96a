//! What holds for all pages, fields and batches: tried on many that follow from a seed.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Dice, Sandbox};

async fn get(sandbox: &Sandbox, path: &str, token: &str) -> Value {
    sandbox.get(path).token(token).ok().await.json()
}

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

/// Walks an edge for and back with pages of all sizes: each page is the piece of the edge that it should be, and says
/// whether there is more in either direction.
async fn walk(sandbox: &Sandbox, dice: &Dice, path: &str, token: &str, expected: usize) {
    let all = get(sandbox, &format!("{path}limit=100"), token).await;
    let order = ids(&all);
    assert_eq!(order.len(), expected, "{path}");
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), expected, "{path}: an entry stands twice");
    let (mut from, mut cursors) = (0..0, Value::Null);
    for _ in 0..40 {
        let limit = dice.of(expected + 2) + 1;
        let (range, query) = match (from.is_empty(), dice.coin()) {
            (true, _) => (0..limit.min(expected), String::new()),
            (false, true) => (
                from.end..(from.end + limit).min(expected),
                format!("&after={}", cursors["after"].as_str().unwrap()),
            ),
            (false, false) => match cursors["before"].as_str() {
                Some(before) => (from.start.saturating_sub(limit)..from.start, format!("&before={before}")),
                None => continue,
            },
        };
        let page = get(sandbox, &format!("{path}limit={limit}{query}"), token).await;
        assert_eq!(ids(&page), order[range.clone()], "{path}limit={limit}{query}");
        if range.is_empty() {
            assert_eq!(page, json!({"data": []}), "nothing follows, so there are no cursors");
            from = 0..0;
            continue;
        }
        let paging = &page["paging"];
        assert_eq!(paging.get("next").is_some(), range.end < expected, "{path}limit={limit}{query}");
        assert_eq!(paging.get("previous").is_some(), range.start > 0, "{path}limit={limit}{query}");
        (from, cursors) = (range, paging["cursors"].clone());
    }
}

#[tokio::test]
async fn every_page_is_the_piece_that_its_cursor_says() {
    let (sandbox, dice) = (Sandbox::start().await, Dice::new(11));
    for n in 0..9 {
        let name = format!("person{n}");
        sandbox.sim("people", json!({"username": name})).await;
        for account in ["posthaste.shop", "posthaste.cafe"] {
            let body = json!({"to": account, "text": "Hi"});
            sandbox.sim(&format!("people/{name}/send"), body).await;
        }
        // Several within one instant, one minute, and one day.
        sandbox.advance(dice.one(&["0s", "0s", "20s", "70s", "5h"])).await;
    }
    for n in 0..12 {
        sandbox.person_writes("IG_USERNAME", &n.to_string()).await;
        sandbox.person_writes("PAGE_IG_USERNAME", &n.to_string()).await;
    }
    let (own, page) = (sandbox.env("IG_ACCESS_TOKEN"), sandbox.env("PAGE_ACCESS_TOKEN"));
    for (token, node) in [(own, "me"), (page, "me")] {
        walk(&sandbox, &dice, &format!("/{node}/conversations?platform=instagram&"), token, 10).await;
        let list = get(&sandbox, "/me/conversations?platform=instagram&limit=1", token).await;
        let newest = ids(&list)[0].clone();
        walk(&sandbox, &dice, &format!("/{newest}/messages?"), token, 13).await;
    }
    let user = sandbox.env("USER_ACCESS_TOKEN");
    for n in 0..7 {
        sandbox.sim("ads", json!({"account": sandbox.env("PAGE_IG_USERNAME")})).await;
        let flow = json!({
            "name": n.to_string(), "eligible_platforms": ["instagram"],
            "welcome_message_flow": [{"message": {"text": "Hi"}}],
        });
        sandbox.post("/me/welcome_message_flows").token(own).json(&flow).ok().await;
    }
    let account = get(&sandbox, "/me/adaccounts", user).await["data"][0]["id"].clone();
    for edge in ["ads", "adcreatives"] {
        walk(&sandbox, &dice, &format!("/{}/{edge}?", account.as_str().unwrap()), user, 7).await;
    }
    walk(&sandbox, &dice, "/me/welcome_message_flows?", own, 7).await;
}

/// Whatever is asked for, exactly that is answered, and the id besides.
#[tokio::test]
async fn an_answer_has_the_asked_fields_and_no_others() {
    let (sandbox, dice) = (Sandbox::start().await, Dice::new(12));
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let list = get(&sandbox, "/me/conversations?fields=messages", token).await;
    let conversation = ids(&list)[0].clone();
    let mid = list["data"][0]["messages"]["data"][0]["id"].as_str().unwrap().to_owned();
    let (igsid, media) = (sandbox.env("IGSID"), sandbox.env("IG_MEDIA_ID"));
    for (node, fields) in [
        ("me", &["user_id", "username", "name", "account_type", "followers_count", "media_count"][..]),
        (igsid, &["name", "username", "profile_pic", "follower_count", "is_user_follow_business"]),
        (media, &["media_type", "media_product_type", "permalink", "timestamp", "username", "owner"]),
        (&conversation, &["updated_time", "participants", "messages"]),
        (&mid, &["created_time", "from", "to", "message"]),
    ] {
        for _ in 0..30 {
            let mut asked: BTreeSet<&str> =
                (0..dice.of(fields.len() + 1)).map(|_| dice.one(fields)).collect();
            let with_id = dice.coin();
            let mut words: Vec<&str> = asked.iter().copied().chain(with_id.then_some("id")).collect();
            // In any order, with blanks, and with a comma too many.
            let turn = dice.of(words.len().max(1));
            words.rotate_left(turn);
            let list = words.join(dice.one(&[",", ", ", " ,"]));
            if words.is_empty() {
                continue;
            }
            let list = form_urlencoded::byte_serialize(list.as_bytes()).collect::<String>();
            let answer =
                get(&sandbox, &format!("/{node}?fields={list}{}", dice.one(&["", ","])), token).await;
            asked.insert("id");
            let keys: BTreeSet<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, asked, "{node} {list}");
        }
    }
}

/// A request of a batch is made exactly if everything that it needs succeeded; the whole is refused exactly if something
/// needs what does not stand before it.
#[tokio::test]
async fn what_a_batch_refers_to_decides_what_is_done() {
    let (sandbox, dice) = (Sandbox::start().await, Dice::new(13));
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let (mut refused, mut undone) = (0, 0);
    for _ in 0..150 {
        let count = dice.of(8) + 1;
        let mut batch = Vec::new();
        let mut needs: Vec<Option<usize>> = Vec::new();
        for at in 0..count {
            // Mostly something that stands before.
            let need = dice.coin().then(|| dice.of(if dice.of(8) == 0 { count } else { at.max(1) }));
            let field = if dice.of(4) == 0 { "shoes" } else { "user_id" };
            let mut entry =
                json!({"method": "GET", "name": format!("r{at}"), "omit_response_on_success": false});
            entry["relative_url"] = match need {
                Some(need) if dice.coin() => {
                    entry["depends_on"] = format!("r{need}").into();
                    format!("me?fields={field}").into()
                }
                Some(need) => format!("{{result=r{need}:$.user_id}}?fields={field}").into(),
                None => format!("me?fields={field}").into(),
            };
            batch.push(entry);
            needs.push(need);
        }
        let answer = sandbox.post("/").token(token).json(&json!({"batch": batch})).send().await;
        let unresolved = needs.iter().enumerate().find(|(at, need)| need.is_some_and(|need| need >= *at));
        if let Some((at, need)) = unresolved {
            let text = format!(
                "Request {at} cannot depend on an  unresolved request with  name r{}.",
                need.unwrap()
            );
            assert!(
                answer.status == 400 && answer.message().starts_with(&text),
                "{batch:?}: {}",
                answer.text()
            );
            refused += 1;
            continue;
        }
        let mut good: Vec<bool> = Vec::new();
        for (at, done) in answer.json().as_array().unwrap().iter().enumerate() {
            let asks_well = batch[at]["relative_url"].as_str().unwrap().ends_with("user_id");
            let expected = match needs[at] {
                Some(need) if !good[need] => 424,
                _ if asks_well => 200,
                _ => 400,
            };
            assert_eq!(done["code"], expected, "{at} of {batch:?}");
            undone += usize::from(expected == 424);
            good.push(expected == 200);
        }
    }
    assert!(refused > 10 && undone > 10, "the dice fell too well: {refused}, {undone}");
}
