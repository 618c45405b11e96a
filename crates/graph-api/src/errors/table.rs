//! The table of errors.

use super::access::{DEBUG, EXCHANGE, FLAT, LIMITS, LONG_LIVED, OAUTH, with_access};
use super::comments::{COMMENTS, COMMENTS_OFF, REPLIES, with_comments};
use super::faults::{INSIDE, MESSENGER, POLICY, VOLUME, with_faults};
use super::insights::{ACCOUNT_INSIGHTS, INSIGHTS, MEDIA_INSIGHTS, with_insights};
use super::publishing::{
    AT_PUBLISHING, CREATE, DELETE_MEDIA, DISCOVERY, ERRORS as PUBLISHING_ERRORS, HASHTAG_SEARCH,
    NODE_OF_MEDIA, PUBLISH, with_publishing,
};
use super::routing::{NAMES_APP, OTHERS, OWNERS, RECIPIENT, WITH_ROUTING, with_routing};
use super::spec::{Dialect, ErrorSpec, Provenance};
use crate::Host;
use Provenance::{Assumed, Documented, Observed, Reported};

macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $name:ident => $spec:expr;)+) => {
        /// The errors by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ErrorName { $($(#[doc = $doc])+ $name,)+ }

        impl ErrorName {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What the table says.
            pub const fn spec(self) -> ErrorSpec {
                match self { $(Self::$name => $spec,)+ }
            }
        }
    };
}

const SEND: &[&str] = &["POST account/messages"];
/// What takes messages, and keeps them within their limits.
const CONTENT: &[&str] = &["POST account/messages", "POST account/welcome_message_flows"];
/// What takes names, titles and payloads besides.
const TEXTS: &[&str] =
    &["POST account/messages", "POST account/messenger_profile", "POST account/welcome_message_flows"];
/// What takes long texts.
const LONG_TEXTS: &[&str] = &[
    "POST account/messages",
    "POST account/messenger_profile",
    "POST account/welcome_message_flows",
    "POST media/comments",
    "POST comment/replies",
    "POST account/mentions",
];
/// What takes files.
const FILES: &[&str] =
    &["POST account/messages", "POST account/message_attachments", "POST account/welcome_message_flows"];
const READS: &[&str] =
    &["GET account/conversations", "GET conversation", "GET conversation/messages", "GET message"];
const MESSAGING: &[&str] = &[
    "POST account/messages",
    "GET account/conversations",
    "GET conversation",
    "GET conversation/messages",
    "GET message",
    "GET person",
];
/// What is limited by the second.
const RATED: &[&str] = &[
    "POST account/messages",
    "GET account/conversations",
    "GET conversation",
    "GET conversation/messages",
    "GET message",
];
/// Where a person without a role is met.
const STRANGERS: &[&str] =
    &["POST account/messages", "GET conversation", "GET conversation/messages", "GET message", "GET person"];
const SUBSCRIPTIONS: &[&str] =
    &["POST app/subscriptions", "GET app/subscriptions", "DELETE app/subscriptions"];
/// The edges that can be counted.
const SUMMARIES: &[&str] = &[
    "GET user/accounts",
    "GET user/adaccounts",
    "GET ad_account/ads",
    "GET ad_account/adcreatives",
    "GET ad_account/adsets",
];
const COMMON: &str = "Meta, Messenger Platform: Common Error Codes (2026-06)";

with_routing! { with_access with_comments with_publishing with_insights with_faults errors {
    /// No token at all. Facebook has two further forms of it: [`ErrorName::TokenMissingOnMe`] is one.
    TokenMissing => ErrorSpec::new(400, 190, "Invalid OAuth 2.0 Access Token")
        .on_facebook(400, 104, "An access token is required to request this resource.")
        .written(Dialect::Bare)
        .known(Observed, "Instagram: captured answer of /me without a token; Facebook: long-standing behaviour");
    /// No token on `/me`.
    TokenMissingOnMe => ErrorSpec::new(400, 190, "Invalid OAuth 2.0 Access Token")
        .on_facebook(400, 2500, "An active access token must be used to query information about the current user.")
        .written(Dialect::Bare)
        .known(Observed, "as TokenMissing");
    /// Garbage, or a token of the other host: the most common mistake of integrators.
    TokenUnparseable => ErrorSpec::new(400, 190, "Invalid OAuth access token - Cannot parse access token")
        .on_facebook(401, 190, "Invalid OAuth access token - Cannot parse access token")
        .written(Dialect::Token)
        .known(Observed, "captured with 401 on the Facebook host; the 400 of the Instagram host is unconfirmed");
    /// It has the form of a token of this host, but nobody was given it.
    TokenUnknown => ErrorSpec::new(400, 190, "Invalid OAuth 2.0 Access Token")
        .on_facebook(400, 190, "Invalid OAuth access token.")
        .written(Dialect::Bare)
        .known(Observed, "Instagram: captured; Facebook: reported");
    /// `{0}`: when it expired; `{1}`: now; both in Pacific time.
    TokenExpired => ErrorSpec::new(400, 190,
            "Error validating access token: Session has expired on {0}. The current time is {1}.")
        .subcode_is(463)
        .written(Dialect::Token)
        .known(Observed, "captured on both hosts, OAuthException on both");
    /// A scope is missing.
    PermissionMissing => ErrorSpec::new(403, 10, "Application does not have permission for this action")
        .known(Reported, "integrators; status 403 recorded for insights on the Instagram host");
    /// A permission of the `pages_` family is missing. `{0}`: its name.
    PagePermissionMissing => ErrorSpec::new(403, 200, "Requires {0} permission to manage the object")
        .only_on(&[Host::Facebook])
        .known(Reported, "integrators, Facebook host");
    /// A page's edge was called with a user token.
    PageTokenNeeded => ErrorSpec::new(400, 190, "This method must be called with a Page Access Token")
        .subcode_is(2_069_032)
        .only_on(&[Host::Facebook])
        .known(Assumed, "long-standing behaviour of page edges, from memory; the subcode is unconfirmed");
    /// The `messages` field of a page needs `pages_messaging`. `{0}`: the field, `{1}`: the permission.
    SubscribePermissionMissing => ErrorSpec::new(403, 200,
            "To subscribe to the {0} field, one of these permissions is needed: {1}")
        .only_on(&[Host::Facebook])
        .raised_by(&["POST account/subscribed_apps"])
        .known(Reported, "integrators, Facebook host");
    /// A path that leads nowhere. `{0}`: its rest, with a leading slash.
    UnknownPath => ErrorSpec::new(400, 2500, "Unknown path components: {0}")
        .written(Dialect::Bare)
        .known(Observed, "captured on both hosts (restfb issue 1558 for Instagram)");
    /// A field or edge that the kind of node does not have. `{0}`: the field, `{1}`: the type of node.
    UnknownField => ErrorSpec::new(400, 100, "Tried accessing nonexisting field ({0}) on node type ({1})")
        .known(Reported, "integrators, Facebook host; that the Instagram host leaves the prefix out is unconfirmed");
    /// The list of fields cannot be read. `{0}`: what was expected, `{1}`: what stands there, `{2}`: at which character,
    /// `{3}`: the list.
    FieldsSyntax => ErrorSpec::new(400, 2500, "Syntax error \"Expected {0} instead of {1}.\" at character {2}: {3}")
        .written(Dialect::Bare)
        .known(Observed, "captured on the Facebook host (a test of django-facebook), for a misplaced character");
    /// A summary of an edge that it does not have. `{0}`: its name.
    UnknownSummaryField => ErrorSpec::new(400, 100, "Tried accessing nonexisting summary field ({0})")
        .raised_by(SUMMARIES)
        .only_on(&[Host::Facebook])
        .known(Reported, "integrators of insights, Facebook host; that other edges say the same is unconfirmed");
    /// Too many objects are asked for at once. `{0}`: how many.
    TooManyIds => ErrorSpec::new(400, 100, "Too many IDs. Maximum: 50. Provided: {0}.")
        .known(Reported, "long-standing text of the Facebook host; that the Instagram host has ids= at all is unconfirmed");
    /// A batch with too many requests.
    BatchTooLarge => ErrorSpec::new(400, 100, "Too many requests in batch message. Maximum batch size is 50")
        .written(Dialect::Batch)
        .known(Observed, "text and type captured on the Facebook host; code and status are unconfirmed");
    /// A request of a batch refers to one that does not stand before it. `{0}`: its number, `{1}`: the name.
    BatchReferenceUnresolved => ErrorSpec::new(400, 100,
            "Request {0} cannot depend on an  unresolved request with  name {1}. Requests can only depend on preceding requests")
        .written(Dialect::Batch)
        .known(Observed, "captured on the Facebook host, two spaces included; the code is unconfirmed");
    /// A request of a batch depends on one that failed. `{0}`: the name.
    BatchDependencyFailed => ErrorSpec::new(424, 100, "The request depends on the request {0}, which failed")
        .written(Dialect::Batch)
        .known(Assumed, "that such a request is not made is documented; code, status and text are unconfirmed");
    /// An object that does not exist, is not visible to the token, or cannot do this. `{0}`: verb, `{1}`: id.
    UnknownObject => ErrorSpec::new(400, 100,
            "Unsupported {0} request. Object with ID '{1}' does not exist, cannot be loaded due to missing permissions, or does not support this operation")
        .on_facebook(400, 100,
            "Unsupported {0} request. Object with ID '{1}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api")
        .subcode_is(33)
        .written(Dialect::Object)
        .known(Observed, "captured on v25.0");
    /// An object addressed by a name. `{0}`: verb, `{1}`: the name.
    UnknownAlias => ErrorSpec::new(400, 803,
            "Unsupported {0} request. Object with ID '{1}' does not exist, cannot be loaded due to missing permissions, or does not support this operation")
        .written(Dialect::Object)
        .known(Reported, "captured code; the exact text is unconfirmed");
    /// An HTTP method that the API does not know. `{0}`: the method, in lower case.
    UnsupportedMethod => ErrorSpec::new(400, 100, "Unsupported request - method type: {0}")
        .written(Dialect::Bare)
        .known(Observed, "the text is captured for get and post; that other methods get it is unconfirmed");
    /// The path is not valid percent-encoded UTF-8, or a body of the given type cannot be read. `{0}`: what is wrong.
    MalformedRequest => ErrorSpec::new(400, 100, "{0}")
        .known(Assumed, "the texts for unreadable bodies are unconfirmed");
    /// The body is larger than the endpoint takes.
    BodyTooLarge => ErrorSpec::new(413, 100, "The request body is too large")
        .known(Assumed, "unconfirmed");
    /// A parameter is missing. `{0}`: its name.
    ParameterRequired => ErrorSpec::new(400, 100, "The parameter {0} is required")
        .known(Observed, "captured on the Instagram host; the final full stop varies");
    /// A parameter is there but empty. `{0}`: its name.
    ParameterEmpty => ErrorSpec::new(400, 100, "param {0} must be non-empty.")
        .known(Reported, "long-standing behaviour");
    /// A parameter has the wrong form. `{0}`: its name, `{1}`: what it must be.
    ParameterInvalid => ErrorSpec::new(400, 100, "Param {0} must be {1}")
        .known(Assumed, "the family is long-standing; the exact texts are unconfirmed");
    /// A parameter is not one of the values that exist. `{0}`: its name, `{1}`: the values, `{2}`: the value sent.
    ParameterNotOneOf => ErrorSpec::new(400, 100, "Param {0} must be one of {{1}} - got \"{2}\".")
        .written(Dialect::Shared)
        .known(Reported, "quoted word for word by two projects for subscribed_fields on the Instagram host");
    /// A text is longer than the generic validator takes. `{0}`: its name, `{1}`: how many characters it may have.
    ParameterTooLong => ErrorSpec::new(400, 100, "Length of param {0} must be less than or equal to {1}")
        .raised_by(LONG_TEXTS)
        .known(Reported, "two Instagram bots for message[text]; botframework 1335 and bootbot 23 for other parameters");
    /// A list has too many entries. `{0}`: its name. The code is not that of other wrong parameters.
    TooManyElements => ErrorSpec::new(400, 105, "param {0} has too many elements.")
        .raised_by(CONTENT)
        .known(Reported, "botman 694, botkit 1672 and botframework 3331, all for Messenger");
    /// An object has a member that it cannot have. `{0}`: the member, `{1}`: the object's name.
    InvalidKeys => ErrorSpec::new(400, 100, "Invalid keys \"{0}\" were found in param \"{1}\".")
        .raised_by(TEXTS)
        .known(Reported, "quoted by several integrators, for message[reply_to] among others");
    /// A parameter must be the address of a page. `{0}`: its name.
    NotAnAddress => ErrorSpec::new(400, 100, "{0} should represent a valid URL")
        .raised_by(TEXTS)
        .known(Assumed, "long-standing behaviour of templates, from memory");
    /// Content that does not fit the kind of message; also a text of 1001 bytes to 2000 characters.
    MessageInvalid => ErrorSpec::new(400, 100, "Invalid message data")
        .subcode_is(2_534_015)
        .raised_by(CONTENT)
        .known(Documented, COMMON);
    /// A product of a template is in no catalogue of the account.
    ProductUnknown => ErrorSpec::new(400, 100, "Invalid product id")
        .subcode_is(2_018_320)
        .raised_by(CONTENT)
        .known(Documented, COMMON);
    /// A text of nothing but white space.
    TextEmpty => ErrorSpec::new(400, 100, "Empty text")
        .subcode_is(2_534_052)
        .raised_by(CONTENT)
        .known(Reported, "two integrators");
    /// `message` and `sender_action` in one request.
    MessageAndSenderAction => ErrorSpec::new(400, 100, "Cannot send both message and state at the same time.")
        .subcode_is(2_018_014)
        .raised_by(SEND)
        .known(Documented, COMMON);
    /// A tag that never worked on Instagram, or `MESSAGE_TAG` without a tag.
    TagNotSupported => ErrorSpec::new(400, 100, "Message tag is deprecated or missing.")
        .subcode_is(1_893_061)
        .raised_by(SEND)
        .known(Reported, "code documented since 2026-04-27, subcode reported; the text is unconfirmed");
    /// The app has no Human Agent feature: refused also inside the standard window.
    HumanAgentNotApproved => ErrorSpec::new(400, 100, "Cannot tag messages with 'HUMAN_AGENT' without prior approval.")
        .subcode_is(2_018_276)
        .raised_by(SEND)
        .known(Reported, "six first-hand reports");
    /// The person is unknown to the account, or never wrote to it.
    RecipientUnknown => ErrorSpec::new(400, 100, "The requested user cannot be found.")
        .on_facebook(400, 100, "No matching Instagram user")
        .subcode_is(2_534_014)
        .raised_by(RECIPIENT)
        .known(Documented, "Common Error Codes for the Facebook text; captured for the Instagram text");
    /// The person blocked the account. No code of its own is published for that.
    PersonUnavailable => ErrorSpec::new(400, 551, "This person isn't available right now.")
        .subcode_is(1_545_041)
        .raised_by(SEND)
        .known(Documented, "Common Error Codes; that a block gives it is unconfirmed");
    /// The messaging window is shut.
    WindowClosed => ErrorSpec::new(403, 10, "This message is sent outside of allowed window.")
        .subcode_is(2_534_022)
        .raised_by(SEND)
        .known(Documented, COMMON);
    /// The message was taken back, or is none of the newest twenty of its conversation.
    MessageDeleted => ErrorSpec::new(400, 9_000_001, "This Message has been deleted by the user or the business.")
        .raised_by(&["POST account/messages", "GET message"])
        .known(Documented, COMMON);
    /// An edge of an app was called with another kind of token.
    AppTokenNeeded => ErrorSpec::new(400, 15, "This method must be called with an app access_token")
        .written(Dialect::Shared)
        .raised_by(SUBSCRIPTIONS)
        .known(Assumed, "the text is unconfirmed");
    /// The handshake with the callback failed. `{0}`: how.
    CallbackFailed => ErrorSpec::new(400, 2200, "Callback verification failed with the following errors: {0}")
        .written(Dialect::Shared)
        .raised_by(&["POST app/subscriptions"])
        .known(Reported, "several integrators word for word; the tail is free text");
    /// Something failed inside; the trace id is in the log.
    Unknown => ErrorSpec::new(500, 1, "An unknown error occurred")
        .subcode_is(99)
        .written(Dialect::Token)
        .fault_only(INSIDE)
        .known(Documented, COMMON);
    /// Too much is waiting for the disk, or the service is stopping: worth another try.
    TryAgain => ErrorSpec::new(500, 2, "An unexpected error has occurred. Please retry your request later.")
        .written(Dialect::Token)
        .transient()
        .fault_only(INSIDE)
        .known(Documented, COMMON);
    /// A cursor is none that the API gave.
    CursorInvalid => ErrorSpec::new(400, 100, "Invalid cursor")
        .raised_by(&[
            "GET account/conversations",
            "GET conversation/messages",
            "GET conversation",
            "GET account/welcome_message_flows",
            "GET media",
            "GET media/comments",
            "GET comment",
            "GET comment/replies",
            "GET ad_account/adcreatives",
            "GET ad_account/ads",
            "GET account",
            "GET account/media",
            "GET account/stories",
            "GET account/live_media",
            "GET account/tags",
            "GET account/recently_searched_hashtags",
            "GET hashtag/recent_media",
            "GET hashtag/top_media",
        ])
        .known(Assumed, "the text is unconfirmed");
    /// Instagram Messaging is not available for the account.
    NotEligible => ErrorSpec::new(400, 36_103, "This IG account is not eligible for API yet")
        .raised_by(READS)
        .known(Documented, COMMON);
    /// The account's owner has switched off that connected tools see messages.
    MessageAccessOff => ErrorSpec::new(403, 200, "The account owner has disabled access to instagram direct messages.")
        .subcode_is(2_534_041)
        .raised_by(MESSAGING)
        .known(Documented, COMMON);
    /// The account's owner has declined or deleted the thread.
    ThreadDeleted => ErrorSpec::new(400, 100, "The thread was archived or deleted by its owner.")
        .subcode_is(2_534_001)
        .raised_by(SEND)
        .known(Reported, "the code; the text is unconfirmed");
    /// The file at an attachment's URL could not be had.
    MediaFetchFailed => ErrorSpec::new(400, 100,
            "Failed to fetch the file from the url. Check that the URL is valid, with a valid SSL certificate, valid file size, and that the server is responding fast enough to avoid timeouts.")
        .subcode_is(2_018_008)
        .raised_by(FILES)
        .known(Documented, COMMON);
    /// A file is not of the attachment's type, by its bytes.
    MediaTypeMismatch => ErrorSpec::new(400, 100, "Upload attachment failure.")
        .subcode_is(2_018_047)
        .raised_by(FILES)
        .known(Documented, COMMON);
    /// A file is larger than its type may be.
    MediaTooLarge => ErrorSpec::new(400, 100, "Attachment size exceeds allowable limit")
        .subcode_is(2_018_109)
        .raised_by(FILES)
        .known(Documented, COMMON);
    /// A video took longer than 75 seconds to fetch.
    VideoTimedOut => ErrorSpec::new(400, 100, "Video upload timed out or video is corrupted.")
        .subcode_is(2_018_294)
        .raised_by(FILES)
        .known(Documented, COMMON);
    /// An attachment id that does not exist, or is another account's or app's.
    AttachmentNotOwned => ErrorSpec::new(400, 100, "Possible invalid ID or you do not own the attachment.")
        .subcode_is(2_018_074)
        .raised_by(CONTENT)
        .known(Documented, COMMON);
    /// More questions or items than a profile takes. The code is not that of other wrong parameters.
    TooManyCallToActions => ErrorSpec::new(400, 105, "Number of call to actions exceeds the maximum allowed number")
        .raised_by(&["POST account/messenger_profile"])
        .known(Reported, "node-red-contrib-chatbot 65, for Messenger's menu; that Instagram's says the same is unconfirmed");
    /// A menu within a menu.
    NestedMenu => ErrorSpec::new(400, 11, "Setting of Nested Persistent Menu has been deprecated for v8.0 and higher")
        .raised_by(&["POST account/messenger_profile"])
        .known(Reported, "original-coast-clothing 65, Facebook host");
    /// The person has not acted yet, or has blocked the account.
    ConsentRequired => ErrorSpec::new(403, 230, "User consent is required to access user profile")
        .raised_by(&["GET person"])
        .known(Documented, "User Profile API for the text, five integrators for the code; that a block gives it is unconfirmed");
    /// A profile of somebody whom the account does not know.
    ProfileUnknown => ErrorSpec::new(400, 9010, "No matching Instagram user")
        .only_on(&[Host::Instagram])
        .raised_by(&["GET person"])
        .known(Observed, "captured by forks of chatwoot");
    /// The flow is used in an ad and can be neither changed nor deleted.
    FlowInUse => ErrorSpec::new(400, 100, "The welcome message flow is used in an ad and cannot be changed or deleted")
        .raised_by(&["POST account/welcome_message_flows", "DELETE account/welcome_message_flows"])
        .known(Assumed, "that it is refused is documented (Welcome Message Flows); code and text are unconfirmed");
    /// The token has no permission for ads, or the advertiser's account is somebody else's.
    AdAccountNotGranted => ErrorSpec::new(403, 200,
            "Ad account owner has NOT grant ads_management or ads_read permission")
        .only_on(&[Host::Facebook])
        .known(Reported, "many integrators word for word, for both reasons; status 403 by two of them");
}}
