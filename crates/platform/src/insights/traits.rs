//! Who people are, as far as demographics count it.

use super::store;
use crate::people;
use graph_api::insights::{Breakdown, DEMOGRAPHICS};
use storage::{FromRow, Read, Result, Row, Tx, params};

/// Ages, as answers have them, and the first year of each.
const AGES: [(&str, u64); 7] =
    [("65+", 65), ("55-64", 55), ("45-54", 45), ("35-44", 35), ("25-34", 25), ("18-24", 18), ("13-17", 13)];

/// What is known of somebody; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// Such as `25-34`.
    pub age: String,
    /// Such as `Lisbon, Lisboa`.
    pub city: String,
    /// Two letters.
    pub country: String,
    /// `F`, `M` or `U`.
    pub gender: String,
}

impl FromRow for Traits {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { age: row.text(0)?, city: row.text(1)?, country: row.text(2)?, gender: row.text(3)? })
    }
}

impl Traits {
    /// The age group of somebody so old; nobody is on Instagram before thirteen.
    pub(crate) fn age_group(years: u64) -> Option<&'static str> {
        AGES.iter().find(|(_, first)| years >= *first && years <= 120).map(|(group, _)| *group)
    }

    /// The value of a breakdown; `None` where it is not known.
    pub(super) fn value(&self, by: Breakdown) -> Option<&str> {
        let value = match by {
            Breakdown::Age => &self.age,
            Breakdown::City => &self.city,
            Breakdown::Country => &self.country,
            Breakdown::Gender => &self.gender,
            _ => return None,
        };
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

/// What is known of a person.
pub(crate) fn of(db: &mut impl Read, user_no: i64) -> Result<Traits> {
    let found =
        db.one("SELECT age, city, country, gender FROM insight_traits WHERE user_no = $1", params![user_no])?;
    Ok(found.unwrap_or_default())
}

/// Changes what is known of a person, also where they count as a follower. The caller holds the person's row.
pub(crate) fn change(tx: &mut Tx<'_>, user_no: i64, new: &Traits) -> Result<()> {
    let old = of(tx, user_no)?;
    tx.run(
        "INSERT INTO insight_traits (user_no, age, city, country, gender) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_no) DO UPDATE SET age = excluded.age, city = excluded.city, country = excluded.country,
         gender = excluded.gender",
        params![user_no, new.age.as_str(), new.city.as_str(), new.country.as_str(), new.gender.as_str()],
    )?;
    for account in people::store::accounts_followed(tx, user_no)? {
        follower(tx, account, &old, -1)?;
        follower(tx, account, new, 1)?;
    }
    Ok(())
}

/// Counts a follower in, or out.
pub(super) fn follower(tx: &mut Tx<'_>, account: i64, traits: &Traits, by: i64) -> Result<()> {
    let mut kept = store::lock(tx, account)?;
    for breakdown in DEMOGRAPHICS {
        if let Some(value) = traits.value(*breakdown) {
            kept.followers.add(&format!("{}|{value}", breakdown.name()), by);
        }
    }
    store::save(tx, account, &kept)
}
