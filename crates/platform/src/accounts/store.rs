//! The tables of accounts, pages and Facebook users.

use super::{Account, FacebookUser, Page, PageRole};
use crate::people::{self, Person};
use crate::schema::next_id;
use graph_api::ids::NodeKind;
use graph_api::tasks::TaskSet;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "a.account_id, a.user_no, a.kind, u.username, u.name, a.message_access, a.eligible, a.more_followers,
         a.is_automated, p.page_id, p.name, a.biography, a.website"
    };
}

/// The kind of a business's account.
pub(crate) const BUSINESS: &str = "BUSINESS";
/// The kind of a creator's account.
pub(crate) const CREATOR: &str = "MEDIA_CREATOR";

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let page = match row.opt_int(9)? {
            Some(id) => Some(Page { id, name: row.text(10)? }),
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
            biography: row.text(11)?,
            website: row.text(12)?,
            page,
        })
    }
}

impl FromRow for FacebookUser {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.int(0)?, name: row.text(1)?, is_system: row.bool(2)? })
    }
}

impl FromRow for PageRole {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            user_id: row.int(0)?,
            page_id: row.int(1)?,
            account_id: row.int(2)?,
            tasks: TaskSet::parse(&row.text(3)?),
        })
    }
}

/// A new account; with `page_of`, linked to a new page that the user manages. [`storage::Error::Conflict`] if the
/// username is taken.
pub(crate) fn create(tx: &mut Tx<'_>, username: &str, name: &str, page_of: Option<i64>) -> Result<Account> {
    let user = people::store::create(tx, username, name)?;
    let mut account = make_professional(tx, user, BUSINESS)?;
    if let Some(user_id) = page_of {
        create_page(tx, &mut account, name, user_id)?;
    }
    Ok(account)
}

/// Makes a person's account a professional one of that kind, `BUSINESS` or `MEDIA_CREATOR`. What they have said and done
/// stays theirs.
pub(crate) fn make_professional(tx: &mut Tx<'_>, user: Person, kind: &'static str) -> Result<Account> {
    let id = next_id(tx, NodeKind::Account)?;
    tx.run(
        "INSERT INTO account (account_id, user_no, kind, message_access, eligible, more_followers, is_automated,
         biography, website) VALUES ($1, $2, $3, 1, 1, $4, 0, '', '')",
        params![id, user.user_no, kind, user.follower_count],
    )?;
    Ok(Account {
        id,
        user_no: user.user_no,
        username: user.username,
        name: user.name,
        kind: kind.to_owned(),
        message_access: true,
        eligible: true,
        more_followers: user.follower_count,
        is_automated: false,
        biography: String::new(),
        website: String::new(),
        page: None,
    })
}

/// Makes a page with every task for the user, and links it to the account, which has none.
pub(crate) fn create_page(tx: &mut Tx<'_>, account: &mut Account, name: &str, user_id: i64) -> Result<()> {
    let page = Page { id: next_id(tx, NodeKind::Page)?, name: name.to_owned() };
    tx.run(
        "INSERT INTO page (page_id, account_id, name) VALUES ($1, $2, $3)",
        params![page.id, account.id, name],
    )?;
    set_page_role(tx, user_id, page.id, TaskSet::ALL)?;
    account.page = Some(page);
    Ok(())
}

/// Locks the account's row, for what only one at a time may do of it.
pub(crate) fn lock(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.one::<i64>("SELECT account_id FROM account WHERE account_id = $1 FOR UPDATE", params![id]).map(drop)
}

/// Gives a user tasks on a page, or, with none, takes the role away.
pub(crate) fn set_page_role(tx: &mut Tx<'_>, user_id: i64, page_id: i64, tasks: TaskSet) -> Result<()> {
    if tasks.is_empty() {
        tx.run("DELETE FROM page_role WHERE user_id = $1 AND page_id = $2", params![user_id, page_id])?;
    } else {
        tx.run(
            "INSERT INTO page_role (user_id, page_id, tasks) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, page_id) DO UPDATE SET tasks = excluded.tasks",
            params![user_id, page_id, tasks.to_string()],
        )?;
    }
    Ok(())
}

/// A user's roles on pages, by page.
pub(crate) fn roles_of_user(db: &mut impl Read, user_id: i64) -> Result<Vec<PageRole>> {
    db.all(
        "SELECT r.user_id, r.page_id, p.account_id, r.tasks FROM page_role r
         JOIN page p ON p.page_id = r.page_id WHERE r.user_id = $1 ORDER BY r.page_id",
        params![user_id],
    )
}

/// Who has a role on a page, the oldest user first.
pub(crate) fn roles_on_page(db: &mut impl Read, page_id: i64) -> Result<Vec<PageRole>> {
    db.all(
        "SELECT r.user_id, r.page_id, p.account_id, r.tasks FROM page_role r
         JOIN page p ON p.page_id = r.page_id WHERE r.page_id = $1 ORDER BY r.user_id",
        params![page_id],
    )
}

/// All roles on pages.
pub(crate) fn all_roles(db: &mut impl Read) -> Result<Vec<PageRole>> {
    db.all(
        "SELECT r.user_id, r.page_id, p.account_id, r.tasks FROM page_role r
         JOIN page p ON p.page_id = r.page_id ORDER BY r.user_id, r.page_id",
        params![],
    )
}

/// Writes what can change of an account.
pub(crate) fn update(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    tx.run(
        "UPDATE instagram_user SET name = $2 WHERE user_no = $1",
        params![account.user_no, account.name.as_str()],
    )?;
    tx.run(
        "UPDATE account SET kind = $2, message_access = $3, eligible = $4, more_followers = $5, is_automated = $6,
         biography = $7, website = $8 WHERE account_id = $1",
        params![
            account.id,
            account.kind.as_str(),
            account.message_access,
            account.eligible,
            account.more_followers,
            account.is_automated,
            account.biography.as_str(),
            account.website.as_str()
        ],
    )?;
    Ok(())
}

/// A new Facebook user.
pub(crate) fn create_user(tx: &mut Tx<'_>, name: &str, is_system: bool) -> Result<FacebookUser> {
    let id = next_id(tx, NodeKind::User)?;
    tx.run(
        "INSERT INTO facebook_user (user_id, name, is_system) VALUES ($1, $2, $3)",
        params![id, name, is_system],
    )?;
    Ok(FacebookUser { id, name: name.to_owned(), is_system })
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

/// The id of the account of the user with that number, if it is a professional one.
pub(crate) fn id_of_user(db: &mut impl Read, user_no: i64) -> Result<Option<i64>> {
    db.one("SELECT account_id FROM account WHERE user_no = $1", params![user_no])
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

/// The Facebook user with that id.
pub(crate) fn user(db: &mut impl Read, id: i64) -> Result<Option<FacebookUser>> {
    db.one("SELECT user_id, name, is_system FROM facebook_user WHERE user_id = $1", params![id])
}

/// All Facebook users, the oldest first.
pub(crate) fn users(db: &mut impl Read) -> Result<Vec<FacebookUser>> {
    db.all("SELECT user_id, name, is_system FROM facebook_user ORDER BY user_id", params![])
}
