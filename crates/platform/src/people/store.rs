//! The table of Instagram users, and who follows whom.

use super::Person;
use crate::schema::{Counter, next_number};
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "u.user_no, u.username, u.name, u.picture, u.is_private, u.is_verified, u.follower_count, u.locale"
    };
}

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            user_no: row.int(0)?,
            username: row.text(1)?,
            name: row.text(2)?,
            picture: row.opt_int(3)?,
            is_private: row.bool(4)?,
            is_verified: row.bool(5)?,
            follower_count: row.int(6)?,
            locale: row.text(7)?,
        })
    }
}

/// What a new person's app speaks, as the table has it.
const DEFAULT_LOCALE: &str = "en_US";

/// A new user; [`storage::Error::Conflict`] if the username is taken.
pub(crate) fn create(tx: &mut Tx<'_>, username: &str, name: &str) -> Result<Person> {
    let user_no = next_number(tx, Counter::InstagramUser)?;
    tx.run(
        "INSERT INTO instagram_user (user_no, username, name) VALUES ($1, $2, $3)",
        params![user_no, username, name],
    )?;
    let (username, name, locale) = (username.to_owned(), name.to_owned(), DEFAULT_LOCALE.to_owned());
    Ok(Person { user_no, username, name, locale, ..Person::default() })
}

/// Writes what can change of a person.
pub(crate) fn update(tx: &mut Tx<'_>, person: &Person) -> Result<()> {
    tx.run(
        "UPDATE instagram_user SET name = $2, picture = $3, is_private = $4, is_verified = $5, follower_count = $6,
         locale = $7 WHERE user_no = $1",
        params![
            person.user_no,
            person.name.as_str(),
            person.picture,
            person.is_private,
            person.is_verified,
            person.follower_count,
            person.locale.as_str()
        ],
    )?;
    Ok(())
}

/// The people who are no professional accounts, the oldest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Person>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM instagram_user u
             WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.user_no = u.user_no) ORDER BY u.user_no"
        ),
        params![],
    )
}

/// The user with that username, person or account.
pub(crate) fn with_username(db: &mut impl Read, username: &str) -> Result<Option<Person>> {
    db.one(concat!("SELECT ", columns!(), " FROM instagram_user u WHERE u.username = $1"), params![username])
}

/// The user with that number, person or account.
pub(crate) fn with_number(db: &mut impl Read, user_no: i64) -> Result<Option<Person>> {
    db.one(concat!("SELECT ", columns!(), " FROM instagram_user u WHERE u.user_no = $1"), params![user_no])
}

/// The same, locked to be changed.
pub(crate) fn lock(tx: &mut Tx<'_>, user_no: i64) -> Result<Option<Person>> {
    tx.one(
        concat!("SELECT ", columns!(), " FROM instagram_user u WHERE u.user_no = $1 FOR UPDATE"),
        params![user_no],
    )
}

/// Whether a person or account has the username.
pub(crate) fn taken(db: &mut impl Read, username: &str) -> Result<bool> {
    Ok(db.one::<i64>("SELECT user_no FROM instagram_user WHERE username = $1", params![username])?.is_some())
}

/// Whether one user follows another.
pub(crate) fn follows(db: &mut impl Read, follower_no: i64, followed_no: i64) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT 1 FROM follow WHERE follower_no = $1 AND followed_no = $2",
        params![follower_no, followed_no],
    )?;
    Ok(found.is_some())
}

/// Whether a user follows an account.
pub(crate) fn follows_account(db: &mut impl Read, user_no: i64, account_id: i64) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT 1 FROM account a JOIN follow f ON f.followed_no = a.user_no
         WHERE a.account_id = $2 AND f.follower_no = $1",
        params![user_no, account_id],
    )?;
    Ok(found.is_some())
}

/// The accounts that a user follows.
pub(crate) fn accounts_followed(db: &mut impl Read, user_no: i64) -> Result<Vec<i64>> {
    db.all(
        "SELECT a.account_id FROM follow f JOIN account a ON a.user_no = f.followed_no WHERE f.follower_no = $1",
        params![user_no],
    )
}

/// One user follows another, or stops; whether that changed anything.
pub(crate) fn set_follows(
    tx: &mut Tx<'_>,
    follower_no: i64,
    followed_no: i64,
    follows: bool,
) -> Result<bool> {
    let changed = if follows {
        tx.run(
            "INSERT INTO follow (follower_no, followed_no) VALUES ($1, $2)
             ON CONFLICT (follower_no, followed_no) DO NOTHING",
            params![follower_no, followed_no],
        )?
    } else {
        tx.run(
            "DELETE FROM follow WHERE follower_no = $1 AND followed_no = $2",
            params![follower_no, followed_no],
        )?
    };
    Ok(changed == 1)
}

/// Who follows whom, by number.
pub(crate) fn all_follows(db: &mut impl Read) -> Result<Vec<(i64, i64)>> {
    db.all(
        "SELECT follower_no, followed_no FROM follow ORDER BY follower_no, followed_no LIMIT 10000",
        params![],
    )
}

/// How many of the users who are here follow a user.
pub(crate) fn followers(db: &mut impl Read, user_no: i64) -> Result<i64> {
    Ok(db.one::<i64>("SELECT COUNT(*) FROM follow WHERE followed_no = $1", params![user_no])?.unwrap_or(0))
}

/// How many of the users who are here a user follows.
pub(crate) fn followed(db: &mut impl Read, user_no: i64) -> Result<i64> {
    Ok(db.one::<i64>("SELECT COUNT(*) FROM follow WHERE follower_no = $1", params![user_no])?.unwrap_or(0))
}
