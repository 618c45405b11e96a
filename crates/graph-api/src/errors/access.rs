//! The part of the table that is about access: logins and codes, tokens that ended, proofs, roles, tasks, and limits of
//! rates.

pub(super) const LIMITS: &str = "Meta, Graph API: Rate Limits";
/// The exchange of codes, on either host.
pub(super) const EXCHANGE: &[&str] = &["POST /oauth/access_token"];
/// The token endpoint of the Facebook host, which also takes GET.
pub(super) const OAUTH: &[&str] = &["GET /oauth/access_token", "POST /oauth/access_token"];
pub(super) const LONG_LIVED: &[&str] = &["GET /access_token", "GET /refresh_access_token"];
pub(super) const DEBUG: &[&str] = &["GET /debug_token"];
pub(super) const FLAT: &str = "Business Login for Instagram shows the envelope; the text is long-standing";

/// Calls the next macro with the rows it was given and, after them, those of this file.
macro_rules! with_access {
    ($next:ident $($others:ident)+ { $($rows:tt)* }) => { $next! { $($others)+ { $($rows)*
    /// The account's owner has removed the app, or the user has. `{0}`: the app's id.
    AppRemoved => ErrorSpec::new(400, 190,
            "Error validating access token: The user has not authorized application {0}.")
        .subcode_is(458)
        .written(Dialect::Token)
        .known(Reported, "several integrators");
    /// The owner logged out, which ends the tokens of that session.
    TokenRevoked => ErrorSpec::new(400, 190,
            "Error validating access token: The session is invalid because the user logged out.")
        .subcode_is(467)
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .known(Reported, "several integrators");
    /// The owner has no role on the page any more.
    PageRoleLost => ErrorSpec::new(400, 190,
            "Error validating access token: The user does not have an appropriate role on the Page.")
        .subcode_is(492)
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .known(Reported, "subcode documented (Graph API: Handling Errors); the text is unconfirmed");
    /// The account holds no accepted role on an app that is not open to everybody: every call of it fails. `{0}`: the
    /// method, in lower case.
    TesterRoleMissing => ErrorSpec::new(400, 100, "Unsupported request - method type: {0}")
        .written(Dialect::Bare)
        .only_on(&[Host::Instagram])
        .known(Observed, "Chatwoot issue 14932 and four others");
    /// The person has no role on an app with Standard Access.
    AdvancedAccessMissing => ErrorSpec::new(403, 200,
            "App does not have Advanced Access to instagram_manage_messages permission, and recipient user does not have role on app.")
        .subcode_is(2_534_048)
        .raised_by(STRANGERS)
        .known(Observed, "Chatwoot issue 11578 for the text; the subcode is reported");
    /// The token's owner has a role on the page, but not with the task that the edge needs.
    TaskMissing => ErrorSpec::new(403, 200,
            "User does not have sufficient administrative permission for this action on this page. If the page business requires Two Factor Authentication, the user also needs to enable Two Factor Authentication.")
        .only_on(&[Host::Facebook])
        .known(Reported, "several integrators word for word");
    /// The app requires a proof with each call of a server.
    ProofRequired => ErrorSpec::new(400, 100, "API calls from the server require an appsecret_proof argument")
        .written(Dialect::Object)
        .known(Reported, "several integrators, Facebook host; that the Instagram host has it is unconfirmed");
    /// The proof is not of this token and this app's secret, or is too old.
    ProofInvalid => ErrorSpec::new(400, 100, "Invalid appsecret_proof provided in the API argument")
        .written(Dialect::Object)
        .known(Reported, "several integrators, Facebook host; that the Instagram host has it is unconfirmed");
    /// No `client_id`.
    ClientIdMissing => ErrorSpec::new(400, 400, "Missing required field client_id")
        .on_facebook(400, 101, "Missing client_id parameter.")
        .written(Dialect::Token)
        .raised_by(OAUTH)
        .known(Reported, "long-standing on the Facebook host; the other text is unconfirmed");
    /// A `client_id` that is no app's, or that of the other product.
    ClientUnknown => ErrorSpec::new(400, 400, "Invalid platform app")
        .on_facebook(400, 101, "Error validating application. Cannot get application info due to a system error.")
        .written(Dialect::Token)
        .raised_by(OAUTH)
        .known(Reported, "several integrators, both hosts");
    /// A `client_secret` that is not the product's.
    ClientSecretWrong => ErrorSpec::new(400, 400, "Error validating client secret.")
        .on_facebook(400, 101, "Error validating client secret.")
        .written(Dialect::Token)
        .raised_by(OAUTH)
        .known(Reported, "integrators, Facebook host; the text of the other host is unconfirmed");
    /// The same where a token of Instagram Login is exchanged for a long-lived one.
    ExchangeSecretWrong => ErrorSpec::new(400, 100, "Error validating client secret.")
        .written(Dialect::Token)
        .only_on(&[Host::Instagram])
        .raised_by(&["GET /access_token"])
        .known(Reported, "one integrator");
    /// No `redirect_uri`.
    RedirectUriMissing => ErrorSpec::new(400, 400, "Missing required field redirect_uri")
        .on_facebook(400, 191, "Missing redirect_uri parameter.")
        .written(Dialect::Token)
        .raised_by(OAUTH)
        .known(Reported, "integrators, Facebook host; the other text is unconfirmed");
    /// A `redirect_uri` that is not, byte for byte, that of the login.
    RedirectUriMismatch => ErrorSpec::new(400, 400,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request")
        .on_facebook(400, 100,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request")
        .subcode_is(36_008)
        .written(Dialect::Token)
        .raised_by(OAUTH)
        .known(Reported, "many integrators, Facebook host; the flat envelope has no subcode");
    /// A code of Instagram Login that is unknown, used or expired.
    CodeNotMatched => ErrorSpec::new(400, 400, "Matching code was not found or was already used")
        .written(Dialect::Token)
        .only_on(&[Host::Instagram])
        .raised_by(EXCHANGE)
        .known(Documented, "Business Login for Instagram");
    /// A parameter of the exchange of codes is missing. `{0}`: its name.
    ExchangeFieldMissing => ErrorSpec::new(400, 400, "Missing required field {0}")
        .written(Dialect::Token)
        .only_on(&[Host::Instagram])
        .raised_by(EXCHANGE)
        .known(Assumed, FLAT);
    /// A code of Facebook Login that is none.
    CodeMalformed => ErrorSpec::new(400, 100, "Invalid verification code format.")
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(OAUTH)
        .known(Reported, "many integrators");
    /// A code of Facebook Login that was exchanged before.
    CodeUsed => ErrorSpec::new(400, 100, "This authorization code has been used.")
        .subcode_is(36_009)
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(OAUTH)
        .known(Observed, "captured; the subcode is that of newer versions");
    /// A code of Facebook Login that is too old.
    CodeExpired => ErrorSpec::new(400, 100, "This authorization code has expired.")
        .subcode_is(36_007)
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(OAUTH)
        .known(Reported, "integrators");
    /// The token is of a life that the exchange or refresh does not take.
    SessionInvalid => ErrorSpec::new(400, 452,
            "Session key invalid. This could be because the session key has an incorrect format, or because the user has revoked this session")
        .written(Dialect::Token)
        .only_on(&[Host::Instagram])
        .raised_by(LONG_LIVED)
        .known(Assumed, "the code is documented for users and tokens; that these endpoints answer it is unconfirmed");
    /// A long-lived token is refreshed before it is a day old.
    TokenTooYoung => ErrorSpec::new(400, 100, "The access token must be at least 24 hours old to be refreshed.")
        .written(Dialect::Token)
        .only_on(&[Host::Instagram])
        .raised_by(&["GET /refresh_access_token"])
        .known(Assumed, "the rule is documented (Business Login for Instagram); code and text are unconfirmed");
    /// A token is inspected with one that may not inspect.
    DebugRefused => ErrorSpec::new(400, 100,
            "You must provide an app access token, or a user access token that is an owner or developer of the app")
        .only_on(&[Host::Facebook])
        .raised_by(DEBUG)
        .known(Reported, "many integrators word for word");
    /// The inspected token belongs to another app.
    InputTokenForeign => ErrorSpec::new(400, 100, "The App_id in the input_token did not match the Viewing App")
        .only_on(&[Host::Facebook])
        .raised_by(DEBUG)
        .known(Reported, "several integrators word for word");
    /// The app called too often.
    AppLimitReached => ErrorSpec::new(400, 4, "Application request limit reached")
        .known(Documented, COMMON);
    /// The user's token was used too often.
    UserLimitReached => ErrorSpec::new(400, 17, "User request limit reached")
        .only_on(&[Host::Facebook])
        .known(Documented, LIMITS);
    /// A page was called too often with user tokens.
    PageLimitReached => ErrorSpec::new(400, 32, "Page request limit reached")
        .only_on(&[Host::Facebook])
        .known(Documented, LIMITS);
    /// Too many sends, or reads of conversations, in a second.
    SendLimitReached => ErrorSpec::new(400, 613, "Calls to this api have exceeded the rate limit.")
        .subcode_is(2_534_040)
        .raised_by(RATED)
        .known(Documented, COMMON);
    /// The quota of a page's business use case is used up.
    PageQuotaUsed => ErrorSpec::new(400, 80_001,
            "There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.")
        .only_on(&[Host::Facebook])
        .known(Documented, LIMITS);
    /// That of messaging.
    MessengerQuotaUsed => ErrorSpec::new(400, 80_006,
            "There have been too many messenger api calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.")
        .only_on(&[Host::Facebook])
        .known(Documented, "Graph API: Rate Limits names the code; the text is unconfirmed");
    /// That of an Instagram account.
    InstagramQuotaUsed => ErrorSpec::new(400, 80_002,
            "There have been too many calls to this Instagram account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.")
        .known(Documented, LIMITS);
    } } };
}
pub(super) use with_access;
