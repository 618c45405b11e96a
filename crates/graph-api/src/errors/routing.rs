//! The part of the table that is about conversation routing: who has a conversation, and who may change that.

const PASS: &str = "POST account/pass_thread_control";
const TAKE: &str = "POST account/take_thread_control";
const RELEASE: &str = "POST account/release_thread_control";
const REQUEST: &str = "POST account/request_thread_control";
const EXTEND: &str = "POST account/extend_thread_control";
/// Where a person is named as a recipient.
pub(super) const RECIPIENT: &[&str] =
    &["POST account/messages", PASS, TAKE, RELEASE, REQUEST, EXTEND, "GET account/thread_owner"];
/// What only the owner of a conversation may do.
pub(super) const OWNERS: &[&str] = &["POST account/messages", PASS, RELEASE, EXTEND];
/// What makes no sense for who has the conversation.
pub(super) const OTHERS: &[&str] = &[PASS, TAKE, REQUEST];
/// What names an app.
pub(super) const NAMES_APP: &[&str] = &["POST account/messages", PASS];
/// What a default app is needed for.
pub(super) const WITH_ROUTING: &[&str] = &["POST account/messages", TAKE];

/// Calls the next macro with the rows it was given and, after them, those of this file.
macro_rules! with_routing {
    ($next:ident $($others:ident)+ { $($rows:tt)* }) => { $next! { $($others)+ { $($rows)*
    /// Another app has the conversation; or nobody has it, and the app is not the default one.
    NotThreadOwner => ErrorSpec::new(400, 100, "The action is invalid since it's not the thread owner.")
        .subcode_is(2_534_037)
        .raised_by(OWNERS)
        .known(Documented, COMMON);
    /// The account has no default app. `{0}`: what needs one.
    RoutingNotEnabled => ErrorSpec::new(400, 27, "{0} is not supported when Conversation Routing is not enabled.")
        .raised_by(WITH_ROUTING)
        .known(Reported, "two integrators word for word, for take_thread_control on the Facebook host; that thread_control gets it too is unconfirmed");
    /// The account has a default app, and control is taken instead of being asked for.
    RoutingEnabled => ErrorSpec::new(400, 27,
            "Request thread control is not supported when Conversation Routing is enabled.")
        .raised_by(&["POST account/request_thread_control"])
        .known(Assumed, "that it is refused is documented (Conversation Control APIs); code and text follow the opposite case");
    /// The account's owner has not allowed the app to take control.
    TakeControlNotAllowed => ErrorSpec::new(403, 10, "The app is not allowed to take control of conversations.")
        .raised_by(&["POST account/take_thread_control"])
        .known(Assumed, "that it is refused is documented (Conversation Control APIs); code and text are unconfirmed");
    /// The app has the conversation already.
    AlreadyThreadOwner => ErrorSpec::new(400, 100, "The app is already the thread owner.")
        .raised_by(OTHERS)
        .known(Assumed, "that it is refused is documented (Conversation Control APIs); the text is unconfirmed");
    /// No app with that id is connected to the account.
    IncorrectAppId => ErrorSpec::new(400, 100, "Incorrect App ID.")
        .subcode_is(2_018_164)
        .raised_by(NAMES_APP)
        .known(Documented, COMMON);
    /// The app has no role at the account, or the account has no default app.
    ReceiversOnly => ErrorSpec::new(400, 2_018_171, "Only available to Primary and Secondary Receivers.")
        .raised_by(&["GET account/secondary_receivers"])
        .known(Documented, COMMON);
    } } };
}
pub(super) use with_routing;
