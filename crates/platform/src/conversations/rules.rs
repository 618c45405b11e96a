//! Who may be written to, and when (doc: Send a Message; reference, section 4.3).

use super::{Conversation, Folder};
use crate::accounts::Account;
use crate::apps::App;
use crate::conversation_routing::rules::{Leave, may_send};
use crate::directory::AccountView;
use clock::Micros;
use graph_api::send::Tag;
use graph_api::{ErrorName, GraphError, limits};
use std::time::Duration;

/// Whether an app may write to the person for the account now.
///
/// In the order of the reference's checks: the person is known, by what they wrote or a private reply to them
/// ([`ErrorName::RecipientUnknown`]), within the app's reach ([`ErrorName::AdvancedAccessMissing`]) and available
/// ([`ErrorName::PersonUnavailable`]), the app has the conversation, or nobody else does ([`ErrorName::NotThreadOwner`]), and
/// a window is open ([`ErrorName::WindowClosed`]). Answers whether the app takes the conversation with it.
pub(crate) fn may_write(
    conversation: Option<&Conversation>,
    (app, view): (&App, &AccountView),
    tag: Option<Tag>,
    now: Micros,
) -> Result<Leave, GraphError> {
    let account = &view.account;
    let is_self = conversation.is_some_and(|c| c.user_no == account.user_no);
    let is_known = |c: &&Conversation| c.wrote_at > Micros(0) || c.updated_at > Micros(0);
    let Some(conversation) = conversation.filter(is_known) else {
        return Err(GraphError::new(ErrorName::RecipientUnknown));
    };
    in_reach(app, conversation.user_no)?;
    if conversation.is_declined {
        return Err(GraphError::new(ErrorName::ThreadDeleted));
    }
    if conversation.blocked {
        return Err(GraphError::new(ErrorName::PersonUnavailable));
    }
    let leave = may_send(&view.routing, conversation.control, app.id, tag, now)?;
    // The account may write to itself at any time, once it has done so in the app (doc: Self Messaging).
    if is_self {
        return Ok(leave);
    }
    let until = match tag {
        None => conversation.window_until,
        // The tag widens the window, it never narrows it.
        Some(Tag::HumanAgent) => {
            conversation.wrote_at.plus(limits::HUMAN_AGENT_WINDOW).max(conversation.window_until)
        }
    };
    if now < until { Ok(leave) } else { Err(GraphError::new(ErrorName::WindowClosed)) }
}

/// How long a request may lie idle before the API lists it no more (doc: Conversations API, limitations).
pub(crate) const REQUEST_IDLE: Duration = Duration::from_secs(30 * 24 * 3600);

/// Whether the API shows a conversation at all: something was written in it, it was not declined, and it is no request
/// that has been idle for 30 days.
pub(crate) fn is_listed(conversation: &Conversation, now: Micros) -> bool {
    let is_idle =
        conversation.folder == Folder::Requests && conversation.updated_at < now.minus(REQUEST_IDLE);
    conversation.updated_at > Micros(0) && !conversation.is_declined && !is_idle
}

/// Whether an app may look at the account's messages at all: the account is eligible.
pub(crate) fn may_read(account: &Account) -> Result<(), GraphError> {
    if account.eligible { Ok(()) } else { Err(GraphError::new(ErrorName::NotEligible)) }
}

/// Whether the person with that number is within the app's reach: with Standard Access only who has a role on it.
pub(crate) fn in_reach(app: &App, user_no: i64) -> Result<(), GraphError> {
    match app.reaches(user_no) {
        true => Ok(()),
        false => Err(GraphError::new(ErrorName::AdvancedAccessMissing)),
    }
}

/// What an act of the person that opens the window does to the conversation: a message, a tap, a reaction.
pub(crate) fn opened_by_person(conversation: &mut Conversation, at: Micros) {
    conversation.wrote_at = conversation.wrote_at.max(at);
    conversation.window_until = conversation.window_until.max(at.plus(limits::STANDARD_WINDOW));
}

/// What the first message after the tap of a click-to-Direct ad does besides: its window is longer (doc: Messenger Platform
/// policy, since 2026-09-28, up to seven days).
pub(crate) fn opened_by_ad(conversation: &mut Conversation, at: Micros, window: Duration) {
    conversation.window_until = conversation.window_until.max(at.plus(window));
}

/// What an app's answer does: it moves the conversation to General, whatever folder it was in.
pub(crate) const fn answered_by_app(conversation: &mut Conversation) {
    conversation.folder = Folder::General;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::AppSettings;
    use crate::apps::roles::{Member, Role, RoleName};
    use graph_api::ids::ConversationKey;
    use std::time::Duration;

    const HOUR: Duration = Duration::from_secs(3600);

    fn conversation() -> Conversation {
        Conversation {
            key: ConversationKey { account: 1, igsid: 2 },
            user_no: 3,
            folder: Folder::Requests,
            last_at: Micros(0),
            updated_at: Micros(0),
            wrote_at: Micros(0),
            window_until: Micros(0),
            blocked: false,
            typing_until: Micros(0),
            person_seen_at: Micros(0),
            account_seen_at: Micros(0),
            active_minute: 0,
            is_declined: false,
            consented_at: Micros(0),
            pending_referral: None,
            pending_flow: None,
            control: crate::conversation_routing::Control::default(),
        }
    }

    fn account() -> AccountView {
        let account = Account {
            id: 1,
            user_no: 9,
            username: "shop".into(),
            name: String::new(),
            kind: "BUSINESS".into(),
            message_access: true,
            eligible: true,
            more_followers: 0,
            biography: String::new(),
            website: String::new(),
            is_automated: false,
            page: None,
        };
        AccountView { account, routes: Vec::new(), routing: Default::default() }
    }

    fn app() -> App {
        let settings = AppSettings::default();
        let (name, secret, instagram_secret) = (String::new(), String::new(), String::new());
        App { id: 1, instagram_id: 2, name, settings, roles: Vec::new(), secret, instagram_secret }
    }

    fn refused(c: &Conversation, tag: Option<Tag>, now: Micros) -> Option<ErrorName> {
        may_write(Some(c), (&app(), &account()), tag, now).err().map(|e| e.name)
    }

    #[test]
    fn the_window_shuts_exactly_after_24_hours_and_the_agents_after_7_days() {
        let wrote = Micros::from_secs(1_000_000);
        let mut c = conversation();
        opened_by_person(&mut c, wrote);
        let day = wrote.plus(24 * HOUR);
        assert_eq!(refused(&c, None, Micros(day.0 - 1)), None);
        assert_eq!(refused(&c, None, day), Some(ErrorName::WindowClosed));
        assert_eq!(refused(&c, Some(Tag::HumanAgent), day), None);
        let week = wrote.plus(7 * 24 * HOUR);
        assert_eq!(refused(&c, Some(Tag::HumanAgent), Micros(week.0 - 1)), None);
        assert_eq!(refused(&c, Some(Tag::HumanAgent), week), Some(ErrorName::WindowClosed));
    }

    #[test]
    fn a_later_message_opens_it_again_and_an_earlier_one_shuts_nothing() {
        let mut c = conversation();
        opened_by_person(&mut c, Micros::from_secs(1_000_000));
        let until = c.window_until;
        // The clock was set back between the two messages.
        opened_by_person(&mut c, Micros::from_secs(1_000));
        assert_eq!(c.window_until, until);
        opened_by_person(&mut c, Micros::from_secs(2_000_000));
        assert_eq!(c.window_until, Micros::from_secs(2_000_000).plus(24 * HOUR));
    }

    /// Whatever opens windows, in whatever order and with whatever a clock does: an app may write exactly until the last of
    /// them shuts, and a human agent until seven days after the person's last act.
    #[test]
    fn an_app_may_write_until_the_last_window_shuts() {
        let dice = testkit::Dice::new(5);
        for _ in 0..300 {
            let (mut c, mut now) = (conversation(), Micros::from_secs(10_000_000));
            let (mut shuts, mut wrote) = (Micros(0), Micros(0));
            for _ in 0..dice.of(12) + 1 {
                // Now and then the clock is set back.
                let span = Duration::from_secs(dice.of(40 * 3600) as u64);
                now = if dice.of(6) == 0 { now.minus(span) } else { now.plus(span) };
                opened_by_person(&mut c, now);
                (shuts, wrote) = (shuts.max(now.plus(24 * HOUR)), wrote.max(now));
                if dice.of(4) == 0 {
                    let days = u32::try_from(dice.of(7) + 1).unwrap();
                    opened_by_ad(&mut c, now, 24 * HOUR * days);
                    shuts = shuts.max(now.plus(24 * HOUR * days));
                }
            }
            let agent = shuts.max(wrote.plus(7 * 24 * HOUR));
            for (tag, end) in [(None, shuts), (Some(Tag::HumanAgent), agent)] {
                let at = |micros: i64| refused(&c, tag, Micros(micros));
                assert_eq!(at(end.0 - 1), None, "{c:?}");
                assert_eq!(at(end.0), Some(ErrorName::WindowClosed), "{c:?}");
                let earlier = i64::try_from(dice.of(1 << 40)).unwrap();
                assert_eq!(at(end.0 - 1 - earlier), None, "{c:?}");
                assert_eq!(at(end.0 + earlier), Some(ErrorName::WindowClosed), "{c:?}");
            }
        }
    }

    #[test]
    fn strangers_and_people_who_block_cannot_be_written_to() {
        let now = Micros::from_secs(1_000_000);
        assert_eq!(
            may_write(None, (&app(), &account()), None, now).unwrap_err().name,
            ErrorName::RecipientUnknown
        );
        let mut c = conversation();
        c.blocked = true;
        // Who never wrote is unknown, also if they block.
        assert_eq!(refused(&c, None, now), Some(ErrorName::RecipientUnknown));
        opened_by_person(&mut c, now);
        assert_eq!(refused(&c, None, now), Some(ErrorName::PersonUnavailable));
    }

    #[test]
    fn with_standard_access_people_need_a_role() {
        let now = Micros::from_secs(1_000_000);
        let mut c = conversation();
        opened_by_person(&mut c, now);
        let mut app = app();
        app.settings.advanced = false;
        let refused = |app: &App, c: &Conversation| {
            may_write(Some(c), (app, &account()), None, now).err().map(|e| e.name)
        };
        assert_eq!(refused(&app, &c), Some(ErrorName::AdvancedAccessMissing));
        // Whom the app may not reach is told before whether the person is available.
        c.blocked = true;
        assert_eq!(refused(&app, &c), Some(ErrorName::AdvancedAccessMissing));
        c.blocked = false;
        app.roles.push(Role { member: Member::Instagram(c.user_no), name: RoleName::Tester, accepted: true });
        assert_eq!(refused(&app, &c), None);
    }
}
