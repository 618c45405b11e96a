//! The tables of callbacks and of subscribed accounts.

use super::Route;
use crate::apps;
use crate::schema::{Counter, next_number};
use graph_api::{Host, webhook};
use storage::{FromRow, Read, Result, Row, Tx, params};
use webhooks::EndpointId;

/// A callback as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Callback {
    pub(crate) app_id: i64,
    pub(crate) login: Host,
    pub(crate) endpoint: EndpointId,
    pub(crate) url: String,
    pub(crate) fields: Vec<String>,
    pub(crate) version: String,
}

/// A subscription of an app to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscribed {
    pub(crate) account_id: i64,
    pub(crate) app_id: i64,
    pub(crate) login: Host,
    pub(crate) fields: Vec<String>,
}

impl FromRow for Subscribed {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            account_id: row.int(0)?,
            app_id: row.int(1)?,
            login: login(row, 2)?,
            fields: list(&row.text(3)?),
        })
    }
}

/// All subscriptions of apps to accounts.
pub(crate) fn all_subscribed(db: &mut storage::ReadTx<'_>) -> Result<Vec<Subscribed>> {
    db.all(
        "SELECT account_id, app_id, login, fields FROM account_subscription ORDER BY account_id, app_id, login",
        params![],
    )
}

const fn number(login: Host) -> i64 {
    match login {
        Host::Instagram => 1,
        Host::Facebook => 2,
    }
}

fn login(row: &Row<'_>, at: usize) -> Result<Host> {
    Ok(if row.int(at)? == number(Host::Instagram) { Host::Instagram } else { Host::Facebook })
}

fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

impl FromRow for Callback {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            app_id: row.int(0)?,
            login: login(row, 1)?,
            endpoint: EndpointId(row.int(2)?),
            url: row.text(3)?,
            fields: list(&row.text(4)?),
            version: row.text(5)?,
        })
    }
}

/// The callback of an app's product.
pub(crate) fn callback(db: &mut impl Read, app_id: i64, login: Host) -> Result<Option<Callback>> {
    db.one(
        "SELECT app_id, login, endpoint_id, callback_url, fields, version FROM app_subscription
         WHERE app_id = $1 AND login = $2",
        params![app_id, number(login)],
    )
}

/// All callbacks.
pub(crate) fn callbacks(db: &mut storage::ReadTx<'_>) -> Result<Vec<Callback>> {
    db.all(
        "SELECT app_id, login, endpoint_id, callback_url, fields, version FROM app_subscription
         ORDER BY endpoint_id",
        params![],
    )
}

/// The callback with that endpoint.
pub(super) fn by_endpoint(db: &mut impl Read, endpoint: EndpointId) -> Result<Option<Callback>> {
    db.one(
        "SELECT app_id, login, endpoint_id, callback_url, fields, version FROM app_subscription
         WHERE endpoint_id = $1",
        params![endpoint.0],
    )
}

/// Sets or replaces the callback of an app's product. The endpoint stays the same, so that what waits for it goes to
/// the new address.
pub(super) fn set_callback(
    tx: &mut Tx<'_>,
    app_id: i64,
    login: Host,
    url: &str,
    fields: &[String],
    version: &str,
) -> Result<EndpointId> {
    let known = callback(tx, app_id, login)?;
    let endpoint = match known {
        Some(known) => known.endpoint,
        None => EndpointId(next_number(tx, Counter::Endpoint)?),
    };
    tx.run(
        "INSERT INTO app_subscription (app_id, login, endpoint_id, callback_url, fields, version)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (app_id, login) DO UPDATE
         SET callback_url = excluded.callback_url, fields = excluded.fields, version = excluded.version",
        params![app_id, number(login), endpoint.0, url, fields.join(","), version],
    )?;
    Ok(endpoint)
}

/// Changes the fields of a callback.
pub(super) fn set_callback_fields(
    tx: &mut Tx<'_>,
    app_id: i64,
    login: Host,
    fields: &[String],
) -> Result<()> {
    tx.run(
        "UPDATE app_subscription SET fields = $3 WHERE app_id = $1 AND login = $2",
        params![app_id, number(login), fields.join(",")],
    )?;
    Ok(())
}

/// Removes the callback of an app's product.
pub(super) fn remove_callback(tx: &mut Tx<'_>, app_id: i64, login: Host) -> Result<()> {
    tx.run("DELETE FROM app_subscription WHERE app_id = $1 AND login = $2", params![app_id, number(login)])?;
    Ok(())
}

/// Subscribes an app to an account through a login, or replaces the list of fields.
pub(crate) fn subscribe(
    tx: &mut Tx<'_>,
    account_id: i64,
    app_id: i64,
    login: Host,
    fields: &[String],
) -> Result<()> {
    tx.run(
        "INSERT INTO account_subscription (account_id, app_id, login, fields) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, app_id, login) DO UPDATE SET fields = excluded.fields",
        params![account_id, app_id, number(login), fields.join(",")],
    )?;
    Ok(())
}

/// Ends the subscription of an app to an account through a login.
pub(crate) fn unsubscribe(tx: &mut Tx<'_>, account_id: i64, app_id: i64, login: Host) -> Result<()> {
    tx.run(
        "DELETE FROM account_subscription WHERE account_id = $1 AND app_id = $2 AND login = $3",
        params![account_id, app_id, number(login)],
    )?;
    Ok(())
}

/// The fields to which an app is subscribed at an account; `None`: it is not.
pub(super) fn subscribed(
    db: &mut impl Read,
    account_id: i64,
    app_id: i64,
    login: Host,
) -> Result<Option<Vec<String>>> {
    let fields = db.one::<String>(
        "SELECT fields FROM account_subscription WHERE account_id = $1 AND app_id = $2 AND login = $3",
        params![account_id, app_id, number(login)],
    )?;
    Ok(fields.map(|fields| list(&fields)))
}

impl FromRow for Route {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let login = login(row, 4)?;
        Ok(Self {
            app_id: row.int(0)?,
            app_name: row.text(1)?,
            product_id: row.int(if login == Host::Instagram { 2 } else { 0 })?,
            live: row.bool(3)?,
            // Filled in for apps with Standard Access.
            roles: (!row.bool(8)?).then(Vec::new),
            login,
            endpoint: row.opt_int(5)?.map(EndpointId),
            fields: list(&row.opt_text(6)?.unwrap_or_default())
                .into_iter()
                .map(|name| webhook::normal_field(&name).to_owned())
                .collect(),
            subscribed: row.opt_int(7)?.is_some(),
        })
    }
}

/// The routes of an account: each app and product that has subscribed it, or has a callback.
pub(crate) fn routes(db: &mut impl Read, account_id: i64) -> Result<Vec<Route>> {
    let mut routes: Vec<Route> = db.all(
        "SELECT app.app_id, app.name, app.instagram_app_id, app.live, l.login, c.endpoint_id, c.fields, s.account_id,
                app.advanced
         FROM app CROSS JOIN (SELECT 1 AS login UNION ALL SELECT 2) l
         LEFT JOIN app_subscription c ON c.app_id = app.app_id AND c.login = l.login
         LEFT JOIN account_subscription s
             ON s.account_id = $1 AND s.app_id = app.app_id AND s.login = l.login
         WHERE s.account_id IS NOT NULL
            OR (c.endpoint_id IS NOT NULL
                AND (l.login = 1 OR EXISTS (SELECT 1 FROM page p WHERE p.account_id = $1)))
         ORDER BY app.app_id, l.login",
        params![account_id],
    )?;
    for route in &mut routes {
        if let Some(roles) = &mut route.roles {
            *roles = apps::store::roles(db, route.app_id)?;
        }
    }
    Ok(routes)
}
