//! `GET /me`, `/{ig-id}`, `/{user-id}` (doc: Get Started; Instagram User reference).

use super::Account;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use crate::publishing::node::Through;
use crate::{assets, insights, mentions, people, publishing};
use graph_api::fields::Field;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, GraphError, Host};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        verb: Verb::Get,
        node: "account",
        edge: None,
        at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Account)],
        instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Account",
        handler: read,
    },
    Operation {
        verb: Verb::Get,
        node: "user",
        edge: None,
        at: &[(Host::Facebook, NodeType::User)],
        instagram_scopes: ScopeSet::of(&[]),
        facebook_scopes: ScopeSet::of(&[]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "User",
        handler: read,
    },
];

fn read<'a>(call: &'a Call<'a>) -> Answer<'a> {
    Box::pin(answer(call))
}

/// What is looked up only for those who ask.
#[derive(Default)]
pub(super) struct Counts {
    followers: i64,
    follows: i64,
    media: i64,
    picture: Option<i64>,
    /// Edges, other accounts, and what mentions the account, that are asked for as fields.
    nested: HashMap<String, Value>,
}

impl Counts {
    pub(super) async fn read(
        call: &Call<'_>,
        account: &Account,
        asked: &[Field],
        through: Through,
    ) -> Result<Self> {
        let nested = nested(call, account, asked, through).await?;
        let is_looked_up = |name: &str| {
            name.ends_with("_count") || matches!(name, "profile_picture_url" | "has_profile_pic")
        };
        if !asked.iter().any(|field| is_looked_up(&field.name)) {
            return Ok(Self { nested, ..Self::default() });
        }
        let (id, user_no, more) = (account.id, account.user_no, account.more_followers);
        let read = call.platform.db.read(move |db| {
            Ok::<_, storage::Error>(Self {
                followers: more.saturating_add(people::store::followers(db, user_no)?),
                follows: people::store::followed(db, user_no)?,
                media: publishing::store::count(db, id)?,
                picture: people::store::with_number(db, user_no)?.and_then(|user| user.picture),
                nested: HashMap::new(),
            })
        });
        Ok(Self { nested, ..read.await? })
    }
}

async fn nested(
    call: &Call<'_>,
    account: &Account,
    asked: &[Field],
    through: Through,
) -> Result<HashMap<String, Value>> {
    let mut nested = HashMap::new();
    for field in asked {
        let found = match (field.name.as_str(), through) {
            ("business_discovery", Through::Itself) if call.host == Host::Facebook => {
                Some(super::discovery::find(call, field).await?)
            }
            ("insights", Through::Itself) => Some(insights::of_account(call, account, field).await?),
            _ => publishing::edges::as_field(call, account, field, through).await?,
        };
        if let Some(found) = found {
            nested.insert(field.name.clone(), found);
        }
    }
    Ok(nested)
}

async fn answer(call: &Call<'_>) -> Result<Value> {
    let value = match call.node {
        Node::Account(view) => {
            let asked = asked(call.params, "id")?;
            let mut counts = Counts::read(call, &view.account, &asked, Through::Itself).await?;
            for field in &asked {
                if let Some(found) = mentions::fields::read(call, view, field).await? {
                    counts.nested.insert(field.name.clone(), found);
                }
            }
            account_node(call, &view.account, &counts, &asked)?
        }
        Node::User(user) => {
            let asked = asked(call.params, "name,id")?;
            select(NodeType::User, user.id.to_string(), &asked, |field| {
                Ok(match field.name.as_str() {
                    "name" => FieldValue::Is(user.name.as_str().into()),
                    // The fields of `public_profile` (doc: Facebook Login, Permissions).
                    "first_name" | "short_name" => {
                        FieldValue::Is(user.name.split(' ').next().unwrap_or_default().into())
                    }
                    "last_name" => match user.name.rsplit_once(' ') {
                        Some((_, last)) => FieldValue::Is(last.into()),
                        None => FieldValue::Absent,
                    },
                    "name_format" => FieldValue::Is("{first} {last}".into()),
                    "picture" => FieldValue::Is(silhouette(call)),
                    // Known, and nobody here has one.
                    "email" | "middle_name" | "link" | "locale" | "timezone" | "verified" | "gender" => {
                        FieldValue::Absent
                    }
                    _ => FieldValue::Unknown,
                })
            })?
        }
        _ => return Err(ErrorName::Unknown.into()),
    };
    Ok(value)
}

/// The picture of who has none, as login libraries read it (doc: Graph API, User picture; of Page too).
pub(super) fn silhouette(call: &Call<'_>) -> Value {
    let url = format!("{}{}", call.base(), crate::login::SILHOUETTE);
    json!({ "data": { "height": 50, "is_silhouette": true, "url": url, "width": 50 } })
}

/// The account, flat: clients in the field read it so, although the documentation shows a `data` list.
pub(super) fn account_node(
    call: &Call<'_>,
    account: &Account,
    counts: &Counts,
    asked: &[Field],
) -> graph_api::Result<Value> {
    let id = match call.host {
        Host::Instagram => account.scoped_id(call.caller.app.id),
        Host::Facebook => account.id,
    };
    select(NodeType::Account, id.to_string(), asked, |field| {
        Ok(match (field.name.as_str(), call.host) {
            ("username", _) => FieldValue::Is(account.username.as_str().into()),
            ("name", _) if account.name.is_empty() => FieldValue::Absent,
            ("name", _) => FieldValue::Is(account.name.as_str().into()),
            // These two are the Instagram host's alone (rep: `account_type` is refused on the other).
            ("user_id", Host::Instagram) => FieldValue::Is(account.id.to_string().into()),
            ("account_type", Host::Instagram) => FieldValue::Is(account.kind.as_str().into()),
            ("followers_count", _) => FieldValue::Is(counts.followers.into()),
            ("follows_count", _) => FieldValue::Is(counts.follows.into()),
            ("media_count", _) => FieldValue::Is(counts.media.into()),
            ("profile_picture_url", _) => counts
                .picture
                .map(|id| assets::url::of_picture(call.platform, &call.base(), account.user_no, id).into())
                .into(),
            ("biography", Host::Facebook) => text(&account.biography),
            ("website", Host::Facebook) => text(&account.website),
            ("has_profile_pic", Host::Facebook) => FieldValue::Is(counts.picture.is_some().into()),
            ("is_published", Host::Facebook) => FieldValue::Is(true.into()),
            // An id of the older numbering.
            ("legacy_instagram_user_id", Host::Facebook) => {
                FieldValue::Is((1_000_000_000 + account.user_no).to_string().into())
            }
            // It needs the permissions of shops (cap: a probe of 2026-05), which nobody has here.
            ("shopping_product_tag_eligibility", Host::Facebook) => {
                return Err(GraphError::new(ErrorName::PermissionMissing));
            }
            (name, _) => match counts.nested.get(name) {
                Some(nested) => FieldValue::Is(nested.clone()),
                None => FieldValue::Unknown,
            },
        })
    })
}

fn text(text: &str) -> FieldValue {
    if text.is_empty() { FieldValue::Absent } else { FieldValue::Is(text.into()) }
}
