//! `GET /{igsid}?fields=`.

use super::rules;
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::graph::operations::{Operation, TakenTokens, UseCase, Verb};
use crate::people::{self, Person};
use crate::{accounts, assets, conversations};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, GraphError, Host};
use serde_json::Value;
use std::sync::Arc;
use storage::Read;

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    verb: Verb::Get,
    node: "person",
    edge: None,
    at: &[(Host::Instagram, NodeType::Person), (Host::Facebook, NodeType::Person)],
    instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic, Scope::InstagramBusinessManageMessages]),
    facebook_scopes: ScopeSet::of(&[
        Scope::InstagramBasic,
        Scope::InstagramManageMessages,
        Scope::PagesManageMetadata,
        Scope::PagesReadEngagement,
        Scope::PagesShowList,
    ]),
    tasks: TaskSet::of(&[Task::Moderate]),
    tokens: TakenTokens::AccountOrPage,
    use_case: UseCase::Profiles,
    takes_file: false,
    section: "User Profile API",
    handler: |call| Box::pin(read(call)),
}];

/// Everything that a profile has. Cap: without `fields`, all of it is answered.
const ALL: &str = "name,username,profile_pic,is_verified_user,follower_count,is_user_follow_business,\
                   is_business_follow_user,id";

/// A person with what stands in no row of theirs.
struct Profile {
    person: Person,
    followers: i64,
    follows_account: bool,
    followed_by_account: bool,
}

impl Profile {
    fn load(db: &mut impl Read, person: Person, account_no: i64) -> storage::Result<Self> {
        // Of an account, those who are not here are counted with the account.
        let account = accounts::store::by_username(db, &person.username)?;
        let others = account.map_or(person.follower_count, |account| account.more_followers);
        Ok(Self {
            followers: others.saturating_add(people::store::followers(db, person.user_no)?),
            follows_account: people::store::follows(db, person.user_no, account_no)?,
            followed_by_account: people::store::follows(db, account_no, person.user_no)?,
            person,
        })
    }
}

/// Errors: the owner does not let apps see messages (200/2534041), nobody has the id (9010; on the Facebook host 100/33),
/// the person has no role on an app with Standard Access (200/2534048) or has not consented (230).
async fn read(call: &Call<'_>) -> Result<Value> {
    let Node::Person(key, account) = call.node else { return Err(ErrorName::Unknown.into()) };
    if !account.account.message_access {
        return Err(ErrorName::MessageAccessOff.into());
    }
    let asked = asked(call.params, ALL)?;
    let (key, account_no, host) = (*key, account.account.user_no, call.host);
    let app = Arc::clone(&call.caller.app);
    let profile = call
        .platform
        .db
        .read(move |db| {
            let person = people::with_igsid(db, key)?.ok_or_else(|| match host {
                Host::Instagram => GraphError::new(ErrorName::ProfileUnknown),
                Host::Facebook => GraphError::with(ErrorName::UnknownObject, ["get", &key.igsid.to_string()]),
            })?;
            // That this error is the one for profiles too is unconfirmed.
            conversations::rules::in_reach(&app, person.user_no)?;
            rules::may_see(conversations::store::read(db, key)?.as_ref())?;
            Ok::<_, Failure>(Profile::load(db, person, account_no)?)
        })
        .await?;
    let person = &profile.person;
    let value = select(NodeType::Person, key.igsid.to_string(), &asked, |field| {
        Ok(match field.name.as_str() {
            // Doc: both of these can be null.
            "name" => FieldValue::Is(Some(person.name.as_str()).filter(|name| !name.is_empty()).into()),
            "profile_pic" => {
                let url = |id| assets::url::of_picture(call.platform, &call.base(), person.user_no, id);
                FieldValue::Is(person.picture.map(url).into())
            }
            "username" => FieldValue::Is(person.username.as_str().into()),
            "is_verified_user" => FieldValue::Is(person.is_verified.into()),
            "follower_count" => FieldValue::Is(profile.followers.into()),
            "is_user_follow_business" => FieldValue::Is(profile.follows_account.into()),
            "is_business_follow_user" => FieldValue::Is(profile.followed_by_account.into()),
            _ => FieldValue::Unknown,
        })
    })?;
    Ok(value)
}
