//! Every statement that the platform runs finds its rows by an index, on both engines, or there is a reason why not.
//!
//! What is run is recorded while all scenarios are played, and some trouble with webhooks; so a new statement is looked
//! at as soon as a scenario comes to it. What an engine would do is asked in a world with many rows in every table.

use clock::{Clock, ManualClock};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use storage::{Blobs, Database, PostgresOptions, Result, Tx};
use test_postgres::Schema;
use testkit::scenario::{self, Target};
use testkit::{Receiver, START, Sandbox};

/// Statements that read a table as a whole, or sort what they read, and why they may. Each is named by words that it
/// holds.
const ALLOWED: &[(&str, &str)] = &[
    ("FROM app ORDER BY app_id", "the sim shows all apps"),
    ("ORDER BY a.account_id", "the sim shows all accounts"),
    ("ORDER BY u.user_no", "the sim shows all people"),
    ("FROM facebook_user ORDER BY", "the sim shows all users"),
    ("FROM token ORDER BY serial DESC", "the sim shows all tokens"),
    ("FROM app_grant ORDER BY app_id, login, giver", "the sim shows all grants"),
    ("ON p.page_id = r.page_id ORDER BY r.user_id, r.page_id", "the sim shows all roles on pages"),
    ("WHERE r.page_id = $1 ORDER BY r.user_id", "a page's roles are few"),
    ("WHERE r.user_id = $1 ORDER BY r.page_id", "a user's pages, of which a login shows all, are sorted"),
    ("FROM app_role WHERE app_id = $1 ORDER BY", "an app's roles are few, and read with the app"),
    (
        "WHERE updated_at > 0 ORDER BY updated_at DESC, account_id, igsid",
        "the sim shows the newest conversations",
    ),
    (
        "FROM app CROSS JOIN",
        "all apps are asked whether they hear an account: once, then the directory knows",
    ),
    (
        "WHERE user_no = $1 AND (updated_at > 0",
        "a person's own conversations, one for each account, are sorted",
    ),
    (
        "AND (active_minute, updated_at, igsid) < ($2, $3, $4)",
        "the index of an account's list is by the minute, so that a send seldom writes to it: what is of one minute is \
         sorted, and PostgreSQL sorts all where they are few",
    ),
    ("FROM account_subscription ORDER BY", "the sim shows all subscriptions"),
    ("FROM app_subscription ORDER BY endpoint_id", "the sim shows all callbacks"),
    ("SELECT DISTINCT blob_key FROM asset", "the start looks for blobs that nothing names"),
    (
        "FROM welcome_message_flow WHERE account_id = $1 AND app_id = $2",
        "an account's flows are few, and listed by their last change",
    ),
    ("DELETE FROM ad", RESET),
    ("DELETE FROM insight_account", RESET),
    ("DELETE FROM insight_day", RESET),
    ("DELETE FROM insight_media", RESET),
    ("DELETE FROM insight_person", RESET),
    ("DELETE FROM insight_story", RESET),
    ("DELETE FROM insight_traits", RESET),
    ("DELETE FROM ad_creative", RESET),
    ("DELETE FROM messenger_profile", RESET),
    ("DELETE FROM welcome_message_flow", RESET),
    ("DELETE FROM app_grant", RESET),
    ("DELETE FROM app_grant_target", RESET),
    ("DELETE FROM app_role", RESET),
    ("DELETE FROM login_code", RESET),
    ("DELETE FROM page_role", RESET),
    ("DELETE FROM asset", RESET),
    ("DELETE FROM follow", RESET),
    ("DELETE FROM media", RESET),
    ("DELETE FROM media_tag", RESET),
    ("DELETE FROM media_hashtag", RESET),
    ("DELETE FROM hashtag", RESET),
    ("DELETE FROM hashtag_search", RESET),
    ("DELETE FROM container", RESET),
    ("DELETE FROM upload_part", RESET),
    ("DELETE FROM comment", RESET),
    ("DELETE FROM comment_like", RESET),
    ("DELETE FROM comment_thread", RESET),
    ("DELETE FROM mention", RESET),
    ("DELETE FROM message", RESET),
    ("DELETE FROM conversation", RESET),
    ("DELETE FROM conversation_routing", RESET),
    ("DELETE FROM account_subscription", RESET),
    ("DELETE FROM app_subscription", RESET),
    ("DELETE FROM token", RESET),
    ("DELETE FROM account", RESET),
    ("DELETE FROM page", RESET),
    ("DELETE FROM facebook_user", RESET),
    ("DELETE FROM instagram_user", RESET),
    ("DELETE FROM app", RESET),
    ("DELETE FROM setting", RESET),
    ("DELETE FROM id_counter", RESET),
    ("DELETE FROM outbox", RESET),
    ("DELETE FROM webhook_retry", RESET),
    ("DELETE FROM dead_letter", RESET),
];
const RESET: &str = "a reset empties the table";

/// What a send and a delivery run: if these were not played, the recording would be wrong.
const HOT: &[&str] = &[
    "FROM conversation WHERE account_id = $1 AND igsid = $2 FOR UPDATE",
    "INSERT INTO message",
    "UPDATE conversation SET",
    "INSERT INTO outbox",
    "DELETE FROM outbox WHERE",
    "FROM outbox WHERE endpoint_id = $1 ORDER BY at, lane LIMIT",
    "FROM webhook_retry WHERE endpoint_id = $1 ORDER BY next_at",
    "UPDATE webhook_retry SET",
    "INSERT INTO dead_letter",
    "DELETE FROM dead_letter WHERE",
    "FROM token WHERE hash = $1",
    "FROM message WHERE account_id = $1 AND igsid = $2 AND at < $3 ORDER BY at DESC",
    "FROM app_subscription WHERE endpoint_id = $1",
];

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let statements = recorded().await;
    for hot in HOT {
        assert!(statements.iter().any(|sql| words(sql).contains(hot)), "not played: {hot}");
    }
    let mut found = String::new();
    let mut used = BTreeSet::new();
    let worlds = worlds().await;
    for world in &worlds {
        for sql in &statements {
            let plan = world.db.explain(sql).await.unwrap();
            let Some(why) = (world.judge)(sql, &plan) else { continue };
            match allowed(sql) {
                Some(entry) => drop(used.insert(entry)),
                None => write!(found, "\n{}: {why}\n{}\n{plan}\n", world.name, words(sql)).unwrap(),
            }
        }
    }
    assert!(found.is_empty(), "{found}");
    // Some are needed on one engine only.
    let every_engine = worlds.len() > 1;
    for entry in ALLOWED.iter().filter(|_| every_engine) {
        assert!(used.contains(entry), "the exception is not needed: {entry:?}");
    }
}

/// A statement without an index is found out.
#[tokio::test]
async fn a_scan_is_seen() {
    for world in worlds().await {
        for sql in [
            "SELECT text FROM message WHERE app_id = $1",
            "UPDATE message SET text = 'x' WHERE text = $1",
            "SELECT at FROM message ORDER BY account_id, igsid, at",
            "SELECT at FROM message WHERE account_id = $1 ORDER BY text",
            "SELECT m.at FROM conversation c JOIN message m ON m.app_id = c.user_no
             WHERE c.account_id = $1 AND c.igsid = $2",
        ] {
            let plan = world.db.explain(sql).await.unwrap();
            assert!((world.judge)(sql, &plan).is_some(), "{}: {sql}\n{plan}", world.name);
        }
        let sql = "SELECT at FROM message WHERE account_id = $1 ORDER BY igsid, at LIMIT 5";
        let plan = world.db.explain(sql).await.unwrap();
        assert_eq!((world.judge)(sql, &plan), None, "{}: {plan}", world.name);
    }
}

fn words(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn allowed(sql: &str) -> Option<&'static (&'static str, &'static str)> {
    let sql = words(sql);
    ALLOWED.iter().find(|(part, why)| match *why {
        // The whole statement, or up to its condition.
        RESET => {
            sql == *part || sql.strip_prefix(part).is_some_and(|rest| rest.starts_with(" WHERE name <>"))
        }
        _ => sql.contains(part),
    })
}

/// What the platform has run after all scenarios, and after trouble with webhooks.
async fn recorded() -> BTreeSet<&'static str> {
    let mut statements = BTreeSet::new();
    for scenario in scenario::all() {
        for variant in scenario.runs() {
            let (db, clock) = recording();
            let sandbox = Sandbox::start_on(db.clone(), Blobs::in_memory(), clock).await;
            scenario::run(&scenario, variant, Target::InProcess(Box::new(sandbox))).await.unwrap();
            statements.extend(db.recorded());
        }
    }
    let (db, clock) = recording();
    let blobs = Blobs::in_memory();
    trouble(&Sandbox::start_on(db.clone(), blobs.clone(), Arc::clone(&clock)).await).await;
    // What is left is taken up by the next process.
    let next = Sandbox::start_on(db.clone(), blobs, clock).await;
    next.deliver().await;
    next.sim("reset", json!({})).await;
    statements.extend(db.recorded());
    statements
}

fn recording() -> (Database, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(START));
    let db = Database::in_memory(Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    (db.recording(), clock)
}

/// A callback that fails until its events are given up, replays, lists of what waits, and a callback that is removed.
async fn trouble(sandbox: &Sandbox) {
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "one").await;
    sandbox.person_writes("IG_USERNAME", "two").await;
    sandbox.deliver().await;
    for _ in 0..14 {
        sandbox.advance("12h").await;
        sandbox.deliver().await;
    }
    let dead = sandbox.get("/sim/deliveries?state=dead&limit=1").send().await.json();
    let id = dead["deliveries"][0]["id"].as_str().unwrap().to_owned();
    let before = dead["before"].as_str().unwrap();
    sandbox.get(&format!("/sim/deliveries?limit=1&before={before}")).ok().await;
    receiver.answer_with(200);
    sandbox.sim(&format!("deliveries/{id}/replay"), json!({})).await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "three").await;
    sandbox.deliver().await;
    for state in ["pending", "retrying"] {
        sandbox.get(&format!("/sim/deliveries?state={state}")).ok().await;
    }
    let path = format!("/v25.0/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    sandbox.call("DELETE", &path).token(sandbox.env("APP_ACCESS_TOKEN")).ok().await;
    sandbox.deliver().await;
}

/// An engine with a world of many rows.
struct World {
    name: &'static str,
    db: Database,
    judge: fn(&str, &str) -> Option<String>,
    _schema: Option<Schema>,
}

/// One world on each engine that is there.
async fn worlds() -> Vec<World> {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(START));
    let sqlite = Database::in_memory(Arc::clone(&clock)).unwrap();
    platform::stored_key(&sqlite).await.unwrap();
    let tables = tables(&sqlite).await;
    // Nobody asks SQLite for statistics in production either.
    fill(&sqlite, &tables, "BLOB", false).await;
    let mut worlds = vec![World { name: "SQLite", db: sqlite, judge: judge_sqlite, _schema: None }];
    if let Some(schema) = Schema::new() {
        let options = PostgresOptions { connections: 1, readers: 1, ..PostgresOptions::default() };
        let db = Database::connect(&schema.url(), clock, options).unwrap();
        platform::stored_key(&db).await.unwrap();
        fill(&db, &tables, "BYTEA", true).await;
        worlds.push(World { name: "PostgreSQL", db, judge: judge_postgres, _schema: Some(schema) });
    }
    worlds
}

/// A table's name, and its columns: name, type, and place in the primary key.
type Table = (String, Vec<(String, String, i64)>);

async fn tables(sqlite: &Database) -> Vec<Table> {
    let read = |db: &mut storage::ReadTx<'_>| -> Result<Vec<Table>> {
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration'";
        let columns = "SELECT name, type, pk FROM pragma_table_info($1)";
        let names = db.all::<String>(names, &[])?;
        names.into_iter().map(|name| Ok((name.clone(), db.all(columns, storage::params![name])?))).collect()
    };
    sqlite.read(read).await.unwrap()
}

/// Fills every table with rows that all differ. What leads a key of several columns, such as an account, has many.
async fn fill(db: &Database, tables: &[Table], bytes: &str, analyze: bool) {
    for (table, columns) in tables {
        let is_composite = columns.iter().filter(|(_, _, place)| *place > 0).count() > 1;
        let value = |(_, kind, place): &(String, String, i64)| match kind.as_str() {
            "TEXT" => "'text ' || i".to_owned(),
            "BIGINT" if is_composite && *place == 1 => "i % 10".to_owned(),
            "BIGINT" => "i".to_owned(),
            _ => format!("CAST('bytes ' || i AS {bytes})"),
        };
        let names: Vec<&str> = columns.iter().map(|(name, _, _)| name.as_str()).collect();
        let values: Vec<String> = columns.iter().map(value).collect();
        let insert = format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
             INSERT INTO {table} ({}) SELECT {} FROM n",
            names.join(", "),
            values.join(", "),
        );
        // Units take texts that live for ever.
        let (insert, analyze_table): (&str, &str) = (insert.leak(), format!("ANALYZE {table}").leak());
        let unit = move |tx: &mut Tx<'_>| -> Result<()> {
            tx.run(insert, &[])?;
            if analyze {
                tx.run(analyze_table, &[])?;
            }
            Ok(())
        };
        db.write(unit).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

/// What is wrong with a plan of SQLite's.
fn judge_sqlite(sql: &str, plan: &str) -> Option<String> {
    let ends = sql.contains("LIMIT");
    let wrong = |step: &&str| {
        let scans = step.starts_with("SCAN") && *step != "SCAN CONSTANT ROW";
        let in_order = step.contains(" USING ") && ends;
        (scans && !in_order) || step.contains("TEMP B-TREE") || step.contains("AUTOMATIC")
    };
    plan.lines().map(str::trim).find(wrong).map(str::to_owned)
}

/// What is wrong with a plan of PostgreSQL's.
fn judge_postgres(sql: &str, plan: &str) -> Option<String> {
    let ends = sql.contains("LIMIT");
    let mut lines = plan.lines().peekable();
    while let Some(line) = lines.next() {
        let node = line.trim_start().trim_start_matches("->").trim_start();
        let is_index = node.starts_with("Index Scan") || node.starts_with("Index Only Scan");
        let has_condition = lines.peek().is_some_and(|next| next.trim_start().starts_with("Index Cond"));
        if node.starts_with("Seq Scan")
            || node.starts_with("Sort ")
            || node.starts_with("Incremental Sort")
            || (is_index && !has_condition && !ends)
        {
            return Some(node.to_owned());
        }
    }
    None
}
