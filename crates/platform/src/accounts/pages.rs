//! Pages as Facebook Login shows them: the node, and `/{user}/accounts` (doc: Page; User accounts).

use super::ops::{Counts, account_node, silhouette};
use crate::directory::AccountView;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::graph::operations::{Operation, TakenTokens, UseCase, Verb};
use crate::graph::paging::{Bound, Cursor, Edge, Page, wants_summary};
use crate::publishing::node::Through;
use crate::tokens;
use graph_api::fields::{self, Field};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, GraphError, Host};
use serde_json::{Value, json};

const fn row(
    node: &'static str,
    edge: Option<&'static str>,
    at: &'static [(Host, NodeType)],
    section: &'static str,
    handler: for<'a> fn(&'a Call<'a>) -> crate::graph::operations::Answer<'a>,
) -> Operation {
    Operation {
        verb: Verb::Get,
        node,
        edge,
        at,
        instagram_scopes: ScopeSet::of(&[]),
        facebook_scopes: ScopeSet::of(&[]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section,
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row("page", None, &[(Host::Facebook, NodeType::Page)], "Page", |call| Box::pin(one(call))),
    row("user", Some("accounts"), &[(Host::Facebook, NodeType::User)], "Page", |call| Box::pin(list(call))),
];

/// The category of every page here.
const CATEGORY: (&str, &str) = ("2201", "Product/service");

/// `GET /{page-id}?fields=`.
async fn one(call: &Call<'_>) -> Result<Value> {
    let Node::Page(view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let page = view.account.page.as_ref().ok_or(ErrorName::Unknown)?;
    let asked = asked(call.params, "name,id")?;
    let token = match wants_token(&asked) {
        false => None,
        true => Some(token(call, page.id).await?),
    };
    let counts = counts(call, view, &asked).await?;
    Ok(node(call, view, token.as_deref(), None, &counts, &asked)?)
}

/// The page's token: the caller's own, or the one that a user's token gives.
async fn token(call: &Call<'_>, page: i64) -> Result<String> {
    if matches!(call.caller.identity, crate::directory::Identity::Page(_)) {
        return Ok(call.token.to_owned());
    }
    let needed = ScopeSet::of(&[Scope::PagesShowList]);
    crate::graph::caller::lacks_nothing(call.caller, needed)?;
    Ok(tokens::pages::of_pages(call, vec![page]).await?.pop().unwrap_or_default())
}

/// `GET /{user}/accounts?fields=&limit=&after=`: the pages that the user gave to the app. Without `business_management`, or
/// without `pages_show_list`, the list is empty, and that is no error (rep: an integrator's note).
async fn list(call: &Call<'_>) -> Result<Value> {
    let asked = asked(call.params, "access_token,category,category_list,name,id,tasks")?;
    let page = Page::of_request(call.params)?;
    let needed = ScopeSet::of(&[Scope::BusinessManagement, Scope::PagesShowList]);
    let wants_summary = wants_summary(call.params)?;
    if call.caller.scopes.lacks(needed).is_some() {
        let total = wants_summary.then_some(0);
        return Ok(Edge::of_request(call).with_summary(total).answer(&page, Vec::new()));
    }
    let given = call.caller.pages.iter().filter(|access| access.page);
    let total = wants_summary.then(|| i64::try_from(given.clone().count()).unwrap_or(i64::MAX));
    let look = usize::try_from(page.look()).unwrap_or(usize::MAX);
    let chosen: Vec<_> = match page.from {
        Bound::Start => given.take(look).collect(),
        Bound::After(Cursor(id, _)) => given.filter(|access| access.page_id > id).take(look).collect(),
        Bound::Before(Cursor(id, _)) => {
            let before: Vec<_> = given.filter(|access| access.page_id < id).collect();
            before[before.len().saturating_sub(look)..].to_vec()
        }
    };
    let mut texts = match wants_token(&asked) {
        true => tokens::pages::of_pages(call, chosen.iter().map(|access| access.page_id).collect()).await?,
        false => Vec::new(),
    }
    .into_iter();
    let mut entries = Vec::with_capacity(chosen.len());
    for access in chosen {
        let text = texts.next();
        let Some(view) = call.platform.directory.account(access.account_id).await? else { continue };
        let counts = counts(call, &view, &asked).await?;
        let shown = node(call, &view, text.as_deref(), Some(access.tasks), &counts, &asked)?;
        entries.push((Cursor(access.page_id, 0), shown));
    }
    Ok(Edge::of_request(call).with_both_cursors().with_summary(total).answer(&page, entries))
}

fn wants_token(asked: &[Field]) -> bool {
    asked.iter().any(|field| field.name == "access_token")
}

async fn counts(call: &Call<'_>, view: &AccountView, asked: &[Field]) -> Result<Counts> {
    let of_account = asked.iter().find(|field| field.name == "instagram_business_account");
    let inner = of_account.and_then(|field| field.fields.as_deref()).unwrap_or_default();
    Counts::read(call, &view.account, inner, Through::Itself).await
}

/// The page's fields. Its tasks are shown in a user's list only: they are the user's.
fn node(
    call: &Call<'_>,
    view: &AccountView,
    token: Option<&str>,
    tasks: Option<TaskSet>,
    counts: &Counts,
    asked: &[Field],
) -> Result<Value, GraphError> {
    let page = view.account.page.as_ref().ok_or(GraphError::new(ErrorName::Unknown))?;
    let default = fields::parse("id")?;
    let sees_account =
        call.caller.account(view.account.id).is_some() && call.caller.scopes.has(Scope::InstagramBasic);
    select(NodeType::Page, page.id.to_string(), asked, |field| {
        Ok(match (field.name.as_str(), tasks) {
            ("name", _) => FieldValue::Is(page.name.as_str().into()),
            // Doc: Conversation Control APIs; the first of them is of Handover Protocol, which is gone.
            ("messaging_feature_status", _) => FieldValue::Is(json!({
                "hop_v2": false,
                "msgr_multi_app": false,
                "ig_multi_app": view.routing.default_app.is_some(),
            })),
            ("access_token", _) => match token {
                Some(token) => FieldValue::Is(token.into()),
                None => FieldValue::Absent,
            },
            ("picture", _) => FieldValue::Is(silhouette(call)),
            // Nobody here has given a page one.
            ("link" | "username" | "about" | "emails" | "phone" | "website", _) => FieldValue::Absent,
            ("category", _) => FieldValue::Is(CATEGORY.1.into()),
            ("category_list", _) => FieldValue::Is(json!([{ "id": CATEGORY.0, "name": CATEGORY.1 }])),
            ("tasks", Some(tasks)) => {
                FieldValue::Is(tasks.iter().map(|task| task.name()).collect::<Vec<_>>().into())
            }
            ("instagram_business_account" | "connected_instagram_account", _) if !sees_account => {
                FieldValue::Absent
            }
            ("instagram_business_account" | "connected_instagram_account", _) => {
                let asked = field.fields.as_deref().unwrap_or(&default);
                FieldValue::Is(account_node(call, &view.account, counts, asked)?)
            }
            _ => FieldValue::Unknown,
        })
    })
}
