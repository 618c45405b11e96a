//! `GET /sim/people/{username}/inbox`: what the person sees.

use super::{SimResult, person};
use crate::Platform;
use crate::accounts::{self, Account};
use crate::assets::Links;
use crate::conversations::{self, Attachment, Content, Conversation, Message, ReplyTo, Shared, ShownFlow};
use crate::messenger_profile;
use crate::sim::input::Query;
use clock::Micros;
use graph_api::send::{Reaction, Template};
use graph_api::{profile, time};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Conversations newest first, messages oldest first; of each conversation the newest `limit` messages (1000).
pub(in crate::sim) async fn inbox(
    platform: &Arc<Platform>,
    who: &str,
    query: &Query,
    links: &Links<'_>,
) -> SimResult {
    let limit = u32::try_from(query.limit(1000, 10_000)?).unwrap_or(1000);
    let person = person(platform, who).await?;
    let user_no = person.user_no;
    let (conversations, accounts) = platform
        .db
        .read(move |db| {
            let mut conversations = Vec::new();
            for conversation in conversations::store::of_user(db, user_no)? {
                let messages =
                    conversations::store::newest(db, conversation.key, conversations::store::NOW, limit)?;
                let offers = messenger_profile::store::of_account(db, conversation.key.account)?;
                conversations.push((conversation, messages, offers));
            }
            Ok::<_, storage::Error>((conversations, accounts::store::all(db)?))
        })
        .await?;
    let accounts: HashMap<i64, Account> = accounts.into_iter().map(|a| (a.id, a)).collect();
    let now = platform.clock.now();
    let shown = conversations.iter().map(|(conversation, messages, offers)| {
        let account = accounts.get(&conversation.key.account);
        let with = account.map_or("", |account| &account.username);
        let view = View { conversation, with, person: &person.username, links };
        let mut seen: Vec<Value> = messages.iter().rev().map(|message| view.message(message)).collect();
        let of_flow = conversation.pending_flow.iter().flat_map(ShownFlow::to_messages);
        seen.extend(of_flow.map(|message| {
            let mut shown = view.message(&message);
            // Nobody but the person sees it.
            shown["only_shown"] = true.into();
            shown
        }));
        let mut shown = json!({
            "id": conversation.key.id(),
            "with": with,
            "folder": conversation.folder.name(),
            "messages": seen,
        });
        let (breakers, menu) = (&offers.ice_breakers, &offers.persistent_menu);
        if !breakers.is_empty() {
            shown["ice_breakers"] = json!(profile::for_locale(breakers, &person.locale));
        }
        if !menu.is_empty() {
            shown["menu"] = json!(profile::for_locale(menu, &person.locale));
        }
        // Doc: automated experiences must disclose themselves; the app shows the account's own declaration.
        if account.is_some_and(|account| account.is_automated) {
            shown["automated"] = true.into();
        }
        if conversation.typing_until > now {
            shown["typing"] = true.into();
        }
        shown
    });
    Ok(json!({ "conversations": shown.collect::<Vec<Value>>() }))
}

/// A conversation as one of its sides sees it.
pub(super) struct View<'a> {
    pub(super) conversation: &'a Conversation,
    pub(super) with: &'a str,
    pub(super) person: &'a str,
    pub(super) links: &'a Links<'a>,
}

impl View<'_> {
    pub(super) fn message(&self, message: &Message) -> Value {
        let mut shown = Map::new();
        let mut set = |name: &str, value: Value| {
            shown.insert(name.to_owned(), value);
        };
        set("mid", self.mid(message.at));
        set("from", if message.from_account { self.with } else { self.person }.into());
        // An app, or a human in the Instagram app: whether a person has got through to a human shows here.
        if message.from_account {
            set("sent_by", if message.app_id == 0 { "owner" } else { "app" }.into());
        }
        set("timestamp", time::rfc3339(message.at).into());
        if !message.text.is_empty() {
            set("text", message.text.as_str().into());
        }
        set("attachments", message.attachments().iter().map(|a| self.attachment(a)).collect());
        if !message.quick_replies().is_empty() {
            set("quick_replies", json!(message.quick_replies()));
        }
        if let Some(content) = &message.content {
            self.content(content, &mut set);
        }
        set("reactions", self.reactions(message));
        if message.is_deleted {
            set("is_deleted", true.into());
        }
        if message.edits > 0 {
            set("edited", true.into());
        }
        if self.is_seen(message) {
            set("seen", true.into());
        }
        Value::Object(shown)
    }

    fn content(&self, content: &Content, set: &mut impl FnMut(&str, Value)) {
        let buttons = content.attachments.iter().find_map(|attachment| match attachment {
            Attachment::Template(Template::Button { buttons, .. }) => Some(buttons),
            _ => None,
        });
        if let Some(buttons) = buttons {
            set("buttons", json!(buttons));
        }
        match &content.reply_to {
            None => {}
            Some(ReplyTo::Message { at, .. }) => set("reply_to", json!({ "mid": self.mid(Micros(*at)) })),
            Some(ReplyTo::Story { story, .. }) => {
                set(
                    "reply_to",
                    json!({ "story": story.id.to_string(), "url": self.link(story.asset, story.ends_at) }),
                );
            }
        }
        // The app shows the comment, and links to its post (doc: Private Replies).
        if let Some(comment) = &content.comment {
            set(
                "comment",
                json!({
                    "id": comment.id.to_string(), "text": comment.text, "media_id": comment.media.to_string(),
                }),
            );
        }
        if content.is_unsupported {
            set("is_unsupported", true.into());
        }
    }

    fn attachment(&self, attachment: &Attachment) -> Value {
        let shared = |kind: &str, shared: &Shared| {
            json!({
                "type": kind,
                "url": self.link(shared.asset, shared.ends_at),
                "payload": { "media_id": shared.id.to_string(), "title": shared.title },
            })
        };
        match attachment {
            Attachment::Media { kind, asset } => {
                json!({ "type": kind.name(), "url": self.link(*asset, None) })
            }
            Attachment::LikeHeart => json!({ "type": "like_heart" }),
            Attachment::Share(media) => shared("share", media),
            Attachment::StoryMention(story) => shared("story_mention", story),
            Attachment::Template(template) => json!({ "type": "template", "payload": template }),
            Attachment::Ephemeral => json!({ "type": "ephemeral" }),
        }
    }

    fn reactions(&self, message: &Message) -> Value {
        let shown = |from: &str, reaction: &Option<Reaction>| {
            let reaction = reaction.as_ref()?;
            Some(json!({ "from": from, "reaction": reaction.name(), "emoji": reaction.emoji() }))
        };
        let both =
            [shown(self.person, &message.person_reaction), shown(self.with, &message.account_reaction)];
        both.into_iter().flatten().collect()
    }

    /// Whether the other side has seen it.
    fn is_seen(&self, message: &Message) -> bool {
        let seen_at = match message.from_account {
            true => self.conversation.person_seen_at,
            false => self.conversation.account_seen_at,
        };
        message.at <= seen_at
    }

    fn link(&self, asset: i64, until: Option<Micros>) -> String {
        self.links.asset(self.conversation.key.account, asset, until)
    }

    fn mid(&self, at: Micros) -> Value {
        self.conversation.message(at).mid().into()
    }
}
