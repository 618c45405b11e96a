//! Fills a stopped sandbox's database with people, conversations and messages. Through the sim, a million messages
//! would take minutes; here they are copies of the demo world's first conversation under other ids, so that a new
//! column needs no change here. That the product takes them for its own is seen at once: it answers sends to them.

use graph_api::ids::{ConversationKey, MessageKey, NodeKind, scoped};
use rusqlite::{Connection, params};
use std::path::Path;

/// The seeded people's numbers begin here, far above the sandbox's own.
const FIRST_USER: i64 = 1_000_000;

/// The conversations that were made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seeded {
    /// The conversations, the largest first.
    pub conversations: Vec<ConversationKey>,
    /// Some of the newest messages of the conversations: such as can be asked for by their ids.
    pub messages: Vec<MessageKey>,
}

/// How much there is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Conversations, dealt to the accounts in turn.
    pub conversations: u64,
    /// Messages, dealt to the conversations in turn.
    pub messages: u64,
    /// Each message with a number that this divides belongs to the first conversation instead: with 1, all of them.
    pub largest: u64,
}

impl Size {
    /// Conversations without messages.
    pub(crate) fn conversations(conversations: u64) -> Self {
        Self { conversations, messages: 0, largest: 1 }
    }
}

/// Adds the rows to the database at `path`: copies of the conversation that the first of the `accounts` has.
pub(crate) fn fill(path: &Path, accounts: &[i64], size: Size) -> Result<Seeded, String> {
    try_fill(path, accounts, size).map_err(|e| format!("{} cannot be seeded: {e}", path.display()))
}

/// The username of the seeded person with that place in [`Seeded::conversations`].
pub(crate) fn username(place: usize) -> String {
    format!("bench.{place}")
}

fn try_fill(path: &Path, accounts: &[i64], size: Size) -> rusqlite::Result<Seeded> {
    let template = accounts.first().copied().unwrap_or_default();
    let mut db = Connection::open(path)?;
    // What is lost in a power cut is only this run.
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = OFF")?;
    let mut seeded = Seeded::default();
    let tx = db.transaction()?;
    {
        let mut person =
            tx.prepare("INSERT INTO instagram_user (user_no, username, name) VALUES (?1, ?2, 'Somebody')")?;
        // By its id: the copies stand beside it.
        let first: i64 = tx.query_row(
            "SELECT igsid FROM conversation WHERE account_id = ?1 AND updated_at > 0",
            [template],
            |row| row.get(0),
        )?;
        let copied = "FROM (SELECT * FROM conversation WHERE account_id = ?3 AND igsid = ?6)";
        // A minute apart, as the conversations of a shop are, and not all at once; and answered once, because a request
        // that is older than thirty days is served to nobody.
        let replaced = [
            ("igsid", "?1"),
            ("user_no", "?2"),
            ("account_id", "?4"),
            ("updated_at", "updated_at - 60000000 * ?5"),
            ("active_minute", "active_minute - ?5"),
            ("folder", "'general'"),
        ];
        let (into, from) = columns(&tx, "conversation", &replaced)?;
        let mut conversation =
            tx.prepare(&format!("INSERT INTO conversation ({into}) SELECT {from} {copied}"))?;
        for place in 0..size.conversations {
            let user = FIRST_USER + place as i64;
            let account = accounts[place as usize % accounts.len()];
            let igsid = scoped(NodeKind::Person, account, user);
            person.execute(params![user, username(place as usize)])?;
            if conversation.execute(params![igsid, user, template, account, place as i64, first])? != 1 {
                return Err(rusqlite::Error::QueryReturnedNoRows);
            }
            seeded.conversations.push(ConversationKey { account, igsid });
        }
    }
    tx.commit()?;
    messages(&mut db, template, size, &mut seeded)?;
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(seeded)
}

fn messages(db: &mut Connection, template: i64, size: Size, seeded: &mut Seeded) -> rusqlite::Result<()> {
    let count = size.messages;
    if count == 0 {
        return Ok(());
    }
    // The whole key, so that a copy costs one look-up however much is there.
    let (first, from): (i64, i64) = db.query_row(
        "SELECT at, igsid FROM message WHERE account_id = ?1 ORDER BY at LIMIT 1",
        [template],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    // A message a millisecond, up to just before the demo world's own.
    let begin = first - 1000 * (count as i64 + 1);
    let newest = if size.largest == 1 { NEWEST } else { NEWEST / 2 * size.conversations };
    let newest = newest.min(count);
    let keep = (newest / 2000).max(1);
    let mut done = 0;
    while done < count {
        let tx = db.transaction()?;
        {
            let copied = "FROM (SELECT * FROM message WHERE account_id = ?3 AND at = ?4 AND igsid = ?6)";
            let replaced = [("igsid", "?1"), ("at", "?2"), ("text", "?5"), ("account_id", "?7")];
            let (into, chosen) = columns(&tx, "message", &replaced)?;
            let mut message =
                tx.prepare(&format!("INSERT INTO message ({into}) SELECT {chosen} {copied}"))?;
            for _ in 0..100_000.min(count - done) {
                let of_first = done.is_multiple_of(size.largest);
                let place = if of_first { 0 } else { done as usize % seeded.conversations.len() };
                let ConversationKey { account, igsid } = seeded.conversations[place];
                let at = begin + 1000 * done as i64;
                message.execute(params![igsid, at, template, first, TEXT, from, account])?;
                if count - done <= newest && done % keep == 0 && (size.largest == 1 || !of_first) {
                    seeded.messages.push(MessageKey { account, igsid, at: clock::Micros(at) });
                }
                done += 1;
            }
        }
        tx.commit()?;
    }
    Ok(())
}

/// So many of a conversation are served by their ids: Meta's documentation of the Conversations API, "You can only get
/// details about the 20 most recent messages in the conversation".
const NEWEST: u64 = 20;

/// As long as the texts that are sent.
const TEXT: &str = "Hello, and thank you for writing to us. Your order 4711 left our warehouse this morning and \
                    should reach you by Friday, thanks thanks thanks";

/// The columns of a table for INSERT, and for SELECT with some of them replaced.
fn columns(db: &Connection, table: &str, replaced: &[(&str, &str)]) -> rusqlite::Result<(String, String)> {
    let mut statement = db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
    let names =
        statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let from = names.iter().map(|name| {
        let new = replaced.iter().find(|(column, _)| column == name);
        new.map_or(name.as_str(), |(_, value)| value)
    });
    Ok((names.join(", "), from.collect::<Vec<_>>().join(", ")))
}
