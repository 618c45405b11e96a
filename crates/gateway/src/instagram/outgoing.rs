//! The table of messages on their way to Instagram. A conversation's rows are changed under the lock of its own row.

use clock::Micros;
use serde_json::Value;
use storage::{Error, FromRow, Read, Result, Row, Tx, params};

/// What is known of the current part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits for its turn, or its time.
    Waiting,
    /// A POST is under way; found so at a start, nobody knows what came of it.
    UnderWay,
    /// Nobody knows what came of it: it is looked for.
    Unclear,
}

impl State {
    const fn number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::UnderWay => 1,
            Self::Unclear => 2,
        }
    }
}

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) conversation_id: String,
    pub(crate) at: Micros,
    pub(crate) message_id: String,
    pub(crate) app_id: String,
    pub(crate) integration_id: String,
    /// The person.
    pub(crate) igsid: String,
    pub(crate) is_bot: bool,
    /// What is sent, one after the other: each the `message` of a send.
    pub(crate) parts: Vec<Value>,
    /// How many are there.
    pub(crate) done: usize,
    /// Their ids.
    pub(crate) mids: Vec<String>,
    pub(crate) state: State,
    /// Of the current part.
    pub(crate) attempts: i64,
    /// Of the current part, since it became unclear.
    pub(crate) looks: i64,
    pub(crate) made_at: Micros,
    /// When the current part was first tried.
    pub(crate) began_at: Micros,
    /// Not before.
    pub(crate) next_at: Micros,
}

impl Outgoing {
    /// The part that is next.
    pub(crate) fn current(&self) -> Option<&Value> {
        self.parts.get(self.done)
    }
    /// Whether the current part may be on Instagram already.
    pub(crate) fn was_tried(&self) -> bool {
        self.attempts > 0
    }
}

impl FromRow for Outgoing {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let broken = |_| Error::Engine("a message on its way cannot be read".to_owned());
        Ok(Self {
            conversation_id: row.text(0)?,
            at: row.micros(1)?,
            message_id: row.text(2)?,
            app_id: row.text(3)?,
            integration_id: row.text(4)?,
            igsid: row.text(5)?,
            is_bot: row.bool(6)?,
            parts: serde_json::from_str(&row.text(7)?).map_err(broken)?,
            done: usize::try_from(row.int(8)?).unwrap_or_default(),
            mids: serde_json::from_str(&row.text(9)?).map_err(broken)?,
            state: match row.int(10)? {
                0 => State::Waiting,
                1 => State::UnderWay,
                _ => State::Unclear,
            },
            attempts: row.int(11)?,
            looks: row.int(12)?,
            made_at: row.micros(13)?,
            began_at: row.micros(14)?,
            next_at: row.micros(15)?,
        })
    }
}

/// The one of a conversation whose turn it is.
pub(crate) fn first(db: &mut impl Read, conversation_id: &str) -> Result<Option<Outgoing>> {
    db.one(
        "SELECT conversation_id, at, message_id, app_id, integration_id, external_id, is_bot, parts, done, mids, state,
             attempts, looks, made_at, began_at, next_at
         FROM outgoing WHERE conversation_id = $1 ORDER BY at, message_id LIMIT 1",
        params![conversation_id],
    )
}

/// The conversations that have something to send. One look-up for each.
pub(crate) fn conversations(db: &mut impl Read) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut after = String::new();
    while let Some(next) = db.one::<String>(
        "SELECT conversation_id FROM outgoing WHERE conversation_id > $1 ORDER BY conversation_id LIMIT 1",
        params![&after],
    )? {
        after.clone_from(&next);
        found.push(next);
    }
    Ok(found)
}

pub(crate) fn add(tx: &mut Tx<'_>, row: &Outgoing) -> Result<()> {
    tx.later(
        "INSERT INTO outgoing (conversation_id, at, message_id, app_id, integration_id, external_id, is_bot, parts, done,
             mids, state, attempts, looks, made_at, began_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            &row.conversation_id,
            row.at,
            &row.message_id,
            &row.app_id,
            &row.integration_id,
            &row.igsid,
            row.is_bot,
            Value::from(row.parts.clone()).to_string(),
            i64::try_from(row.done).unwrap_or_default(),
            Value::from(row.mids.clone()).to_string(),
            row.state.number(),
            row.attempts,
            row.looks,
            row.made_at,
            row.began_at,
            row.next_at
        ],
    )
}

pub(crate) fn update(tx: &mut Tx<'_>, row: &Outgoing) -> Result<()> {
    tx.later(
        "UPDATE outgoing SET done = $4, mids = $5, state = $6, attempts = $7, looks = $8, began_at = $9, next_at = $10
         WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![
            &row.conversation_id,
            row.at,
            &row.message_id,
            i64::try_from(row.done).unwrap_or_default(),
            Value::from(row.mids.clone()).to_string(),
            row.state.number(),
            row.attempts,
            row.looks,
            row.began_at,
            row.next_at
        ],
    )
}

pub(crate) fn remove(tx: &mut Tx<'_>, row: &Outgoing) -> Result<()> {
    tx.later(
        "DELETE FROM outgoing WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![&row.conversation_id, row.at, &row.message_id],
    )
}
