//! The message node (doc: Graph API, Message reference; reference, section 6.3).

use super::{Loaded, LoadedMessage, PARTY, account_party, attachments, person_party};
use crate::conversations::ReplyTo;
use crate::graph::Call;
use crate::graph::node::{FieldValue, NodeType, choose_known, select};
use clock::Micros;
use graph_api::fields::Field;
use graph_api::send::Reaction;
use graph_api::{Host, Result, time};
use serde_json::{Value, json};

/// A message. What has no value is left out.
pub(in crate::conversations) fn message(
    call: &Call<'_>,
    loaded: &Loaded,
    entry: &LoadedMessage,
    asked: &[Field],
) -> Result<Value> {
    let message = &entry.message;
    let mid = loaded.conversation.message(message.at).mid();
    let (account, person) = (account_party(call, loaded), person_party(loaded));
    let (from, to) = if message.from_account { (&account, &person) } else { (&person, &account) };
    select(NodeType::Message, mid, asked, |field| {
        let inner = field.fields.as_deref();
        Ok(match field.name.as_str() {
            "created_time" => FieldValue::Is(time::graph(message.at).into()),
            "from" => FieldValue::Is(choose_known(PARTY, from, inner)?),
            "to" => FieldValue::Is(json!({ "data": [choose_known(PARTY, to, inner)?] })),
            "message" => FieldValue::Is(message.text.as_str().into()),
            "attachments" => attachments::attachments(call, entry, inner)?.into(),
            "shares" => attachments::shares(call, loaded, entry, inner)?.into(),
            "story" => attachments::story(call, loaded, entry).into(),
            "reactions" => reactions(entry, &account, &person).into(),
            "reply_to" => reply_to(loaded, entry).into(),
            "is_unsupported" => is_unsupported(call.host, entry).into(),
            // Pages alone have values for it.
            "tags" => FieldValue::Absent,
            _ => FieldValue::Unknown,
        })
    })
}

/// Cap: the Instagram host also says `false`; doc: the key is there only if it is true.
fn is_unsupported(host: Host, entry: &LoadedMessage) -> Option<Value> {
    let is_unsupported = entry.message.content.as_ref().is_some_and(|content| content.is_unsupported);
    (is_unsupported || host == Host::Instagram).then(|| is_unsupported.into())
}

fn reply_to(loaded: &Loaded, entry: &LoadedMessage) -> Option<Value> {
    match entry.message.content.as_ref()?.reply_to.as_ref()? {
        ReplyTo::Message { at, is_self_reply } => {
            let mid = loaded.conversation.message(Micros(*at)).mid();
            Some(json!({ "mid": mid, "is_self_reply": is_self_reply }))
        }
        ReplyTo::Story { .. } => None,
    }
}

/// One entry for each emoji, with those who chose it.
fn reactions(entry: &LoadedMessage, account: &Value, person: &Value) -> Option<Value> {
    let both = [(&entry.message.person_reaction, person), (&entry.message.account_reaction, account)];
    let mut chosen: Vec<(&Reaction, Vec<&Value>)> = Vec::new();
    for (reaction, who) in both {
        let Some(reaction) = reaction else { continue };
        match chosen.iter_mut().find(|(known, _)| *known == reaction) {
            Some((_, users)) => users.push(who),
            None => chosen.push((reaction, vec![who])),
        }
    }
    let data = chosen.iter().map(|(reaction, users)| json!({ "reaction": reaction.emoji(), "users": users }));
    (!chosen.is_empty()).then(|| json!({ "data": data.collect::<Vec<Value>>() }))
}
