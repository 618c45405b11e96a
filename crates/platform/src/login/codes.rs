//! Authorization codes: good once, for an hour (doc: Business Login for Instagram).

use crate::grants::Giver;
use crate::world_key::WorldKey;
use clock::{Chance, Micros};
use graph_api::ids::meta_base64;
use graph_api::limits;
use storage::{FromRow, Result, Row, Tx, params};

/// A code as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// The app that it was given to.
    pub app_id: i64,
    /// Who gave.
    pub giver: Giver,
    /// Where it was sent; empty: to the JavaScript SDK.
    pub redirect_uri: String,
    /// When.
    pub issued_at: Micros,
    /// It was exchanged.
    pub used: bool,
}

impl FromRow for Code {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let id = row.int(2)?;
        Ok(Self {
            app_id: row.int(0)?,
            giver: if row.int(1)? == 1 { Giver::Account(id) } else { Giver::User(id) },
            redirect_uri: row.text(3)?,
            issued_at: row.micros(4)?,
            used: row.bool(5)?,
        })
    }
}

/// Text for a new code. It is in no database: only its hash is.
pub(super) fn text(chance: &dyn Chance) -> String {
    let mut bytes = [0; 120];
    chance.fill(&mut bytes);
    // Real codes begin so, whatever else is in them.
    format!("AQ{}", meta_base64(&bytes))
}

/// Stores a code, and forgets those that have expired since yesterday.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    key: &WorldKey,
    text: &str,
    app_id: i64,
    giver: Giver,
    redirect_uri: &str,
) -> Result<()> {
    let now = tx.now();
    let forgotten = now.minus(limits::CODE).minus(std::time::Duration::from_secs(24 * 3600));
    tx.run("DELETE FROM login_code WHERE issued_at < $1", params![forgotten])?;
    tx.run(
        "INSERT INTO login_code (hash, app_id, login, giver, redirect_uri, issued_at, used)
         VALUES ($1, $2, $3, $4, $5, $6, 0)",
        params![key.token_hash(text), app_id, login(giver), giver.id(), redirect_uri, now],
    )?;
    Ok(())
}

/// The code with that keyed hash, locked: it can be exchanged once.
pub(crate) fn lock(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<Option<Code>> {
    tx.one(
        "SELECT app_id, login, giver, redirect_uri, issued_at, used FROM login_code WHERE hash = $1 FOR UPDATE",
        params![hash],
    )
}

/// Marks all codes of a giver for an app as exchanged: access was revoked.
pub(crate) fn use_up_all(tx: &mut Tx<'_>, app_id: i64, giver: Giver) -> Result<()> {
    tx.run(
        "UPDATE login_code SET used = 1 WHERE app_id = $1 AND login = $2 AND giver = $3",
        params![app_id, login(giver), giver.id()],
    )?;
    Ok(())
}

const fn login(giver: Giver) -> i64 {
    match giver {
        Giver::Account(_) => 1,
        Giver::User(_) => 2,
    }
}

/// Marks a locked code as exchanged.
pub(crate) fn use_up(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<()> {
    tx.run("UPDATE login_code SET used = 1 WHERE hash = $1", params![hash])?;
    Ok(())
}
