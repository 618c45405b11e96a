//! The tables of what was given.

use super::{Giver, Grant};
use crate::login::codes;
use crate::tokens::{self, Ended};
use crate::{accounts, subscriptions};
use graph_api::Host;
use graph_api::scopes::ScopeSet;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "app_id, login, giver, granted, declined, granted_at"
    };
}

const fn login(giver: Giver) -> i64 {
    match giver {
        Giver::Account(_) => 1,
        Giver::User(_) => 2,
    }
}

impl FromRow for Grant {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let id = row.int(2)?;
        Ok(Self {
            app_id: row.int(0)?,
            giver: if row.int(1)? == 1 { Giver::Account(id) } else { Giver::User(id) },
            granted: ScopeSet::parse(&row.text(3)?),
            declined: ScopeSet::parse(&row.text(4)?),
            granted_at: row.micros(5)?,
        })
    }
}

/// What a giver has given to an app.
pub(crate) fn find(db: &mut impl Read, app_id: i64, giver: Giver) -> Result<Option<Grant>> {
    db.one(
        concat!("SELECT ", columns!(), " FROM app_grant WHERE app_id = $1 AND login = $2 AND giver = $3"),
        params![app_id, login(giver), giver.id()],
    )
}

/// Everything that a giver has given, by app.
pub(crate) fn of_giver(db: &mut impl Read, giver: Giver) -> Result<Vec<Grant>> {
    db.all(
        concat!("SELECT ", columns!(), " FROM app_grant WHERE login = $1 AND giver = $2 ORDER BY app_id"),
        params![login(giver), giver.id()],
    )
}

/// Everything that was given.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Grant>> {
    db.all(concat!("SELECT ", columns!(), " FROM app_grant ORDER BY app_id, login, giver"), params![])
}

/// Writes down what a giver has decided. Asked for again, an earlier decision about other permissions stands.
pub(crate) fn decide(
    tx: &mut Tx<'_>,
    app_id: i64,
    giver: Giver,
    granted: ScopeSet,
    declined: ScopeSet,
) -> Result<Grant> {
    let known = tx.one::<Grant>(
        concat!(
            "SELECT ",
            columns!(),
            " FROM app_grant WHERE app_id = $1 AND login = $2 AND giver = $3 FOR UPDATE"
        ),
        params![app_id, login(giver), giver.id()],
    )?;
    let before = known.map(|grant| (grant.granted, grant.declined)).unwrap_or_default();
    let grant = Grant {
        app_id,
        giver,
        granted: before.0.without(declined).or(granted),
        declined: before.1.without(granted).or(declined),
        granted_at: tx.now(),
    };
    tx.run(
        "INSERT INTO app_grant (app_id, login, giver, granted, declined, granted_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (app_id, login, giver) DO UPDATE
         SET granted = excluded.granted, declined = excluded.declined, granted_at = excluded.granted_at",
        params![
            app_id,
            login(giver),
            giver.id(),
            grant.granted.to_string(),
            grant.declined.to_string(),
            grant.granted_at
        ],
    )?;
    Ok(grant)
}

/// The pages and accounts that a Facebook user lets an app have, by id.
pub(crate) fn targets(db: &mut impl Read, app_id: i64, user_id: i64) -> Result<Vec<i64>> {
    db.all(
        "SELECT target_id FROM app_grant_target WHERE app_id = $1 AND user_id = $2 ORDER BY target_id",
        params![app_id, user_id],
    )
}

/// Adds pages and accounts to those that a Facebook user lets an app have.
pub(crate) fn add_targets(tx: &mut Tx<'_>, app_id: i64, user_id: i64, targets: &[i64]) -> Result<()> {
    for target in targets {
        tx.run(
            "INSERT INTO app_grant_target (app_id, user_id, target_id) VALUES ($1, $2, $3)
             ON CONFLICT (app_id, user_id, target_id) DO NOTHING",
            params![app_id, user_id, *target],
        )?;
    }
    Ok(())
}

/// Takes pages and accounts away from an app.
pub(crate) fn remove_targets(tx: &mut Tx<'_>, app_id: i64, user_id: i64, targets: &[i64]) -> Result<()> {
    for target in targets {
        tx.run(
            "DELETE FROM app_grant_target WHERE app_id = $1 AND user_id = $2 AND target_id = $3",
            params![app_id, user_id, *target],
        )?;
    }
    Ok(())
}

/// All pages and accounts of a Facebook user, for an app that is given everything.
pub(crate) fn add_all_targets(tx: &mut Tx<'_>, app_id: i64, user_id: i64) -> Result<()> {
    let roles = accounts::store::roles_of_user(tx, user_id)?;
    let targets: Vec<i64> = roles.iter().flat_map(|role| [role.page_id, role.account_id]).collect();
    add_targets(tx, app_id, user_id, &targets)
}

/// Revokes all that a giver has given to an app, what was refused included: its tokens end, and the app hears no more
/// of the giver's accounts. `false` if the app has been given nothing.
pub(crate) fn revoke(tx: &mut Tx<'_>, app_id: i64, giver: Giver) -> Result<bool> {
    let removed = tx.run(
        "DELETE FROM app_grant WHERE app_id = $1 AND login = $2 AND giver = $3",
        params![app_id, login(giver), giver.id()],
    )?;
    codes::use_up_all(tx, app_id, giver)?;
    tokens::store::end_of_subject(tx, app_id, giver.id(), Ended::AppRemoved)?;
    match giver {
        Giver::Account(account) => {
            subscriptions::store::unsubscribe(tx, account, app_id, Host::Instagram)?;
        }
        Giver::User(user_id) => {
            tokens::store::end_through_user(tx, app_id, user_id, Ended::AppRemoved)?;
            let targets = targets(tx, app_id, user_id)?;
            tx.run(
                "DELETE FROM app_grant_target WHERE app_id = $1 AND user_id = $2",
                params![app_id, user_id],
            )?;
            for role in accounts::store::roles_of_user(tx, user_id)? {
                // Another user of the page may have given it too.
                if targets.contains(&role.page_id) && !is_target(tx, app_id, role.page_id)? {
                    subscriptions::store::unsubscribe(tx, role.account_id, app_id, Host::Facebook)?;
                }
            }
        }
    }
    Ok(removed > 0)
}

fn is_target(db: &mut impl Read, app_id: i64, target: i64) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT 1 FROM app_grant_target WHERE app_id = $1 AND target_id = $2 LIMIT 1",
        params![app_id, target],
    )?;
    Ok(found.is_some())
}
