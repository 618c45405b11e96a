//! `/{media-id}/comments`, `/{comment-id}`, `/{comment-id}/replies` (doc: Comment Moderation; IG Media, comments; IG
//! Comment).

use super::listing::{self, Listed};
use super::moderation::{Moderation, moderate};
use super::node::{self, Loaded, Through, Under};
use super::rules;
use super::writing::{Author, Barred, Writing};
use crate::Failure;
use crate::directory::AccountView;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{Node, NodeType, asked};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use crate::graph::paging::{Edge, Page};
use crate::mentions;
use crate::publishing::Media;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, GraphError, Host, limits};
use serde_json::{Value, json};
use std::sync::Arc;

/// The permissions of everything about comments (doc: Comment Moderation).
pub(crate) const INSTAGRAM: ScopeSet =
    ScopeSet::of(&[Scope::InstagramBusinessBasic, Scope::InstagramBusinessManageComments]);
/// The same on the Facebook host.
pub(crate) const FACEBOOK: ScopeSet =
    ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageComments, Scope::PagesReadEngagement]);
/// What writing needs on the page. Documented for mentions; that it is the same for comments is unconfirmed.
pub(crate) const WRITERS: TaskSet = TaskSet::of(&[Task::Manage, Task::CreateContent, Task::Moderate]);

const MEDIA: &[(Host, NodeType)] = &[(Host::Instagram, NodeType::Media), (Host::Facebook, NodeType::Media)];
const COMMENT: &[(Host, NodeType)] =
    &[(Host::Instagram, NodeType::Comment), (Host::Facebook, NodeType::Comment)];

const fn row(
    verb: Verb,
    (node, edge): (&'static str, Option<&'static str>),
    at: &'static [(Host, NodeType)],
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    Operation {
        verb,
        node,
        edge,
        at,
        instagram_scopes: INSTAGRAM,
        facebook_scopes: FACEBOOK,
        tasks: if matches!(verb, Verb::Get) { TaskSet::NONE } else { WRITERS },
        // One manual names a page's token, another a user's: both work (reference, section 8).
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Comment Moderation",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(Verb::Get, ("media", Some("comments")), MEDIA, |call| Box::pin(list(call))),
    row(Verb::Post, ("media", Some("comments")), MEDIA, |call| Box::pin(comment(call))),
    row(Verb::Get, ("comment", None), COMMENT, |call| Box::pin(one(call))),
    row(Verb::Post, ("comment", None), COMMENT, |call| Box::pin(hide(call))),
    row(Verb::Delete, ("comment", None), COMMENT, |call| Box::pin(delete(call))),
    row(Verb::Get, ("comment", Some("replies")), COMMENT, |call| Box::pin(replies(call))),
    row(Verb::Post, ("comment", Some("replies")), COMMENT, |call| Box::pin(reply(call))),
];

/// `GET /{media-id}/comments?fields&limit&after&before`: those at the top, the newest first, at most 50 a page.
async fn list(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    page(call, view, media, None).await
}

/// `GET /{comment-id}/replies`: the same of the replies.
async fn replies(call: &Call<'_>) -> Result<Value> {
    let Node::Comment(comment, media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    page(call, view, media, Some(comment.id)).await
}

async fn page(
    call: &Call<'_>,
    view: &Arc<AccountView>,
    media: &Arc<Media>,
    parent: Option<i64>,
) -> Result<Value> {
    let asked = asked(call.params, node::DEFAULT)?;
    let page = Page::of_request_within(call.params, limits::COMMENTS_PAGE)?;
    let replies = node::replies_asked(&asked)?;
    let (view, media) = (Arc::clone(view), Arc::clone(media));
    let (under, listed) = call
        .platform
        .db
        .read(move |db| {
            let listed = Listed::read(db, &media, parent, &page, replies.as_ref())?;
            Ok::<_, storage::Error>((Under::read(db, &view, Media::clone(&media))?, listed))
        })
        .await?;
    let edge = Edge::of_request(call).with_both_cursors();
    Ok(listing::answer(call, &under, &listed, &edge, &asked)?)
}

/// `GET /{comment-id}?fields=`.
async fn one(call: &Call<'_>) -> Result<Value> {
    let Node::Comment(comment, media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, node::DEFAULT)?;
    let replies = node::replies_asked(&asked)?;
    let (comment, media, view) = (Arc::clone(comment), Arc::clone(media), Arc::clone(view));
    let (under, loaded) = call
        .platform
        .db
        .read(move |db| {
            let loaded = Loaded::read(db, &media, (*comment).clone(), replies.as_ref())?;
            Ok::<_, storage::Error>((Under::read(db, &view, Media::clone(&media))?, loaded))
        })
        .await?;
    Ok(node::show(call, &under, &loaded, &asked, Through::Itself)?)
}

/// `POST /{media-id}/comments?message=`: `{"id"}`. Not on a broadcast.
async fn comment(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let id = media.id;
    write(call, view, media, None, move |barred| match barred {
        Barred::Off => off(),
        Barred::Storage(error) => error.into(),
        _ => unknown("post", id),
    })
    .await
}

/// `POST /{comment-id}/replies?message=`: `{"id"}`. Not to a comment of a broadcast, nor to a hidden one.
async fn reply(call: &Call<'_>) -> Result<Value> {
    let Node::Comment(comment, media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let id = comment.id;
    // One's own comment under another's post is read only.
    if comment.owner != view.account.id {
        return Err(unknown("post", id));
    }
    write(call, view, media, Some(id), move |barred| match barred {
        Barred::Off => off(),
        Barred::Hidden => GraphError::new(ErrorName::CommentHidden)
            .explain("The comment is hidden: nobody can reply to it.")
            .into(),
        Barred::Storage(error) => error.into(),
        Barred::Gone | Barred::NoParent | Barred::NoAd | Barred::Live => unknown("post", id),
    })
    .await
}

async fn write(
    call: &Call<'_>,
    view: &Arc<AccountView>,
    media: &Media,
    parent: Option<i64>,
    refused: impl Fn(Barred) -> Failure + Send + Sync + 'static,
) -> Result<Value> {
    let text = message(call)?;
    let writing = Writing {
        platform: Arc::clone(call.platform),
        owner: Some(Arc::clone(view)),
        mentioned: mentions::mentioned(call.platform, &text).await?,
        tells_every_login: false,
        author: Author::account(view),
        ad: None,
        app: call.caller.app.id,
        text,
    };
    let place = (media.account, media.id);
    let written =
        call.platform.db.write(move |tx| writing.write(tx, place, parent).map_err(&refused)).await?;
    Ok(json!({ "id": written.id.to_string() }))
}

/// The text that is to be written.
pub(crate) fn message(call: &Call<'_>) -> Result<String> {
    let text = call.params.text("message")?.ok_or_else(|| GraphError::required("message"))?.into_owned();
    rules::may_write(&text, call.platform.settings.legacy_comment_rules())?;
    Ok(text)
}

impl Author {
    /// An account that writes through an app.
    pub(crate) fn account(view: &AccountView) -> Self {
        let account = &view.account;
        Self { user_no: account.user_no, username: account.username.clone(), is_private: false }
    }
}

/// `POST /{comment-id}?hide=true|false`: `{"success":true}`. Of the account's own comments it is stored and changes
/// nothing that anybody sees (doc: IG Comment, updating).
async fn hide(call: &Call<'_>) -> Result<Value> {
    let hidden = call.params.flag("hide")?.ok_or_else(|| GraphError::required("hide"))?;
    done(call, "post", if hidden { Moderation::Hide } else { Moderation::Show }).await
}

/// `DELETE /{comment-id}`: `{"success":true}`. Only under one's own posts, whoever wrote it (doc: IG Comment, deleting).
async fn delete(call: &Call<'_>) -> Result<Value> {
    done(call, "delete", Moderation::Delete).await
}

async fn done(call: &Call<'_>, verb: &'static str, what: Moderation) -> Result<Value> {
    let Node::Comment(comment, _, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let (account, id) = (view.account.id, comment.id);
    let platform = Arc::clone(call.platform);
    let done = call.platform.db.write(move |tx| moderate(tx, &platform, (account, id), what)).await?;
    if done { Ok(json!({ "success": true })) } else { Err(unknown(verb, id)) }
}

pub(crate) fn unknown(verb: &str, id: i64) -> Failure {
    GraphError::with(ErrorName::UnknownObject, [verb, &id.to_string()]).into()
}

/// Comments are switched off for the post.
pub(crate) fn off() -> Failure {
    GraphError::new(ErrorName::CommentsDisabled).explain("Comments are switched off for this post.").into()
}
