//! `mentioned_comment` and `mentioned_media`: fields of an account that show what mentions it (doc: IG User,
//! mentioned_comment and mentioned_media).

use super::{store, text};
use crate::comments::node::{self, Loaded, Through, Under};
use crate::comments::{self, of_media::Comments};
use crate::directory::AccountView;
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::insights::OfMedia;
use crate::publishing::{self, Media};
use graph_api::fields::{self, Field};
use graph_api::ids::decimal;
use graph_api::{ErrorName, GraphError};
use serde_json::Value;
use std::sync::Arc;

/// The fields of media that mention the account.
const MEDIA_FIELDS: &[&str] = &[
    "id",
    "caption",
    "comments_count",
    "like_count",
    "media_type",
    "media_url",
    "owner",
    "permalink",
    "timestamp",
    "username",
];

/// The field, if it is one of these two.
///
/// Errors: 100 without the id, 100/33 for what does not mention the account, 100 if comments are switched off for the
/// commented post.
pub(crate) async fn read(call: &Call<'_>, view: &Arc<AccountView>, field: &Field) -> Result<Option<Value>> {
    match field.name.as_str() {
        "mentioned_comment" => comment(call, view, field).await.map(Some),
        "mentioned_media" => media(call, view, field).await.map(Some),
        _ => Ok(None),
    }
}

fn id<'a>(field: &'a Field, name: &str) -> Result<(&'a str, Option<i64>)> {
    let text = field.modifier(name).map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| GraphError::required(name))?;
    Ok((text, decimal(text)))
}

fn gone(id: &str) -> Failure {
    GraphError::with(ErrorName::UnknownObject, ["get", id]).into()
}

async fn comment(call: &Call<'_>, view: &Arc<AccountView>, field: &Field) -> Result<Value> {
    let (named, id) = id(field, "comment_id")?;
    let (id, named) = (id.ok_or_else(|| gone(named))?, named.to_owned());
    let default = fields::parse("timestamp,text,id")?;
    let asked = field.fields.as_deref().unwrap_or(&default);
    let view = Arc::clone(view);
    let (under, loaded) = call
        .platform
        .db
        .read(move |db| {
            let is_mentioned = store::is_in_comment(db, view.account.id, id)?;
            let found = comments::store::there(db, id)?;
            let (comment, media) = found
                .filter(|(comment, _)| is_mentioned && !comment.is_hidden)
                .ok_or_else(|| gone(&named))?;
            if !media.comments_enabled {
                return Err(comments::ops::off());
            }
            let loaded = Loaded::read(db, &media, comment, None)?;
            Ok::<_, Failure>((Under::read(db, &view, media)?, loaded))
        })
        .await?;
    Ok(node::show(call, &under, &loaded, asked, Through::Mention)?)
}

async fn media(call: &Call<'_>, view: &Arc<AccountView>, field: &Field) -> Result<Value> {
    let (named, id) = id(field, "media_id")?;
    let (id, named) = (id.ok_or_else(|| gone(named))?, named.to_owned());
    let default = fields::parse("id")?;
    let asked = field.fields.as_deref().unwrap_or(&default);
    if let Some(unknown) = asked.iter().find(|field| !MEDIA_FIELDS.contains(&field.name.as_str())) {
        return Err(GraphError::with(ErrorName::UnknownField, [&unknown.name, NodeType::Media.name()]).into());
    }
    let view = Arc::clone(view);
    let under = call
        .platform
        .db
        .read(move |db| {
            let owner = store::owner_of_caption(db, view.account.id, id)?;
            let media = match owner {
                Some(owner) => publishing::store::find(db, owner, id)?,
                None => None,
            };
            let now = db.now();
            let media = media.filter(|media| media.is_live(now)).ok_or_else(|| gone(&named))?;
            // Of what others write about the account, the sign of mentions is gone (doc: Mentions).
            let media = Media { caption: text::without_signs(&media.caption), ..media };
            Ok::<_, Failure>(Under::read(db, &view, media)?)
        })
        .await?;
    let counted = Comments { count: under.count, listed: None };
    let others = OfMedia { totals: under.totals, listed: None };
    let known = (&counted, &others);
    Ok(publishing::node::show_commented(call, &under.media, &under.owner_name, known, asked)?)
}
