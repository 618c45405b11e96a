//! The table of messenger profiles. The properties are independent of each other, so that each write is one statement.

use super::Profile;
use graph_api::profile::{Localized, ProfileChange, Property};
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::{Error, FromRow, Read, Result, Row, Tx, params};

impl FromRow for Profile {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { ice_breakers: read(row.opt_text(0)?)?, persistent_menu: read(row.opt_text(1)?)? })
    }
}

fn read<T: DeserializeOwned>(json: Option<String>) -> Result<Vec<Localized<T>>> {
    let Some(json) = json else { return Ok(Vec::new()) };
    serde_json::from_str(&json)
        .map_err(|e| Error::Engine(format!("a stored messenger profile cannot be read: {e}")))
}

fn write<T: Serialize>(entries: &[Localized<T>]) -> Result<String> {
    serde_json::to_string(entries)
        .map_err(|e| Error::Engine(format!("a messenger profile cannot be written: {e}")))
}

/// What the account has set.
pub(crate) fn of_account(db: &mut impl Read, account: i64) -> Result<Profile> {
    let found = db.one(
        "SELECT ice_breakers, persistent_menu FROM messenger_profile WHERE account_id = $1",
        params![account],
    )?;
    Ok(found.unwrap_or_default())
}

/// Sets what the request speaks of.
pub(super) fn set(tx: &mut Tx<'_>, account: i64, change: &ProfileChange) -> Result<()> {
    if let Some(entries) = &change.ice_breakers {
        tx.run(
            "INSERT INTO messenger_profile (account_id, ice_breakers) VALUES ($1, $2)
             ON CONFLICT (account_id) DO UPDATE SET ice_breakers = excluded.ice_breakers",
            params![account, write(entries)?],
        )?;
    }
    if let Some(entries) = &change.persistent_menu {
        tx.run(
            "INSERT INTO messenger_profile (account_id, persistent_menu) VALUES ($1, $2)
             ON CONFLICT (account_id) DO UPDATE SET persistent_menu = excluded.persistent_menu",
            params![account, write(entries)?],
        )?;
    }
    Ok(())
}

/// Takes a property away. To take away what is not there is no error.
pub(super) fn delete(tx: &mut Tx<'_>, account: i64, property: Property) -> Result<()> {
    let sql = match property {
        Property::IceBreakers => "UPDATE messenger_profile SET ice_breakers = NULL WHERE account_id = $1",
        Property::PersistentMenu => {
            "UPDATE messenger_profile SET persistent_menu = NULL WHERE account_id = $1"
        }
    };
    tx.run(sql, params![account])?;
    Ok(())
}
