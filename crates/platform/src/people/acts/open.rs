//! Ways into a thread: an ig.me link, an ad, a welcome message flow.

use super::{Result, Scene};
use crate::assets::{self, Purpose};
use crate::conversation_routing::control;
use crate::conversation_routing::rules::Entry;
use crate::conversations::{self, Attachment, Conversation, Message, Referral, ShownFlow, ShownMessage};
use clock::Micros;
use storage::Tx;

/// The messages of a flow, as the flow holds them.
pub(crate) struct Greeting {
    /// The app whose flow it is.
    pub app_id: i64,
    /// Texts and what they hold. Files are the flow's own.
    pub messages: Vec<Message>,
    /// The app that gets a conversation which an ad with the flow began, and for how many days.
    pub receiving: Option<(i64, u32)>,
}

impl Scene {
    /// The person opens an ig.me link. In a thread that exists the account is told at once, and the window opens; a new
    /// thread tells with the first thing that is written in it (doc: Referrals, ig.me links).
    pub(crate) fn open_link(&self, tx: &mut Tx<'_>, reference: &str) -> Result<()> {
        let mut conversation = self.begin(tx)?;
        let link = format!("https://ig.me/m/{}?ref={reference}", self.account.account.username);
        let referral = Referral::by_link(reference, link);
        if conversation.updated_at == Micros(0) {
            conversation.pending_referral = Some(referral);
            return Ok(conversations::store::save_entry(tx, &conversation)?);
        }
        let now = tx.now();
        let at = conversation.take_at(now);
        conversations::rules::opened_by_person(&mut conversation, now);
        control::person_wrote(tx, &self.account, &mut conversation, Entry::Link(reference))?;
        conversations::store::save(tx, &conversation)?;
        Ok(self.place(&conversation).referral(tx, at, &referral)?)
    }

    /// The person taps an ad, or opens a flow without one: they are shown the flow's messages. The account hears nothing
    /// before the person writes or taps (doc: the referral of an ad stands in the first message). Answers what is shown.
    pub(crate) fn open_greeting(
        &self,
        tx: &mut Tx<'_>,
        greeting: Option<&Greeting>,
        referral: Option<Referral>,
    ) -> Result<(Conversation, Vec<Message>)> {
        let mut conversation = self.begin(tx)?;
        if referral.is_some() {
            conversation.pending_referral = referral;
        }
        self.forget_shown(tx, &mut conversation)?;
        if let Some(greeting) = greeting {
            let mut messages = Vec::with_capacity(greeting.messages.len());
            for message in &greeting.messages {
                let at = conversation.take_at(tx.now()).0;
                let mut content = message.content.as_deref().cloned().unwrap_or_default();
                // What comes into the thread stays there, whatever becomes of the flow.
                for attachment in &mut content.attachments {
                    if let Attachment::Media { asset, .. } = attachment
                        && let Some(file) = assets::store::find(tx, self.key().account, *asset)?
                    {
                        *asset = assets::store::add_again(tx, &file, Purpose::Message)?.id;
                    }
                }
                messages.push(ShownMessage { at, text: message.text.clone(), content });
            }
            let (app_id, receiving) = (greeting.app_id, greeting.receiving);
            conversation.pending_flow = Some(ShownFlow { app_id, messages, receiving });
        }
        conversations::store::save(tx, &conversation)?;
        conversations::store::save_entry(tx, &conversation)?;
        self.place(&conversation).flow_shown(tx);
        let shown = conversation.pending_flow.iter().flat_map(ShownFlow::to_messages).collect();
        Ok((conversation, shown))
    }

    /// What was shown before and left unanswered is gone.
    fn forget_shown(&self, tx: &mut Tx<'_>, conversation: &mut Conversation) -> Result<()> {
        let shown = conversation.pending_flow.take();
        for message in shown.iter().flat_map(|flow| &flow.messages) {
            for attachment in &message.content.attachments {
                if let Attachment::Media { asset, .. } = attachment {
                    assets::store::delete(tx, &self.platform, conversation.key.account, *asset)?;
                }
            }
        }
        Ok(())
    }
}
