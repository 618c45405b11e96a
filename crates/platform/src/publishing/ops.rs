//! `GET /{media-id}` (doc: Instagram Media reference): the fields of what exists so far.

use crate::assets;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, Host, time};
use serde_json::{Value, json};

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    verb: Verb::Get,
    node: "media",
    edge: None,
    at: &[(Host::Instagram, NodeType::Media), (Host::Facebook, NodeType::Media)],
    instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic]),
    facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic]),
    tasks: TaskSet::NONE,
    tokens: TakenTokens::Any,
    use_case: UseCase::Other,
    takes_file: false,
    section: "Instagram Media",
    handler: read,
}];

fn read<'a>(call: &'a Call<'a>) -> Answer<'a> {
    Box::pin(std::future::ready(answer(call)))
}

fn answer(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, account) = call.node else { return Err(ErrorName::Unknown.into()) };
    let username = &account.account.username;
    let value = select(NodeType::Media, media.id.to_string(), &asked(call.params, "id")?, |field| {
        Ok(match field.name.as_str() {
            "caption" if media.caption.is_empty() => FieldValue::Absent,
            "caption" => FieldValue::Is(media.caption.as_str().into()),
            "media_type" => FieldValue::Is(media.media_type.as_str().into()),
            "media_product_type" => FieldValue::Is(media.product.name().into()),
            "media_url" => FieldValue::Is(
                assets::url::for_caller(call, media.account, media.asset, media.expires_at).into(),
            ),
            "permalink" => FieldValue::Is(permalink(media, username).into()),
            "shortcode" => FieldValue::Is(media.shortcode().into()),
            "timestamp" => FieldValue::Is(time::graph(media.created_at).into()),
            "username" => FieldValue::Is(username.as_str().into()),
            "owner" => FieldValue::Is(json!({ "id": account.account.id.to_string() })),
            // Nobody likes or comments before there is a way to do it.
            "like_count" | "comments_count" => FieldValue::Is(0.into()),
            _ => FieldValue::Unknown,
        })
    })?;
    Ok(value)
}

fn permalink(media: &super::Media, username: &str) -> String {
    use crate::conversations::Product;
    match media.product {
        Product::Feed => format!("https://www.instagram.com/p/{}/", media.shortcode()),
        Product::Reels => format!("https://www.instagram.com/reel/{}/", media.shortcode()),
        Product::Story => format!("https://www.instagram.com/stories/{username}/{}/", media.id),
    }
}
