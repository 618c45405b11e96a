//! The table of tokens.

use super::{Token, TokenKind};
use crate::schema::{Counter, next_number};
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::scopes::ScopeSet;
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for Token {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind = TokenKind::from_number(row.int(2)?)
            .ok_or_else(|| storage::Error::Engine("a token of an unknown kind is stored".to_owned()))?;
        Ok(Self {
            serial: row.int(0)?,
            app_id: row.int(1)?,
            kind,
            subject: row.int(3)?,
            scopes: ScopeSet::parse(&row.text(4)?),
            issued_at: row.micros(5)?,
            expires_at: row.opt_micros(6)?,
        })
    }
}

/// Gives an app a token for a subject.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    key: &WorldKey,
    app_id: i64,
    (kind, subject): (TokenKind, i64),
    scopes: ScopeSet,
    expires_at: Option<Micros>,
) -> Result<Token> {
    let serial = next_number(tx, Counter::Token)?;
    let token = Token { serial, app_id, kind, subject, scopes, issued_at: tx.now(), expires_at };
    tx.run(
        "INSERT INTO token (hash, serial, app_id, kind, subject, scopes, issued_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            key.token_hash(&token.text(key)),
            serial,
            app_id,
            kind.number(),
            subject,
            scopes.to_string(),
            token.issued_at,
            expires_at
        ],
    )?;
    Ok(token)
}

/// The token with that keyed hash.
pub(crate) fn find(db: &mut impl Read, hash: &[u8; 32]) -> Result<Option<Token>> {
    db.one(
        "SELECT serial, app_id, kind, subject, scopes, issued_at, expires_at FROM token WHERE hash = $1",
        params![hash],
    )
}

/// All tokens, the newest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Token>> {
    db.all(
        "SELECT serial, app_id, kind, subject, scopes, issued_at, expires_at FROM token ORDER BY serial DESC",
        params![],
    )
}
