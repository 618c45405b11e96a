//! Nodes of the graph: what a path can name, and the choice of fields of an answer.

use crate::accounts::FacebookUser;
use crate::ads::{Ad, AdAccount, Creative};
use crate::apps::App;
use crate::comments::Comment;
use crate::conversations::Conversation;
use crate::directory::AccountView;
use crate::hashtags::Hashtag;
use crate::publishing::{Container, Media};
use graph_api::fields::{self, Field};
use graph_api::ids::{ConversationKey, MessageKey};
use graph_api::{ErrorName, GraphError, Params, Result};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The kinds of node that operations are defined on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeType {
    /// A professional account.
    Account,
    /// A page.
    Page,
    /// A Facebook user.
    User,
    /// An app.
    App,
    /// A post, reel or story.
    Media,
    /// What is to be published.
    Container,
    /// What is left of publishing. It has no path of its own: an edge of the account tells it.
    PublishingLimit,
    /// A hashtag.
    Hashtag,
    /// A comment.
    Comment,
    /// A conversation.
    Conversation,
    /// A message.
    Message,
    /// A person, as an account knows them.
    Person,
    /// A welcome message flow. It has no path of its own: an edge of the account lists it.
    Flow,
    /// An advertiser's account.
    AdAccount,
    /// A set of ads. It has no path of its own here.
    AdSet,
    /// What an ad shows.
    AdCreative,
    /// An ad.
    Ad,
    /// No node at all: the API itself.
    Root,
}

impl NodeType {
    /// The type's name in errors (rep for `Page`, `IGUser` and `IGBusinessScopedID`; that of flows is
    /// the official SDK's; the others follow Graph's habit).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "IGUser",
            Self::Page => "Page",
            Self::User => "User",
            Self::App => "Application",
            Self::Media => "IGMedia",
            Self::Container => "IGContainer",
            Self::PublishingLimit => "IGContentPublishingLimit",
            Self::Hashtag => "IGHashtag",
            Self::Comment => "IGComment",
            Self::Conversation => "Conversation",
            Self::Message => "Message",
            Self::Person => "IGBusinessScopedID",
            Self::Flow => "ShadowIGUserCTXPartnerAppWelcomeMessageFlow",
            Self::AdAccount => "AdAccount",
            Self::AdSet => "AdSet",
            Self::AdCreative => "AdCreative",
            Self::Ad => "Ad",
            Self::Root => "Root",
        }
    }
}

/// A node that the caller may see.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A professional account.
    Account(Arc<AccountView>),
    /// A page, with its account.
    Page(Arc<AccountView>),
    /// A Facebook user.
    User(Arc<FacebookUser>),
    /// An app; the id is the one in the path, of either product.
    App(Arc<App>, i64),
    /// Media, with the account that published it.
    Media(Arc<Media>, Arc<AccountView>),
    /// A container, with its account.
    Container(Box<Container>, Arc<AccountView>),
    /// A hashtag: everybody's.
    Hashtag(Arc<Hashtag>),
    /// A comment, with the post that it stands under, and the account whose post it is or that wrote it.
    Comment(Arc<Comment>, Arc<Media>, Arc<AccountView>),
    /// A conversation, with its account.
    Conversation(Box<Conversation>, Arc<AccountView>),
    /// A message, with its account. Whether it can still be read is for the operation to say.
    Message(MessageKey, Arc<AccountView>),
    /// The id by which the account knows a person; nobody need have it.
    Person(ConversationKey, Arc<AccountView>),
    /// The account of an advertiser.
    AdAccount(AdAccount),
    /// What an ad of an advertiser's account shows.
    AdCreative(Arc<Creative>),
    /// An ad of an advertiser's account.
    Ad(AdAccount, Arc<Ad>),
    /// No node at all: the API itself.
    Root,
}

impl Node {
    /// Its kind.
    pub(crate) const fn kind(&self) -> NodeType {
        match self {
            Self::Account(_) => NodeType::Account,
            Self::Page(_) => NodeType::Page,
            Self::User(_) => NodeType::User,
            Self::App(..) => NodeType::App,
            Self::Media(..) => NodeType::Media,
            Self::Container(..) => NodeType::Container,
            Self::Hashtag(_) => NodeType::Hashtag,
            Self::Comment(..) => NodeType::Comment,
            Self::Conversation(..) => NodeType::Conversation,
            Self::Message(..) => NodeType::Message,
            Self::Person(..) => NodeType::Person,
            Self::AdAccount(_) => NodeType::AdAccount,
            Self::AdCreative(_) => NodeType::AdCreative,
            Self::Ad(..) => NodeType::Ad,
            Self::Root => NodeType::Root,
        }
    }

    /// The account that the node is, or belongs to.
    pub(crate) const fn account(&self) -> Option<&Arc<AccountView>> {
        match self {
            Self::Account(view)
            | Self::Page(view)
            | Self::Media(_, view)
            | Self::Container(_, view)
            | Self::Comment(_, _, view)
            | Self::Conversation(_, view)
            | Self::Message(_, view)
            | Self::Person(_, view) => Some(view),
            Self::User(_)
            | Self::App(..)
            | Self::Hashtag(_)
            | Self::AdAccount(_)
            | Self::AdCreative(_)
            | Self::Ad(..)
            | Self::Root => None,
        }
    }

    /// The id as it stands in a path.
    pub(crate) fn path_id(&self) -> String {
        match self {
            Self::Account(view) => view.account.id.to_string(),
            Self::Page(view) => {
                view.account.page.as_ref().map_or(view.account.id, |page| page.id).to_string()
            }
            Self::User(user) => user.id.to_string(),
            Self::App(_, id) => id.to_string(),
            Self::Media(media, _) => media.id.to_string(),
            Self::Container(container, _) => container.id.to_string(),
            Self::Hashtag(hashtag) => hashtag.id.to_string(),
            Self::Comment(comment, ..) => comment.id.to_string(),
            Self::Conversation(conversation, _) => conversation.key.id(),
            Self::Message(key, _) => key.mid(),
            Self::Person(key, _) => key.igsid.to_string(),
            Self::AdAccount(account) => account.path_id(),
            Self::AdCreative(creative) => creative.id.to_string(),
            Self::Ad(_, ad) => ad.id.to_string(),
            Self::Root => String::new(),
        }
    }
}

/// What a field of a node is worth.
pub(crate) enum FieldValue {
    /// It has this value.
    Is(Value),
    /// The node has the field but no value for it: the key is left out (doc: Message reference).
    Absent,
    /// There is no such field.
    Unknown,
}

impl From<Option<Value>> for FieldValue {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Self::Absent, Self::Is)
    }
}

/// The fields that the request asks for, or the defaults.
pub(crate) fn asked(params: &Params, defaults: &str) -> Result<Vec<Field>> {
    let text = params.text("fields")?;
    match text.as_deref().map(str::trim) {
        None | Some("") => fields::parse(defaults),
        // A list may also come as JSON, as some clients send it.
        Some(list) if list.starts_with('[') => {
            fields::parse(&params.words("fields")?.unwrap_or_default().join(","))
        }
        Some(list) => fields::parse(list),
    }
}

/// The asked members of an object that is no node of its own; all of them if nothing is asked. What it does not have is
/// left out.
pub(crate) fn choose(object: &Value, asked: Option<&[Field]>) -> Value {
    match (object, asked) {
        (Value::Object(members), Some(asked)) => {
            let chosen = asked.iter().filter_map(|field| {
                let value = members.get(&field.name)?;
                Some((field.name.clone(), choose(value, field.fields.as_deref())))
            });
            Value::Object(chosen.collect())
        }
        _ => object.clone(),
    }
}

/// The same of an object that has these members, some of which may be missing. Others are an error, which names the kind
/// of object.
pub(crate) fn choose_known(
    (kind, known): (&str, &[&str]),
    object: &Value,
    asked: Option<&[Field]>,
) -> Result<Value> {
    let unknown = asked.into_iter().flatten().find(|field| !known.contains(&field.name.as_str()));
    match unknown {
        Some(field) => Err(GraphError::with(ErrorName::UnknownField, [&field.name, kind])),
        None => Ok(choose(object, asked)),
    }
}

/// The entries of an edge that has no pages and leads to no nodes: of each what is asked, and all of it if nothing is.
pub(crate) fn entries(params: &Params, shape: (&str, &[&str]), entries: &[Value]) -> Result<Value> {
    let asked = match params.has("fields") {
        true => Some(asked(params, "")?).filter(|asked| !asked.is_empty()),
        false => None,
    };
    // Also where there is no entry, what does not exist is refused.
    choose_known(shape, &Value::Null, asked.as_deref())?;
    let shown: Vec<Value> = entries.iter().map(|entry| choose(entry, asked.as_deref())).collect();
    Ok(serde_json::json!({ "data": shown }))
}

/// An object of the asked fields; `id` is always there and comes last where it was not asked (cap: captures put it
/// last).
pub(crate) fn select(
    kind: NodeType,
    id: String,
    asked: &[Field],
    mut value: impl FnMut(&Field) -> Result<FieldValue>,
) -> Result<Value> {
    let mut object = Map::new();
    for field in asked.iter().filter(|field| field.name != "id") {
        match value(field)? {
            FieldValue::Is(value) => {
                object.insert(field.name.clone(), value);
            }
            FieldValue::Absent => {}
            FieldValue::Unknown => {
                return Err(GraphError::with(ErrorName::UnknownField, [&field.name, kind.name()]));
            }
        }
    }
    object.insert("id".to_owned(), id.into());
    Ok(Value::Object(object))
}
