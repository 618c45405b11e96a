//! The part of the table that only faults raise: what leads to it at Meta is not part of this platform, or not yet.

// Why nothing that a user does raises an error.
pub(super) const INSIDE: &str = "trouble of the server's own, which no request can cause";
pub(super) const VOLUME: &str = "only the figures that Meta publishes are enforced";
pub(super) const NO_ROUTING: &str = "conversation routing is not served yet";
pub(super) const POLICY: &str = "nobody judges messages by Meta's policies here";
pub(super) const MESSENGER: &str = "Messenger answers it, Instagram does not; programs for both know it";

/// Calls the macro of the table with its own rows and, after them, those of this file.
macro_rules! with_faults {
    ($table:ident { $($rows:tt)* }) => { $table! { $($rows)*
    /// The token's owner changed the password.
    TokenPasswordChanged => ErrorSpec::new(400, 190,
            "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.")
        .subcode_is(460)
        .written(Dialect::Token)
        .fault_only("nobody changes a password here")
        .known(Observed, "captured");
    /// The owner must pass a checkpoint.
    TokenCheckpoint => ErrorSpec::new(400, 190,
            "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.")
        .subcode_is(459)
        .written(Dialect::Token)
        .fault_only("there are no checkpoints here")
        .known(Reported, "Facebook's SDK for iOS, and integrators without the first half of the text");
    /// The owner's account is not confirmed. `{0}`: the owner's id.
    TokenUserUnconfirmed => ErrorSpec::new(400, 190,
            "Error validating access token: Sessions for the user {0} are not allowed because the user is not a confirmed user.")
        .subcode_is(464)
        .written(Dialect::Token)
        .fault_only("every user here is confirmed")
        .known(Reported, "several integrators");
    /// An old form of a token that is no longer valid.
    SessionKeyInvalid => ErrorSpec::new(400, 102, "Session key invalid or no longer valid")
        .written(Dialect::Token)
        .fault_only("session keys are older than the versions that are served")
        .known(Documented, "error codes of the Graph reference; treat it as 190");
    /// The answer was lost on its way; the message may have been sent.
    InvalidReply => ErrorSpec::new(500, 1, "Received invalid JSON reply.")
        .subcode_is(1_357_046)
        .written(Dialect::Token)
        .fault_only("trouble inside Meta's servers")
        .known(Documented, COMMON);
    /// Worth another try.
    ServiceUnavailable => ErrorSpec::new(500, 2, "Service temporarily unavailable")
        .subcode_is(1_545_133)
        .written(Dialect::Token)
        .transient()
        .fault_only("trouble inside Meta's servers")
        .known(Reported, "integrators");
    /// A send that failed and is worth another try, in the older form.
    SendFailedForNow => ErrorSpec::new(500, 1200, "Temporary send message failure. Please try again later.")
        .transient()
        .raised_by(SEND)
        .fault_only("trouble inside Meta's servers")
        .known(Reported, "older Send API error codes; the status is unconfirmed");
    /// The number of requests jumps.
    InconsistentVolume => ErrorSpec::new(400, 613, "Calls to this api have exceeded the rate limit.")
        .subcode_is(1996)
        .fault_only(VOLUME)
        .known(Documented, "Graph API: Rate Limits names the subcode; the text is unconfirmed");
    /// Tagged messages come too often.
    TagAbuseWarning => ErrorSpec::new(400, 613,
            "Warning! You are engaging in behavior that may be considered bothersome or abusive by users. You must significantly decrease the rate at which you are sending messages using message tags to this person. Further misuse of API features may result in messaging restrictions being placed on your Page")
        .subcode_is(2_018_338)
        .raised_by(SEND)
        .fault_only(POLICY)
        .known(Documented, COMMON);
    /// The window, as Messenger says it: Instagram's is [`ErrorName::WindowClosed`].
    MessengerWindowClosed => ErrorSpec::new(403, 10,
            "This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview")
        .subcode_is(2_018_278)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only(MESSENGER)
        .known(Documented, COMMON);
    /// The window of pages that could have the permission for news.
    NewsPermissionMissing => ErrorSpec::new(403, 10,
            "This message is sent outside of allowed window. You need News Messaging permission to be able to do it.")
        .subcode_is(2_018_065)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only(MESSENGER)
        .known(Documented, COMMON);
    /// The person receives no messages from the account.
    PersonNotReceiving => ErrorSpec::new(403, 10, "They can't receive your messages right now.")
        .subcode_is(2_018_108)
        .raised_by(SEND)
        .fault_only("people here either block an account or receive its messages")
        .known(Documented, COMMON);
    /// The account may not send for a while.
    AccountRestricted => ErrorSpec::new(403, 10, "You are temporarily restricted from sending messages.")
        .subcode_is(1_893_063)
        .raised_by(SEND)
        .fault_only(POLICY)
        .known(Documented, COMMON);
    /// The link between account, page and user is broken.
    ConnectionUnverified => ErrorSpec::new(403, 10,
            "Cannot verify the connection between the IG account, the logged in user and the page. Please try reconnecting or verify if the user needs 2-factor authentication.")
        .subcode_is(2_534_077)
        .raised_by(SEND)
        .fault_only("pages and accounts stay linked here")
        .known(Documented, COMMON);
    /// Another app has the conversation.
    OtherAppInControl => ErrorSpec::new(400, 10,
            "Message failed to send because another app is controlling this thread now.")
        .subcode_is(2_018_300)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only(NO_ROUTING)
        .known(Documented, "Common Error Codes, which lists 2018300 as the code; code 10 is reported");
    /// The same, as Instagram says it.
    NotThreadOwner => ErrorSpec::new(400, 100, "The action is invalid since it's not the thread owner.")
        .subcode_is(2_534_037)
        .raised_by(SEND)
        .fault_only(NO_ROUTING)
        .known(Documented, COMMON);
    /// Messenger asks the person questions of its own.
    AutomatedFlowRuns => ErrorSpec::new(400, 2_018_321,
            "The chat is currently controlled by Messenger while the user is in an automated question and answer flow. Please wait for the flow to finish before trying again.")
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only(MESSENGER)
        .known(Documented, COMMON);
    /// An unknown recipient, as Messenger says it: Instagram's is [`ErrorName::RecipientUnknown`].
    MessengerRecipientUnknown => ErrorSpec::new(400, 100, "No matching user found")
        .subcode_is(2_018_001)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only(MESSENGER)
        .known(Documented, COMMON);
    /// A product template on a version before v8.0.
    ProductTemplateTooOld => ErrorSpec::new(400, 100,
            "Product template is not supported below version 8. Use API version 8 or higher to use product templates.")
        .subcode_is(2_018_328)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only("older versions are served as v21.0")
        .known(Documented, COMMON);
    /// The page has no account.
    PageNotLinked => ErrorSpec::new(400, 100,
            "The page is not linked to an Instagram account or the linked IG account is not professional account")
        .subcode_is(2_534_013)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only("every page here is linked to an account")
        .known(Documented, "Common Error Codes for the first half of the text, captured for all of it");
    /// The business may not send at all.
    BusinessBlocked => ErrorSpec::new(400, 100,
            "The business has been blocked from sending messages via the IG Messaging API")
        .subcode_is(2_534_029)
        .raised_by(SEND)
        .fault_only(POLICY)
        .known(Documented, COMMON);
    /// The person cannot be reached, in the older form: [`ErrorName::PersonUnavailable`] is what a block gives.
    PersonGone => ErrorSpec::new(403, 200, "Message Not Sent: This person isn't available right now.")
        .subcode_is(1_545_041)
        .raised_by(SEND)
        .fault_only("a block answers PersonUnavailable")
        .known(Documented, COMMON);
    /// The person has no role on an app that is not reviewed, as Messenger says it.
    MessengerNotReviewed => ErrorSpec::new(403, 200,
            "Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.")
        .subcode_is(2_018_028)
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .fault_only(MESSENGER)
        .known(Documented, COMMON);
    /// What was done counts as abuse.
    ActionDisallowed => ErrorSpec::new(400, 368,
            "The action attempted has been deemed abusive or is otherwise disallowed")
        .fault_only(POLICY)
        .known(Documented, "error codes of the Graph reference");
    /// A message with a link that is not allowed.
    LinkRestricted => ErrorSpec::new(400, 508, "The link in the message is restricted")
        .subcode_is(2_534_122)
        .raised_by(SEND)
        .fault_only(POLICY)
        .known(Reported, "one integrator; the text is unconfirmed");
    }};
}
pub(super) use with_faults;
