//! The table of Instagram users.

use super::Person;
use crate::schema::{Counter, next_number};
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { user_no: row.int(0)?, username: row.text(1)?, name: row.text(2)? })
    }
}

/// A new user; [`storage::Error::Conflict`] if the username is taken.
pub(crate) fn create(tx: &mut Tx<'_>, username: &str, name: &str) -> Result<Person> {
    let user_no = next_number(tx, Counter::InstagramUser)?;
    tx.run(
        "INSERT INTO instagram_user (user_no, username, name) VALUES ($1, $2, $3)",
        params![user_no, username, name],
    )?;
    Ok(Person { user_no, username: username.to_owned(), name: name.to_owned() })
}

/// The people who are no professional accounts, the oldest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Person>> {
    db.all(
        "SELECT u.user_no, u.username, u.name FROM instagram_user u
         WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.user_no = u.user_no) ORDER BY u.user_no",
        params![],
    )
}

/// The person with that username who is no professional account.
pub(crate) fn by_username(db: &mut impl Read, username: &str) -> Result<Option<Person>> {
    db.one(
        "SELECT u.user_no, u.username, u.name FROM instagram_user u WHERE u.username = $1
         AND NOT EXISTS (SELECT 1 FROM account a WHERE a.user_no = u.user_no)",
        params![username],
    )
}

/// The person with that number who is no professional account.
pub(crate) fn by_number(db: &mut impl Read, user_no: i64) -> Result<Option<Person>> {
    db.one(
        "SELECT u.user_no, u.username, u.name FROM instagram_user u WHERE u.user_no = $1
         AND NOT EXISTS (SELECT 1 FROM account a WHERE a.user_no = u.user_no)",
        params![user_no],
    )
}

/// Whether a person or account has the username.
pub(crate) fn taken(db: &mut impl Read, username: &str) -> Result<bool> {
    Ok(db.one::<i64>("SELECT user_no FROM instagram_user WHERE username = $1", params![username])?.is_some())
}
