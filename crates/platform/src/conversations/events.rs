//! What happens in a conversation tells the world: webhooks to the subscribed apps, and the feed that tests wait on.

use super::{Attachment, Content, Conversation, Message, Product, Referral, ReplyTo, Shared};
use crate::assets;
use crate::directory::AccountView;
use crate::faults::content;
use crate::log::feed::Happening;
use crate::subscriptions::{About, Notice, OfFault};
use crate::{Platform, subscriptions};
use clock::Micros;
use graph_api::send::{Element, Reaction, Template};
use graph_api::webhook::{
    self, AdsContext, EventKind, MessageEdit, MessagePart, MessagingEvent, Party, Payload, Postback,
};
use graph_api::webhook::{QuickReplyPart, ReactionPart, Read, StoryPart};
use std::sync::Arc;
use storage::{Result, Tx};

/// Where an event stands: the conversation, and the microsecond that is its own in there.
pub(crate) struct Place<'a> {
    /// The platform.
    pub platform: &'a Arc<Platform>,
    /// The account, with who hears of it.
    pub account: &'a Arc<AccountView>,
    /// The conversation.
    pub conversation: &'a Conversation,
    /// What a fault has to do with what is told.
    pub fault: OfFault,
}

impl Place<'_> {
    /// The account writes to itself (doc: Self Messaging).
    fn is_self(&self) -> bool {
        self.conversation.user_no == self.account.account.user_no
    }

    /// Announces a message in the transaction that stores it: the person's as a message or postback, the account's as
    /// its echo. Returns the `mid`.
    pub(crate) fn message(&self, tx: &mut Tx<'_>, message: &Message) -> Result<String> {
        let mid = self.conversation.message(message.at).mid();
        let content = message.content.as_deref();
        match content {
            None => {
                let part = MessagePart {
                    mid: &mid,
                    text: Some(&message.text),
                    is_echo: message.from_account || self.is_self(),
                    is_self: self.is_self(),
                    ..MessagePart::default()
                };
                self.publish(tx, message.at, message.from_account, EventKind::Message(part))?;
            }
            Some(Content { postback: Some(payload), .. }) => {
                let postback = Postback {
                    mid: &mid,
                    title: &message.text,
                    payload,
                    referral: content.and_then(|c| c.referral.as_ref()).map(shown_referral),
                };
                self.publish(tx, message.at, false, EventKind::Postback(postback))?;
            }
            Some(content) => self.rich_message(tx, message, content, &mid)?,
        }
        self.told(tx, message.at, Happening::message(self.conversation.key, message));
        Ok(mid)
    }

    fn rich_message(&self, tx: &mut Tx<'_>, message: &Message, content: &Content, mid: &str) -> Result<()> {
        let (account, now) = (self.conversation.key.account, tx.now());
        let link = |asset: i64, until: Option<Micros>| {
            assets::url::for_webhook(self.platform, account, asset, (now, until))
        };
        let attachments: Vec<_> = content.attachments.iter().map(|a| self.shown(a, message, &link)).collect();
        let (parent, story_link);
        let reply_to = match &content.reply_to {
            None => None,
            Some(ReplyTo::Message { at, is_self_reply }) => {
                parent = self.conversation.message(Micros(*at)).mid();
                // Between the two sides of a thread only the person's own answers are told (unconfirmed).
                let is_self_reply = *is_self_reply && !message.from_account;
                Some(webhook::ReplyTo::Message { mid: &parent, is_self_reply })
            }
            Some(ReplyTo::Story { story, link_sticker_url }) => {
                story_link = link(story.asset, story.ends_at);
                Some(webhook::ReplyTo::Story {
                    story: StoryPart {
                        url: &story_link,
                        id: story.id.to_string(),
                        link_sticker_url: link_sticker_url.as_deref(),
                    },
                })
            }
        };
        let part = MessagePart {
            mid,
            text: Some(message.text.as_str()).filter(|text| !text.is_empty()),
            quick_reply: content.quick_reply.as_deref().map(|payload| QuickReplyPart { payload }),
            attachments: &attachments,
            reply_to,
            referral: content.referral.as_ref().map(shown_referral),
            is_echo: message.from_account || self.is_self(),
            is_self: self.is_self(),
            is_unsupported: content.is_unsupported,
            ..MessagePart::default()
        };
        self.publish(tx, message.at, message.from_account, EventKind::Message(part))
    }

    /// An attachment as an event shows it.
    fn shown<'a>(
        &self,
        attachment: &'a Attachment,
        message: &Message,
        link: &impl Fn(i64, Option<Micros>) -> String,
    ) -> webhook::Attachment<'a> {
        match attachment {
            Attachment::Media { kind, asset } => webhook::Attachment::url(kind.name(), link(*asset, None)),
            // What the echo of a heart looks like is unconfirmed; a person's heart is a picture.
            Attachment::LikeHeart if message.from_account => webhook::Attachment::bare("like_heart"),
            Attachment::LikeHeart => {
                webhook::Attachment::url("image", assets::sticker::for_webhook(self.platform))
            }
            Attachment::Share(Shared { id, product, title, asset, ends_at }) => {
                let (id, title, url) = (id.to_string(), title.as_str(), link(*asset, *ends_at).into());
                let (kind, payload) = match product {
                    // A broadcast is not shared.
                    Product::Feed | Product::Live => {
                        ("ig_post", Payload::Post { ig_post_media_id: id, title, url })
                    }
                    Product::Reels => ("ig_reel", Payload::Reel { reel_video_id: id, title, url }),
                    Product::Story => {
                        let story_media_url = url.clone();
                        ("ig_story", Payload::Story { url, story_media_id: id, story_media_url })
                    }
                };
                webhook::Attachment { kind, payload: Some(payload) }
            }
            Attachment::StoryMention(story) => {
                webhook::Attachment::url("story_mention", link(story.asset, story.ends_at))
            }
            Attachment::Template(template) => webhook::Attachment::template(cards(template)),
            Attachment::Ephemeral => webhook::Attachment::bare("ephemeral"),
        }
    }

    /// Announces that the person changed a message's text. `at` is the edit's own microsecond.
    pub(crate) fn edit(&self, tx: &mut Tx<'_>, at: Micros, message: &Message) -> Result<()> {
        let mid = self.conversation.message(message.at).mid();
        let edit = MessageEdit { mid: &mid, text: Some(&message.text), num_edit: message.edits };
        self.publish(tx, at, false, EventKind::MessageEdit(edit))?;
        self.told(tx, at, Happening::edit(self.conversation.key, message));
        Ok(())
    }

    /// Announces an edit that is none, beside a message; `missing` are the keys that it lacks. Its time is its own.
    pub(crate) fn phantom(&self, tx: &mut Tx<'_>, at: Micros, of: Micros, missing: &[String]) -> Result<()> {
        let key = self.conversation.key;
        let mid = self.conversation.message(of).mid();
        let event = MessagingEvent {
            sender: Party::new(key.igsid),
            recipient: Party::new(key.account),
            timestamp: at.millis(),
            is_self: false,
            kind: EventKind::MessageEdit(MessageEdit { mid: &mid, text: None, num_edit: 0 }),
        };
        let (field, body) = (event.field(), content::without(event.to_bytes(), missing));
        let notice =
            Notice { about: About::Conversation, lane: key.igsid, at, field, body, fault: self.fault };
        subscriptions::publish(tx, self.platform, self.account, notice)
    }

    /// Announces that the person took a message back: the original `mid`, at the moment of the unsend (unconfirmed).
    pub(crate) fn unsend(&self, tx: &mut Tx<'_>, at: Micros, message: &Message) -> Result<()> {
        let mid = self.conversation.message(message.at).mid();
        let part = MessagePart { mid: &mid, is_deleted: true, ..MessagePart::default() };
        self.publish(tx, at, false, EventKind::Message(part))?;
        self.told(tx, at, Happening::unsend(self.conversation.key, message));
        Ok(())
    }

    /// Announces that the person reacted (`None`: took the reaction back).
    pub(crate) fn reaction(
        &self,
        tx: &mut Tx<'_>,
        at: Micros,
        message: &Message,
        reaction: Option<&Reaction>,
    ) -> Result<()> {
        let mid = self.conversation.message(message.at).mid();
        self.publish(tx, at, false, EventKind::Reaction(ReactionPart::new(&mid, reaction)))?;
        self.told(tx, at, Happening::reaction(self.conversation.key, message.at, false, reaction));
        Ok(())
    }

    /// Announces that the person has seen everything up to a message.
    pub(crate) fn read(&self, tx: &mut Tx<'_>, at: Micros, seen: Micros) -> Result<()> {
        let mid = self.conversation.message(seen).mid();
        self.publish(tx, at, false, EventKind::Read(Read { mid: &mid }))?;
        self.told(tx, at, Happening::seen(self.conversation.key, seen, false));
        Ok(())
    }

    /// Announces that the person opened an ig.me link in a thread that exists.
    pub(crate) fn referral(&self, tx: &mut Tx<'_>, at: Micros, referral: &Referral) -> Result<()> {
        self.publish(tx, at, false, EventKind::Referral(shown_referral(referral)))?;
        self.told(tx, at, Happening::referral(self.conversation.key, &referral.reference));
        Ok(())
    }

    /// Tells the feed that the person is shown the messages of a flow.
    pub(crate) fn flow_shown(&self, tx: &mut Tx<'_>) {
        self.tell(tx, Happening::flow_shown(self.conversation.key));
    }

    /// Tells the feed only: there is no webhook for it.
    pub(crate) fn tell(&self, tx: &mut Tx<'_>, happening: Happening) {
        self.feed(tx, happening.within(self.conversation, None));
    }

    /// Tells the feed of something that webhooks tell of too, in an event of that microsecond.
    fn told(&self, tx: &mut Tx<'_>, at: Micros, happening: Happening) {
        self.feed(tx, happening.within(self.conversation, Some(at)));
    }

    fn feed(&self, tx: &mut Tx<'_>, happening: Happening) {
        let feed = Arc::clone(&self.platform.log.feed);
        let (now, cause) = (tx.now(), tx.cause());
        tx.after_commit(move || feed.push_caused(now, cause, happening));
    }

    fn publish(&self, tx: &mut Tx<'_>, at: Micros, from_account: bool, kind: EventKind<'_>) -> Result<()> {
        let key = self.conversation.key;
        let (person, account) = (Party::new(key.igsid), Party::new(key.account));
        let is_self = self.is_self();
        let (sender, recipient) = if from_account || is_self { (account, person) } else { (person, account) };
        // Beside everything but a message, which says it inside.
        let is_self = is_self && !matches!(kind, EventKind::Message(_));
        let event = MessagingEvent { sender, recipient, timestamp: at.millis(), is_self, kind };
        let (field, body) = (event.field(), event.to_bytes());
        let notice =
            Notice { about: About::Conversation, lane: key.igsid, at, field, body, fault: self.fault };
        subscriptions::publish(tx, self.platform, self.account, notice)
    }
}

/// A referral as an event tells it.
fn shown_referral(referral: &Referral) -> webhook::Referral<'_> {
    let ad = referral.ad.as_ref();
    webhook::Referral {
        reference: Some(referral.reference.as_str()).filter(|reference| !reference.is_empty()),
        ad_id: ad.map(|ad| ad.id.as_str()),
        source: &referral.source,
        kind: "OPEN_THREAD",
        ads_context_data: ad.map(|ad| AdsContext {
            ad_title: &ad.title,
            photo_url: ad.photo_url.as_deref(),
            video_url: ad.video_url.as_deref(),
        }),
    }
}

/// A template's cards. That a button template becomes one card is unconfirmed.
fn cards(template: &Template) -> std::borrow::Cow<'_, [Element]> {
    match template {
        Template::Generic { elements } => elements.as_slice().into(),
        Template::Button { text, buttons } => vec![Element {
            title: text.clone(),
            subtitle: None,
            image_url: None,
            default_action: None,
            buttons: buttons.clone(),
        }]
        .into(),
        Template::Product { .. } => Vec::new().into(),
    }
}
