//! Writing.

use super::{Result, Scene};
use crate::conversation_routing::rules::Entry;
use crate::conversation_routing::{connected, control};
use crate::conversations::{self, Attachment, Content, Conversation, Message, Referral, ReplyTo};
use crate::insights::{self, Act, Deed};
use crate::publishing;
use clock::Micros;
use graph_api::ids::MessageKey;
use storage::Tx;

/// What a person writes: a text, or something else, never both in one message (rep: chatwoot 11315).
#[derive(Clone, Debug, Default)]
pub(crate) struct Writing {
    /// The text.
    pub text: String,
    /// What it holds besides.
    pub content: Content,
    /// The message that it answers.
    pub reply_to: Option<MessageKey>,
    /// The app whose button the person taps; 0: none.
    pub app_id: i64,
}

impl Writing {
    /// Nothing but a text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Scene {
    /// The person writes to the account: the window opens, subscribed apps are told.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, writing: &Writing) -> Result<MessageKey> {
        let mut conversation = self.begin(tx)?;
        let mut content = writing.content.clone();
        if let Some(parent) = writing.reply_to {
            let parent = self.message(tx, parent)?;
            content.reply_to =
                Some(ReplyTo::Message { at: parent.at.0, is_self_reply: !parent.from_account });
        }
        // Who declined a request hears of the next message as of a new one.
        conversation.is_declined = false;
        let receiving = conversation.pending_flow.as_ref().and_then(|flow| flow.receiving);
        let enters = self.enter(tx, &mut conversation)?;
        if content.referral.is_none() {
            content.referral = conversation.pending_referral.take();
        }
        self.route(tx, &mut conversation, content.referral.as_ref(), receiving)?;
        let mut message = Message::by_person(writing.text.as_str(), content);
        message.app_id = writing.app_id;
        let now = tx.now();
        conversations::rules::opened_by_person(&mut conversation, now);
        if message.content.as_ref().is_some_and(|content| content.is_by_ad()) {
            let window = self.platform.settings.ad_window();
            conversations::rules::opened_by_ad(&mut conversation, now, window);
        }
        if enters {
            conversations::store::save_entry(tx, &conversation)?;
        }
        let who = (&self.platform, &self.account);
        conversations::write(tx, who, &mut conversation, &mut message)?;
        if let Some(content) = &message.content {
            self.count(tx, content)?;
        }
        Ok(conversation.message(message.at))
    }

    /// Which app gets the conversation, by the way in which the person came to write.
    fn route(
        &self,
        tx: &mut Tx<'_>,
        conversation: &mut Conversation,
        referral: Option<&Referral>,
        receiving: Option<(i64, u32)>,
    ) -> Result<()> {
        let entry = match referral {
            Some(Referral { ad: Some(_), .. }) => receiving
                .and_then(|(app, days)| Some((connected(&self.account, app)?, days)))
                .map_or(Entry::Organic, |(app_id, days)| Entry::Campaign { app_id, days }),
            Some(link) => Entry::Link(&link.reference),
            None => Entry::Organic,
        };
        control::person_wrote(tx, &self.account, conversation, entry)
    }

    /// What insights count of a message: an answer to a story, and the account's own media that are sent on.
    fn count(&self, tx: &mut Tx<'_>, content: &Content) -> Result<()> {
        let reply = match &content.reply_to {
            Some(ReplyTo::Story { story, .. }) => Some((story.id, Act::Reply)),
            _ => None,
        };
        let shares = content.attachments.iter().filter_map(|attachment| match attachment {
            Attachment::Share(shared) => Some((shared.id, Act::Share)),
            _ => None,
        });
        let (account, user_no) = (self.account.account.id, self.person.user_no);
        for (id, act) in shares.chain(reply) {
            if let Some(media) = publishing::store::find(tx, account, id)? {
                insights::count(tx, &Deed { account, user_no, media: Some(&media), act })?;
            }
        }
        Ok(())
    }

    /// What the first thing that is written does: the account may now see who the person is (before anybody is told of it:
    /// programs read the profile at the first event), and what the person was shown comes into the thread. Answers whether
    /// anything changed.
    fn enter(&self, tx: &mut Tx<'_>, conversation: &mut Conversation) -> Result<bool> {
        let mut enters = conversation.pending_referral.is_some();
        if conversation.consented_at == Micros(0) {
            conversation.consented_at = tx.now();
            enters = true;
        }
        if let Some(flow) = conversation.pending_flow.take() {
            for message in flow.to_messages() {
                conversations::store::add(tx, conversation.key, &message)?;
            }
            enters = true;
        }
        Ok(enters)
    }
}
