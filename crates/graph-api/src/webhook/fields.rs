//! The names of the subscription fields, as each edge takes them.

/// The fields that an app can subscribe to for messaging, as the app's `instagram` object names them.
pub const MESSAGING_FIELDS: &[&str] = &[
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_referral",
    "message_reactions",
    "message_edit",
    "messaging_handover",
    "messaging_optins",
    "standby",
];

/// The further fields that a new callback is for if it names none. Those of a new app in the dashboard have comments too
/// (doc: create an app); that mentions are among them is our choice.
pub const COMMENT_FIELDS: &[&str] = &["comments", "live_comments", "mentions"];

/// The names that `/{ig-id}/subscribed_apps` accepts on the Instagram host, in the order in which the real validator's
/// error lists them (rep: two independent projects, 2026).
pub const INSTAGRAM_ACCOUNT_FIELDS: &[&str] = &[
    "agent_messages",
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_handover",
    "messaging_referral",
    "messaging_optins",
    "message_reactions",
    "message_edit",
    "standby",
    "comments",
    "live_comments",
    "mentions",
    "story_insights",
    "creator_marketplace_projects",
    "creator_marketplace_invited_creator_onboarding",
    "delta",
    "story_reactions",
    "onboarding_welcome_message_series",
    "follow",
    "comment_poll_response",
    "story_poll_response",
    "share_to_story",
];

/// The names that `/{page-id}/subscribed_apps` accepts: those of the Page object (rep: restfb 1210 prints the
/// beginning of the real list; the rest, and its order, is the part that messaging programs use: unconfirmed).
pub const PAGE_FIELDS: &[&str] = &[
    "feed",
    "mention",
    "name",
    "message_deliveries",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    "messages",
    "messaging_account_linking",
    "messaging_handovers",
    "messaging_optins",
    "messaging_optouts",
    "messaging_policy_enforcement",
    "messaging_postbacks",
    "messaging_referrals",
    "response_feedback",
    "standby",
];

/// The names that the app's `instagram` object accepts (doc: Webhooks reference, Instagram, and the fields tables).
pub const APP_FIELDS: &[&str] = &[
    "comments",
    "live_comments",
    "mentions",
    "message_edit",
    "message_reactions",
    "messages",
    "messaging_handover",
    "messaging_optins",
    "messaging_policy_enforcement",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "response_feedback",
    "standby",
    "story_insights",
];

/// Whether the events of a field come from the sender of `changes`, and not from that of messaging (doc and cap).
pub fn comes_as_change(field: &str) -> bool {
    matches!(field, "comments" | "live_comments" | "mentions" | "story_insights")
}

/// The spelling under which a field is kept: the Instagram pages also print two names in another form.
pub fn normal_field(name: &str) -> &str {
    match name {
        "messaging_referrals" => "messaging_referral",
        "messaging_handovers" => "messaging_handover",
        other => other,
    }
}
