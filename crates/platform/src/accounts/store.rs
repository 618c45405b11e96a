//! The tables of accounts, pages and Facebook users.

use super::{Account, FacebookUser, Page};
use crate::people;
use crate::schema::next_id;
use graph_api::ids::NodeKind;
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let page = match row.opt_int(5)? {
            Some(id) => Some(Page { id, name: row.text(6)?, user_id: row.int(7)? }),
            None => None,
        };
        Ok(Self {
            id: row.int(0)?,
            user_no: row.int(1)?,
            kind: row.text(2)?,
            username: row.text(3)?,
            name: row.text(4)?,
            page,
        })
    }
}

impl FromRow for FacebookUser {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.int(0)?, name: row.text(1)? })
    }
}

/// A new account; with `page_of`, linked to a new page that the user manages. [`storage::Error::Conflict`] if the
/// username is taken.
pub(crate) fn create(tx: &mut Tx<'_>, username: &str, name: &str, page_of: Option<i64>) -> Result<Account> {
    let user = people::store::create(tx, username, name)?;
    let id = next_id(tx, NodeKind::Account)?;
    tx.run(
        "INSERT INTO account (account_id, user_no, kind) VALUES ($1, $2, $3)",
        params![id, user.user_no, "BUSINESS"],
    )?;
    let page = match page_of {
        Some(user_id) => {
            let page = Page { id: next_id(tx, NodeKind::Page)?, name: name.to_owned(), user_id };
            tx.run(
                "INSERT INTO page (page_id, account_id, user_id, name) VALUES ($1, $2, $3, $4)",
                params![page.id, id, user_id, name],
            )?;
            Some(page)
        }
        None => None,
    };
    Ok(Account {
        id,
        user_no: user.user_no,
        username: user.username,
        name: user.name,
        kind: "BUSINESS".to_owned(),
        page,
    })
}

/// A new Facebook user.
pub(crate) fn create_user(tx: &mut Tx<'_>, name: &str) -> Result<FacebookUser> {
    let id = next_id(tx, NodeKind::User)?;
    tx.run("INSERT INTO facebook_user (user_id, name) VALUES ($1, $2)", params![id, name])?;
    Ok(FacebookUser { id, name: name.to_owned() })
}

/// All accounts, the oldest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Account>> {
    db.all(
        "SELECT a.account_id, a.user_no, a.kind, u.username, u.name, p.page_id, p.name, p.user_id
         FROM account a JOIN instagram_user u ON u.user_no = a.user_no
         LEFT JOIN page p ON p.account_id = a.account_id ORDER BY a.account_id",
        params![],
    )
}

/// The account with that id.
pub(crate) fn find(db: &mut impl Read, id: i64) -> Result<Option<Account>> {
    db.one(
        "SELECT a.account_id, a.user_no, a.kind, u.username, u.name, p.page_id, p.name, p.user_id
         FROM account a JOIN instagram_user u ON u.user_no = a.user_no
         LEFT JOIN page p ON p.account_id = a.account_id WHERE a.account_id = $1",
        params![id],
    )
}

/// The account with that username.
pub(crate) fn by_username(db: &mut impl Read, username: &str) -> Result<Option<Account>> {
    db.one(
        "SELECT a.account_id, a.user_no, a.kind, u.username, u.name, p.page_id, p.name, p.user_id
         FROM instagram_user u JOIN account a ON a.user_no = u.user_no
         LEFT JOIN page p ON p.account_id = a.account_id WHERE u.username = $1",
        params![username],
    )
}

/// The account that the page is linked to.
pub(crate) fn by_page(db: &mut impl Read, page_id: i64) -> Result<Option<Account>> {
    db.one(
        "SELECT a.account_id, a.user_no, a.kind, u.username, u.name, p.page_id, p.name, p.user_id
         FROM page p JOIN account a ON a.account_id = p.account_id
         JOIN instagram_user u ON u.user_no = a.user_no WHERE p.page_id = $1",
        params![page_id],
    )
}

/// The ids of the accounts behind the pages that a Facebook user manages, the oldest first.
pub(crate) fn of_user(db: &mut impl Read, user_id: i64) -> Result<Vec<i64>> {
    db.all("SELECT account_id FROM page WHERE user_id = $1 ORDER BY account_id", params![user_id])
}

/// The Facebook user with that id.
pub(crate) fn user(db: &mut impl Read, id: i64) -> Result<Option<FacebookUser>> {
    db.one("SELECT user_id, name FROM facebook_user WHERE user_id = $1", params![id])
}

/// All Facebook users, the oldest first.
pub(crate) fn users(db: &mut impl Read) -> Result<Vec<FacebookUser>> {
    db.all("SELECT user_id, name FROM facebook_user ORDER BY user_id", params![])
}
