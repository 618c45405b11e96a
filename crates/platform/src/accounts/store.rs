//! The tables of accounts, pages and Facebook users.

use super::{Account, FacebookUser, Page};
use crate::people;
use crate::schema::next_id;
use graph_api::ids::NodeKind;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "a.account_id, a.user_no, a.kind, u.username, u.name, a.message_access, a.eligible, a.more_followers,
         a.is_automated, p.page_id, p.name, p.user_id"
    };
}

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let page = match row.opt_int(9)? {
            Some(id) => Some(Page { id, name: row.text(10)?, user_id: row.int(11)? }),
            None => None,
        };
        Ok(Self {
            id: row.int(0)?,
            user_no: row.int(1)?,
            kind: row.text(2)?,
            username: row.text(3)?,
            name: row.text(4)?,
            message_access: row.bool(5)?,
            eligible: row.bool(6)?,
            more_followers: row.int(7)?,
            is_automated: row.bool(8)?,
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
        "INSERT INTO account (account_id, user_no, kind, message_access, eligible, more_followers, is_automated)
         VALUES ($1, $2, $3, 1, 1, 0, 0)",
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
        message_access: true,
        eligible: true,
        more_followers: 0,
        is_automated: false,
        page,
    })
}

/// Writes what can change of an account.
pub(crate) fn update(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    tx.run(
        "UPDATE instagram_user SET name = $2 WHERE user_no = $1",
        params![account.user_no, account.name.as_str()],
    )?;
    tx.run(
        "UPDATE account SET kind = $2, message_access = $3, eligible = $4, more_followers = $5, is_automated = $6
         WHERE account_id = $1",
        params![
            account.id,
            account.kind.as_str(),
            account.message_access,
            account.eligible,
            account.more_followers,
            account.is_automated
        ],
    )?;
    Ok(())
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
        concat!(
            "SELECT ",
            columns!(),
            "
         FROM account a JOIN instagram_user u ON u.user_no = a.user_no
         LEFT JOIN page p ON p.account_id = a.account_id ORDER BY a.account_id"
        ),
        params![],
    )
}

/// The account with that id.
pub(crate) fn find(db: &mut impl Read, id: i64) -> Result<Option<Account>> {
    db.one(
        concat!(
            "SELECT ",
            columns!(),
            "
         FROM account a JOIN instagram_user u ON u.user_no = a.user_no
         LEFT JOIN page p ON p.account_id = a.account_id WHERE a.account_id = $1"
        ),
        params![id],
    )
}

/// The account with that username.
pub(crate) fn by_username(db: &mut impl Read, username: &str) -> Result<Option<Account>> {
    db.one(
        concat!(
            "SELECT ",
            columns!(),
            "
         FROM instagram_user u JOIN account a ON a.user_no = u.user_no
         LEFT JOIN page p ON p.account_id = a.account_id WHERE u.username = $1"
        ),
        params![username],
    )
}

/// The account that the page is linked to.
pub(crate) fn by_page(db: &mut impl Read, page_id: i64) -> Result<Option<Account>> {
    db.one(
        concat!(
            "SELECT ",
            columns!(),
            "
         FROM page p JOIN account a ON a.account_id = p.account_id
         JOIN instagram_user u ON u.user_no = a.user_no WHERE p.page_id = $1"
        ),
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
