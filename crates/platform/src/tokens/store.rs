//! The table of tokens.

use super::{Ended, NewToken, Through, Token, TokenKind};
use crate::schema::{Counter, next_number};
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::scopes::ScopeSet;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "serial, app_id, kind, subject, scopes, issued_at, expires_at, long_lived, user_id, parent, ended"
    };
}

impl FromRow for Token {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind = TokenKind::from_number(row.int(2)?)
            .ok_or_else(|| storage::Error::Engine("a token of an unknown kind is stored".to_owned()))?;
        let parent = row.opt_int(9)?;
        Ok(Self {
            serial: row.int(0)?,
            made: NewToken {
                app_id: row.int(1)?,
                kind,
                subject: row.int(3)?,
                scopes: ScopeSet::parse(&row.text(4)?),
                expires_at: row.opt_micros(6)?,
                long_lived: row.bool(7)?,
                through: row.opt_int(8)?.map(|user_id| Through { user_id, parent }),
            },
            issued_at: row.micros(5)?,
            ended: Ended::from_number(row.int(10)?),
        })
    }
}

/// Gives an app a token.
pub(crate) fn issue(tx: &mut Tx<'_>, key: &WorldKey, made: NewToken) -> Result<Token> {
    let serial = next_number(tx, Counter::Token)?;
    let token = Token { serial, made, issued_at: tx.now(), ended: None };
    tx.run(
        "INSERT INTO token (hash, serial, app_id, kind, subject, scopes, issued_at, expires_at, long_lived, user_id,
                            parent, ended)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
        params![
            key.token_hash(&token.text(key)),
            serial,
            made.app_id,
            made.kind.number(),
            made.subject,
            made.scopes.to_string(),
            token.issued_at,
            made.expires_at,
            made.long_lived,
            made.through.map(|through| through.user_id),
            made.through.and_then(|through| through.parent)
        ],
    )?;
    Ok(token)
}

/// The token with that keyed hash.
pub(crate) fn find(db: &mut impl Read, hash: &[u8; 32]) -> Result<Option<Token>> {
    db.one(concat!("SELECT ", columns!(), " FROM token WHERE hash = $1"), params![hash])
}

/// What an app was given for an account, a page or a user, the newest first.
pub(crate) fn of_subject(db: &mut impl Read, app_id: i64, subject: i64) -> Result<Vec<Token>> {
    db.all(
        concat!("SELECT ", columns!(), " FROM token WHERE app_id = $1 AND subject = $2 ORDER BY serial DESC"),
        params![app_id, subject],
    )
}

/// All tokens, the newest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Token>> {
    db.all(concat!("SELECT ", columns!(), " FROM token ORDER BY serial DESC"), params![])
}

/// The page's token that an app was given for that token of a user.
pub(crate) fn of_page(db: &mut impl Read, app_id: i64, page_id: i64, parent: i64) -> Result<Option<Token>> {
    db.one(
        concat!(
            "SELECT ",
            columns!(),
            " FROM token WHERE app_id = $1 AND subject = $2 AND parent = $3 AND ended = 0
             ORDER BY serial DESC LIMIT 1"
        ),
        params![app_id, page_id, parent],
    )
}

/// The newest token of a login of a user that lives longer than until that instant, without having been made to last.
pub(crate) fn newest_short(
    db: &mut impl Read,
    app_id: i64,
    user_id: i64,
    until: Micros,
) -> Result<Option<Token>> {
    db.one(
        concat!(
            "SELECT ",
            columns!(),
            " FROM token WHERE app_id = $1 AND subject = $2 AND long_lived = 0 AND ended = 0 AND expires_at > $3
             ORDER BY serial DESC LIMIT 1"
        ),
        params![app_id, user_id, until],
    )
}

/// Ends what an app holds of a subject: an account's or a user's own tokens.
pub(crate) fn end_of_subject(tx: &mut Tx<'_>, app_id: i64, subject: i64, ended: Ended) -> Result<()> {
    tx.run(
        "UPDATE token SET ended = $3 WHERE app_id = $1 AND subject = $2 AND ended = 0",
        params![app_id, subject, Ended::number(Some(ended))],
    )?;
    Ok(())
}

/// Ends the tokens of pages that an app got through a user.
pub(crate) fn end_through_user(tx: &mut Tx<'_>, app_id: i64, user_id: i64, ended: Ended) -> Result<()> {
    tx.run(
        "UPDATE token SET ended = $3 WHERE app_id = $1 AND user_id = $2 AND ended = 0",
        params![app_id, user_id, Ended::number(Some(ended))],
    )?;
    Ok(())
}

/// Ends one token, and those of pages that were made from it if they were not made to last.
pub(crate) fn end_session(tx: &mut Tx<'_>, hash: &[u8; 32], serial: i64) -> Result<()> {
    let ended = Ended::number(Some(Ended::LoggedOut));
    tx.run(
        "UPDATE token SET ended = $2 WHERE hash = $1 AND long_lived = 0 AND ended = 0",
        params![hash, ended],
    )?;
    tx.run(
        "UPDATE token SET ended = $2 WHERE parent = $1 AND long_lived = 0 AND ended = 0",
        params![serial, ended],
    )?;
    Ok(())
}
