//! `POST /{ig-id | page-id | me}/message_attachments`.

use crate::assets::{self, Owner, Purpose};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, TakenTokens, UseCase, Verb};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::send::{Source, read_upload};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, GraphError, Host};
use serde_json::{Value, json};

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    verb: Verb::Post,
    node: "account",
    edge: Some("message_attachments"),
    at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Page)],
    instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic, Scope::InstagramBusinessManageMessages]),
    facebook_scopes: ScopeSet::of(&[
        Scope::InstagramBasic,
        Scope::InstagramManageComments,
        Scope::InstagramManageMessages,
        Scope::PagesMessaging,
    ]),
    tasks: TaskSet::of(&[Task::Messaging]),
    tokens: TakenTokens::AccountOrPage,
    use_case: UseCase::Messenger,
    takes_file: true,
    section: "Attachment Upload",
    handler: |call| Box::pin(upload(call)),
}];

/// Fetches or takes the file, and answers `{"attachment_id"}` once it is on disk. Without `is_reusable` the id is good for
/// one send (mem: Messenger). The id belongs to the account and the app.
async fn upload(call: &Call<'_>) -> Result<Value> {
    call.only_instagram()?;
    let (kind, attachment) = read_upload(call.params)?;
    let account = call.node.account().ok_or(ErrorName::Unknown)?.account.id;
    let file = match &attachment.source {
        Source::Url(url) => assets::fetch(call.platform, url, kind).await?,
        Source::Upload | Source::Stored(_) => {
            let missing = || GraphError::required("message[attachment][payload][url]");
            assets::uploaded(call.upload.ok_or_else(missing)?, kind)?
        }
    };
    let owner = Owner { account, app: call.caller.app.id };
    let purpose = if attachment.is_reusable { Purpose::Reuse } else { Purpose::OneSend };
    let asset = call.platform.db.write(move |tx| assets::store::add(tx, &file, owner, purpose)).await?;
    Ok(json!({ "attachment_id": asset.id.to_string() }))
}
