//! The tables, slice by slice, and the counters of node ids.

use graph_api::ids::NodeKind;
use storage::{Migration, Result, Tx, params};

/// All of the platform's migrations, in order. A slice owns its tables; a change of one is a new line here.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { name: "platform 001 world", sql: include_str!("world.sql") },
    Migration { name: "platform 002 apps", sql: include_str!("apps/schema.sql") },
    Migration { name: "platform 003 people", sql: include_str!("people/schema.sql") },
    Migration { name: "platform 004 accounts", sql: include_str!("accounts/schema.sql") },
    Migration { name: "platform 005 tokens", sql: include_str!("tokens/schema.sql") },
    Migration { name: "platform 006 subscriptions", sql: include_str!("subscriptions/schema.sql") },
    Migration { name: "platform 007 conversations", sql: include_str!("conversations/schema.sql") },
    Migration { name: "platform 008 assets", sql: include_str!("assets/schema.sql") },
    Migration { name: "platform 009 publishing", sql: include_str!("publishing/schema.sql") },
    Migration { name: "platform 010 messenger profile", sql: include_str!("messenger_profile/schema.sql") },
    Migration {
        name: "platform 011 welcome message flows",
        sql: include_str!("welcome_message_flows/schema.sql"),
    },
    Migration { name: "platform 012 ads", sql: include_str!("ads/schema.sql") },
    Migration { name: "platform 013 grants", sql: include_str!("grants/schema.sql") },
    Migration { name: "platform 014 login", sql: include_str!("login/schema.sql") },
    Migration { name: "platform 015 comments", sql: include_str!("comments/schema.sql") },
    Migration { name: "platform 016 mentions", sql: include_str!("mentions/schema.sql") },
    Migration {
        name: "platform 017 conversation routing",
        sql: include_str!("conversation_routing/schema.sql"),
    },
    Migration { name: "platform 018 hashtags", sql: include_str!("hashtags/schema.sql") },
    Migration { name: "platform 019 insights", sql: include_str!("insights/schema.sql") },
];

/// Counters that are no node ids.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    /// Numbers of Instagram users; IGSIDs are made from them.
    InstagramUser,
    /// Serial numbers of tokens.
    Token,
    /// Endpoints of webhook subscriptions.
    Endpoint,
}

/// The next id of a kind. Ids only grow, whatever the clock does.
pub(crate) fn next_id(tx: &mut Tx<'_>, kind: NodeKind) -> Result<i64> {
    Ok(kind.range().0 + next(tx, &format!("{kind:?}"))?)
}

/// The next value of a counter, from 1.
pub(crate) fn next_number(tx: &mut Tx<'_>, counter: Counter) -> Result<i64> {
    next(tx, &format!("counter {counter:?}"))
}

fn next(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let next = tx.one::<i64>(
        "INSERT INTO id_counter (name, last) VALUES ($1, 1)
         ON CONFLICT (name) DO UPDATE SET last = id_counter.last + 1 RETURNING last",
        params![name],
    )?;
    next.ok_or_else(|| storage::Error::Engine("a counter gave no number".to_owned()))
}

/// Empties all tables of the platform and of its webhooks: the first half of a reset.
pub(crate) fn clear(tx: &mut Tx<'_>) -> Result<()> {
    for sql in [
        // First what every write locks: whoever is at it is waited for, so that the rest is all there when it is removed.
        "DELETE FROM conversation",
        "DELETE FROM message",
        "DELETE FROM comment",
        "DELETE FROM comment_like",
        "DELETE FROM comment_thread",
        "DELETE FROM mention",
        "DELETE FROM media",
        "DELETE FROM media_tag",
        "DELETE FROM container",
        "DELETE FROM upload_part",
        "DELETE FROM media_hashtag",
        "DELETE FROM hashtag",
        "DELETE FROM hashtag_search",
        "DELETE FROM insight_account",
        "DELETE FROM insight_day",
        "DELETE FROM insight_media",
        "DELETE FROM insight_person",
        "DELETE FROM insight_story",
        "DELETE FROM insight_traits",
        "DELETE FROM ad",
        "DELETE FROM ad_creative",
        "DELETE FROM welcome_message_flow",
        "DELETE FROM messenger_profile",
        "DELETE FROM account_subscription",
        "DELETE FROM conversation_routing",
        "DELETE FROM app_subscription",
        "DELETE FROM token",
        "DELETE FROM login_code",
        "DELETE FROM app_grant_target",
        "DELETE FROM app_grant",
        "DELETE FROM app_role",
        "DELETE FROM account",
        "DELETE FROM page_role",
        "DELETE FROM page",
        "DELETE FROM facebook_user",
        "DELETE FROM follow",
        "DELETE FROM instagram_user",
        "DELETE FROM app",
        "DELETE FROM setting",
        // Endpoints are not counted anew: a POST of the old world must not find a callback of the new one.
        "DELETE FROM id_counter WHERE name <> 'counter Endpoint'",
        "DELETE FROM outbox",
        "DELETE FROM webhook_retry",
        "DELETE FROM dead_letter",
    ] {
        tx.run(sql, params![])?;
    }
    Ok(())
}
