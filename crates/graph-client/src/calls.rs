//! The calls.

use crate::answers::text;
use crate::{Access, Business, Client, Failure, Kind, Seen};
use clock::Micros;
use graph_api::{Host, time};
use http::Method;
use serde_json::{Map, Value, json};

/// How many messages of a conversation have details (reference, section 6.3).
const READABLE: usize = 20;

impl Client {
    /// The account that the token belongs to: the token's own, or the one that is linked to the page.
    ///
    /// # Errors
    /// Also if the page has no Instagram account: [`Kind::Permanent`].
    pub async fn business(&self, access: &Access) -> Result<Business, Failure> {
        match access.host {
            Host::Instagram => {
                let me = self
                    .call(access, Method::GET, "me", &[("fields", "user_id,username,name")], None)
                    .await?;
                // `id` is another number than the one that webhooks carry (reference of the webhooks, section 3).
                let of = |name: &str| me.get(name).map(text).unwrap_or_default();
                Ok(Business { id: of("user_id"), username: of("username"), name: of("name"), page_id: None })
            }
            Host::Facebook => {
                let fields = [("fields", "id,instagram_business_account{id,username,name}")];
                let page = self.call(access, Method::GET, "me", &fields, None).await?;
                let Some(Value::Object(account)) = page.get("instagram_business_account") else {
                    let message = "No Instagram professional account is linked to the page".to_owned();
                    return Err(Failure { kind: Kind::Permanent, message, ..Failure::unsent("") });
                };
                let of = |name: &str| account.get(name).map(text).unwrap_or_default();
                let page_id = page.get("id").map(text);
                Ok(Business { id: of("id"), username: of("username"), name: of("name"), page_id })
            }
        }
    }

    /// Has the app hear of the account: `POST /me/subscribed_apps`.
    pub async fn subscribe(&self, access: &Access) -> Result<(), Failure> {
        // The names differ on the two hosts; which page field it is does not matter (reference, section 2.3).
        let fields = match access.host {
            Host::Instagram => {
                "messages,messaging_postbacks,messaging_seen,messaging_referral,message_reactions,message_edit,\
                 messaging_handover,standby"
            }
            Host::Facebook => {
                "messages,messaging_postbacks,message_reads,messaging_referrals,message_reactions,messaging_handovers,\
                 standby"
            }
        };
        let body = json!({ "subscribed_fields": fields });
        self.call(access, Method::POST, "me/subscribed_apps", &[], Some(&body)).await.map(|_| ())
    }

    /// Ends that: `DELETE /me/subscribed_apps`.
    pub async fn unsubscribe(&self, access: &Access) -> Result<(), Failure> {
        self.call(access, Method::DELETE, "me/subscribed_apps", &[], None).await.map(|_| ())
    }

    /// Sets the app's callback for Instagram: `POST /{app}/subscriptions` with the app's token. `app_id` and `secret` are
    /// those of the product whose accounts are to be heard of.
    pub async fn set_callback(
        &self,
        app_id: &str,
        token: &str,
        callback_url: &str,
        verify_token: &str,
    ) -> Result<(), Failure> {
        let body = json!({
            "object": "instagram",
            "callback_url": callback_url,
            "verify_token": verify_token,
            "fields": "messages,messaging_postbacks,messaging_seen,messaging_referral,message_reactions,message_edit,\
                       messaging_handover,standby",
        });
        let path = format!("{app_id}/subscriptions");
        self.exchange(Host::Facebook, token, Method::POST, &path, &[], Some(&body)).await.map(|_| ())
    }

    /// Sends: `POST /me/messages`. Answers the `message_id`, or none where what was done makes no message.
    pub async fn send(&self, access: &Access, body: &Value) -> Result<Option<String>, Failure> {
        let sent = self.call(access, Method::POST, "me/messages", &[], Some(body)).await?;
        Ok(sent.get("message_id").map(text))
    }

    /// A person's profile as the API gives it: `GET /{IGSID}` (doc: User Profile API).
    pub async fn profile(&self, access: &Access, igsid: &str) -> Result<Map<String, Value>, Failure> {
        let fields = "name,username,profile_pic,follower_count,is_verified_user,is_user_follow_business,\
                      is_business_follow_user";
        self.call(access, Method::GET, &path_segment(igsid), &[("fields", fields)], None).await
    }

    /// The people whose conversations with the account have changed since `since`, the latest first.
    pub async fn conversations(
        &self,
        access: &Access,
        account_id: &str,
        since: Micros,
    ) -> Result<Vec<String>, Failure> {
        let mut people = Vec::new();
        let mut after = String::new();
        loop {
            let mut query =
                vec![("platform", "instagram"), ("fields", "id,updated_time,participants"), ("limit", "50")];
            if !after.is_empty() {
                query.push(("after", &after));
            }
            let found = self.call(access, Method::GET, "me/conversations", &query, None).await?;
            let list = found.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for conversation in list {
                let updated =
                    conversation["updated_time"].as_str().and_then(time::parse).unwrap_or(Micros(0));
                if updated < since {
                    return Ok(people);
                }
                let both = conversation.pointer("/participants/data").and_then(Value::as_array);
                let other =
                    both.into_iter().flatten().map(|one| text(&one["id"])).find(|id| id != account_id);
                people.extend(other.filter(|id| !id.is_empty()));
            }
            let next = found.get("paging").and_then(|paging| paging.pointer("/cursors/after")).map(text);
            match next.filter(|next| !next.is_empty() && *next != after && !list.is_empty()) {
                Some(next) => after = next,
                None => return Ok(people),
            }
        }
    }

    /// The newest messages of the conversation with a person, the newest first; empty if there is no conversation.
    pub async fn newest_messages(
        &self,
        access: &Access,
        account_id: &str,
        igsid: &str,
    ) -> Result<Vec<Seen>, Failure> {
        let fields = format!("messages.limit({READABLE}){{id,created_time,from,message,attachments}}");
        let query = [("platform", "instagram"), ("user_id", igsid), ("fields", fields.as_str())];
        let found = self.call(access, Method::GET, "me/conversations", &query, None).await?;
        let messages = found
            .get("data")
            .and_then(|list| list.get(0))
            .and_then(|conversation| conversation.pointer("/messages/data"))
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        Ok(messages.iter().filter_map(|message| seen(message, account_id)).collect())
    }
}

fn seen(message: &Value, account_id: &str) -> Option<Seen> {
    let from = message.pointer("/from/id").map(text).unwrap_or_default();
    let shown =
        message.pointer("/attachments/data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(Seen {
        mid: message.get("id").map(text).filter(|mid| !mid.is_empty())?,
        at: time::parse(message.get("created_time")?.as_str()?)?,
        from_account: from == account_id,
        text: message.get("message").map(text).unwrap_or_default(),
        attachments: shown.len(),
        files: shown.iter().filter_map(file).collect(),
    })
}

/// An attachment that is a file.
fn file(shown: &Value) -> Option<(&'static str, String)> {
    let of = |path: &str| shown.pointer(path).and_then(Value::as_str).map(str::to_owned);
    if let Some(url) = of("/image_data/url") {
        return Some(("image", url));
    }
    if let Some(url) = of("/video_data/url") {
        return Some(("video", url));
    }
    let is_audio = shown["mime_type"].as_str().is_some_and(|kind| kind.starts_with("audio/"));
    Some((if is_audio { "audio" } else { "file" }, of("/file_url")?))
}

/// Ids are digits; anything else must not reach another path.
fn path_segment(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect()
}
