//! `GET /{media-id}` and `POST /{media-id}` (doc: Instagram Media reference): the fields of what exists so far, and whether
//! people may comment.

use super::{Media, store};
use crate::comments::of_media::{self, Comments};
use crate::conversations::Product;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use crate::insights::{self, OfMedia};
use crate::{Failure, assets};
use graph_api::fields::Field;
use graph_api::ids::NodeKind;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, GraphError, Host, time};
use serde_json::{Value, json};

const MEDIA: &[(Host, NodeType)] = &[(Host::Instagram, NodeType::Media), (Host::Facebook, NodeType::Media)];

const fn row(verb: Verb, handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>) -> Operation {
    Operation {
        verb,
        node: "media",
        edge: None,
        at: MEDIA,
        instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Instagram Media",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(Verb::Get, |call| Box::pin(read(call))),
    Operation {
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageComments,
        ]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageComments]),
        ..row(Verb::Post, |call| Box::pin(set_comments(call)))
    },
];

async fn read(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, account) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, "id")?;
    let commented = of_media::read(call, media, &asked).await?;
    let counted = insights::of_node(call, media, &asked).await?;
    Ok(show(call, media, &account.account.username, (&commented, &counted), &asked)?)
}

/// `POST /{media-id}?comment_enabled=true|false` (doc: IG Media, updating; not for live video).
async fn set_comments(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, _) = call.node else { return Err(ErrorName::Unknown.into()) };
    let enabled =
        call.params.flag("comment_enabled")?.ok_or_else(|| GraphError::required("comment_enabled"))?;
    let gone = |id: i64| GraphError::with(ErrorName::UnknownObject, ["post", &id.to_string()]);
    let (account, id) = (media.account, media.id);
    if media.product == Product::Live {
        return Err(gone(id).into());
    }
    call.platform
        .db
        .write(move |tx| {
            let media = store::lock(tx, account, id)?.ok_or_else(|| gone(id))?;
            Ok::<_, Failure>(store::set_comments(tx, &media, enabled)?)
        })
        .await?;
    Ok(json!({ "success": true }))
}

/// Media as an object of the asked fields; `username` is that of who published it.
pub(crate) fn show(
    call: &Call<'_>,
    media: &Media,
    username: &str,
    (commented, counted): (&Comments, &OfMedia),
    asked: &[Field],
) -> graph_api::Result<Value> {
    let totals = counted.totals;
    let is_post = matches!(media.product, Product::Feed | Product::Reels);
    // The counters are Facebook Login's alone, and of posts and reels (doc: IG Media).
    let counter = |number: i64| match (call.host, is_post) {
        (Host::Instagram, _) => FieldValue::Unknown,
        (Host::Facebook, true) => FieldValue::Is(number.into()),
        (Host::Facebook, false) => FieldValue::Absent,
    };
    let is_accounts = NodeKind::of(media.account) == Some(NodeKind::Account);
    select(NodeType::Media, media.id.to_string(), asked, |field| {
        Ok(match field.name.as_str() {
            "caption" if media.caption.is_empty() => FieldValue::Absent,
            "caption" => FieldValue::Is(media.caption.as_str().into()),
            "media_type" => FieldValue::Is(media.media_type.as_str().into()),
            "media_product_type" => FieldValue::Is(media.product.name().into()),
            "media_url" if media.asset == 0 => FieldValue::Absent,
            "media_url" => FieldValue::Is(
                assets::url::for_caller(call, media.account, media.asset, media.expires_at).into(),
            ),
            "permalink" => FieldValue::Is(permalink(media, username).into()),
            "shortcode" => FieldValue::Is(media.shortcode().into()),
            "timestamp" => FieldValue::Is(time::graph(media.created_at).into()),
            "username" => FieldValue::Is(username.into()),
            "owner" if !is_accounts => FieldValue::Absent,
            "owner" => FieldValue::Is(json!({ "id": media.account.to_string() })),
            "is_comment_enabled" => FieldValue::Is(media.comments_enabled.into()),
            "comments_count" => FieldValue::Is(commented.count.into()),
            "comments" => commented.listed.clone().into(),
            "insights" => counted.listed.clone().into(),
            "like_count" => FieldValue::Is(totals.likes.into()),
            "total_like_count" => counter(totals.likes),
            "total_comments_count" => counter(commented.count),
            "saved_count" => counter(totals.saved),
            "shares_count" => counter(totals.shares),
            "reposts_count" => counter(totals.reposts),
            "total_views_count" if media.media_type == "VIDEO" => counter(totals.views),
            _ => FieldValue::Unknown,
        })
    })
}

/// Where the app's users see it.
pub(crate) fn permalink(media: &Media, username: &str) -> String {
    match media.product {
        Product::Live => format!("https://www.instagram.com/{username}/live/"),
        Product::Feed => format!("https://www.instagram.com/p/{}/", media.shortcode()),
        Product::Reels => format!("https://www.instagram.com/reel/{}/", media.shortcode()),
        Product::Story => format!("https://www.instagram.com/stories/{username}/{}/", media.id),
    }
}
