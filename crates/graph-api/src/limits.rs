//! The figures of the contract, each with its source.

use std::time::Duration;

/// Longest text of a message, in bytes of UTF-8 (doc: Send Messages; "1000 bytes or less").
pub const TEXT_BYTES: usize = 1000;
/// Longest text that the generic parameter validator lets through, in characters (rep: two Instagram bots).
pub const TEXT_PARAM_CHARS: usize = 2000;
/// The standard messaging window: counted from the action that opened it (doc: Send a Message).
pub const STANDARD_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// How long after the person's last action a human agent may still answer (doc: Human Agent escalation).
pub const HUMAN_AGENT_WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);
/// Life of a long-lived token (doc: Business Login for Instagram, 60 days).
pub const LONG_LIVED_TOKEN: Duration = Duration::from_secs(60 * 24 * 3600);
/// Life of a short-lived token (doc: Business Login for Instagram, 1 hour).
pub const SHORT_LIVED_TOKEN: Duration = Duration::from_secs(3600);
/// Life of an authorization code (doc: Business Login for Instagram; that codes of Facebook Login live as long is
/// unconfirmed).
pub const CODE: Duration = Duration::from_secs(3600);
/// How old a long-lived token must be to be refreshed (doc: Business Login for Instagram).
pub const REFRESH_AGE: Duration = Duration::from_secs(24 * 3600);
/// How long an app may read a Facebook user's data after the login (doc: Facebook Login, auth vs. data).
pub const DATA_ACCESS: Duration = Duration::from_secs(90 * 24 * 3600);
/// How old the `appsecret_time` of a proof may be (mem).
pub const PROOF_AGE: Duration = Duration::from_secs(5 * 60);
/// Quick replies of a message (doc: Quick Replies).
pub const QUICK_REPLIES: usize = 13;
/// Longest title of a quick reply, in characters; longer ones are cut (doc: Quick Replies).
pub const QUICK_REPLY_TITLE: usize = 20;
/// Longest payload of a quick reply or button, in characters (rep: bootbot 23, for Messenger; unconfirmed for Instagram).
pub const PAYLOAD: usize = 1000;
/// Images of one message (doc: Send Messages).
pub const IMAGES: usize = 10;
/// Cards of a template (doc: Generic Template).
pub const TEMPLATE_ELEMENTS: usize = 10;
/// Longest title or subtitle of a card, in characters (doc: Generic Template).
pub const ELEMENT_TITLE: usize = 80;
/// Buttons of a card or of a button template (doc: Generic Template, Button Template).
pub const BUTTONS: usize = 3;
/// Longest title of a button, in characters (mem: Messenger).
pub const BUTTON_TITLE: usize = 20;
/// Longest text of a button template, in characters (doc: Button Template).
pub const BUTTON_TEMPLATE_TEXT: usize = 640;
/// How long the three dots stay if nothing ends them (mem: Messenger, 20 seconds).
pub const TYPING: Duration = Duration::from_secs(20);

/// How long an app has a conversation after the person's last message (doc: Conversation Routing).
pub const CONTROL: Duration = Duration::from_secs(24 * 3600);
/// The longest time by which an app can extend its control (doc: Conversation Control APIs).
pub const CONTROL_EXTENDED: Duration = Duration::from_secs(7 * 24 * 3600);
/// The most days for which an app keeps a conversation that an ad began (doc: Conversation Routing for Instagram ads).
pub const RECEIVING_DAYS: u32 = 30;

/// Objects that `ids=` can name (rep: the error says so).
pub const IDS: usize = 50;
/// Requests of a batch (doc: Batch Requests).
pub const BATCH: usize = 50;

/// How long a story lasts (doc: IG Media, stories).
pub const STORY: Duration = Duration::from_secs(24 * 3600);

/// Whether a text can be the address of a web page: `http` or `https`, a host, nothing that no address holds.
pub fn is_web_address(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        text.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .map(|_| &text[scheme.len()..])
    });
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}
/// Largest image of a message, in bytes (doc: Send Messages, "8 MB"; that these are MiB is unconfirmed for messages, and
/// what the error text of publishing says).
pub const IMAGE_BYTES: u64 = 8 << 20;
/// Largest audio, video or file of a message, in bytes (doc: Send Messages, "25 MB"; MiB as above).
pub const MEDIA_BYTES: u64 = 25 << 20;
/// How long the fetching of a video may take (doc: Common Error Codes, 2018294).
pub const VIDEO_FETCH: Duration = Duration::from_secs(75);
/// How long the fetching of anything else may take (unconfirmed: only that slow hosts fail is documented).
pub const MEDIA_FETCH: Duration = Duration::from_secs(30);
/// Life of the URL of an attachment. No figure is published (unconfirmed).
pub const ASSET_URL: Duration = Duration::from_secs(48 * 3600);
/// Life of the URL of a person's picture (doc: User Profile API, "in a few days"; the figure is unconfirmed).
pub const PICTURE_URL: Duration = Duration::from_secs(7 * 24 * 3600);
/// Questions of an account's ice breakers for one locale (doc: Ice Breakers).
pub const ICE_BREAKERS: usize = 4;
/// Longest question of an ice breaker, in characters (mem: Messenger).
pub const ICE_BREAKER_QUESTION: usize = 80;
/// Items of a persistent menu (doc: Messenger's page, since version 8.0; five are recommended).
pub const MENU_ITEMS: usize = 20;
/// Longest title of a menu's item, in characters (mem: Messenger).
pub const MENU_TITLE: usize = 30;
/// Messages of a welcome message flow (unconfirmed: no figure is published).
pub const FLOW_MESSAGES: usize = 10;
/// Longest name of a flow, an ad or what an ad shows, in characters (unconfirmed).
pub const NAME: usize = 400;
/// The longest window that the first message after a click-to-Direct ad opens (doc: policy, since 2026-09-28).
pub const AD_WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);
/// Longest `ref` of an ig.me link, in characters (doc: ig.me links); of an ad, unconfirmed.
pub const REF: usize = 2083;

/// Longest text of a comment, in characters: the Instagram app's (unconfirmed for the API).
pub const COMMENT_TEXT: usize = 2200;
/// Most comments of one page (doc: IG Media, comments).
pub const COMMENTS_PAGE: u32 = 50;
/// How long after a comment one may reply to it privately (doc: Private Replies).
pub const PRIVATE_REPLY_AGE: Duration = Duration::from_secs(7 * 24 * 3600);

/// The rules for comments of the API that was retired in 2020: characters, hashtags and addresses of one comment.
pub const LEGACY_COMMENT: (usize, usize, usize) = (300, 4, 1);

/// A limit of rates: so many calls within any span of that length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The calls.
    pub calls: u32,
    /// The span.
    pub within: Duration,
}

impl Rate {
    const fn new(calls: u32, seconds: u64) -> Self {
        Self { calls, within: Duration::from_secs(seconds) }
    }

    /// A quota that grows with how many people there are.
    #[must_use]
    pub const fn times(self, people: u32) -> Self {
        Self { calls: self.calls.saturating_mul(people), within: self.within }
    }
}

/// Reads of the Conversations API, for each account and app (doc: Rate limits; both variants).
pub const CONVERSATIONS_RATE: Rate = Rate::new(2, 1);
/// Sends of text, links, reactions and stickers on the Instagram host (doc: Instagram Platform, Rate limits). Images,
/// files and templates are in no documented bucket: they count as text (unconfirmed).
pub const SEND_RATE_INSTAGRAM: Rate = Rate::new(100, 1);
/// The same on the Facebook host (doc: Messenger Platform, Rate limits).
pub const SEND_RATE_FACEBOOK: Rate = Rate::new(300, 1);
/// Sends of audio or video, both variants.
pub const SEND_MEDIA_RATE: Rate = Rate::new(10, 1);
/// Private replies to comments on posts and reels, both variants.
pub const PRIVATE_REPLY_RATE: Rate = Rate::new(750, 3600);
/// Private replies to comments on a broadcast, both variants.
pub const LIVE_PRIVATE_REPLY_RATE: Rate = Rate::new(100, 1);
/// Calls with an app's or a user's token, times the app's users (doc: Graph API, Rate Limits).
pub const PLATFORM_RATE: Rate = Rate::new(200, 3600);
/// Calls about a page with the page's token, times its engaged users (doc: Graph API, Rate Limits).
pub const PAGE_RATE: Rate = Rate::new(4800, 24 * 3600);
/// Calls of the messenger use case, times the page's engaged users (doc: Messenger Platform, Rate limits).
pub const MESSENGER_RATE: Rate = Rate::new(200, 24 * 3600);
/// All other calls about an Instagram account, times its impressions (doc: Instagram Platform, Rate limits).
pub const INSTAGRAM_RATE: Rate = Rate::new(4800, 24 * 3600);

/// Longest caption, in characters (doc: IG User Media; that they are code points is unconfirmed).
pub const CAPTION: usize = 2200;
/// Hashtags of a caption (doc: IG User Media).
pub const CAPTION_HASHTAGS: usize = 30;
/// Mentions in a caption, and tagged users of a medium (doc: IG User Media, Error Codes).
pub const TAGS: usize = 20;
/// Longest text for those who cannot see a picture, in characters (doc: IG User Media, since 2025-03-24).
pub const ALT_TEXT: usize = 1000;
/// Collaborators of a medium (doc: IG User Media).
pub const COLLABORATORS: usize = 3;
/// Pictures and videos of a carousel (doc: Content Publishing).
pub const CAROUSEL: std::ops::RangeInclusive<usize> = 2..=10;
/// Least and largest width divided by height of a picture in the feed (doc: IG User Media, 4:5 to 1.91:1).
pub const FEED_ASPECT: (f64, f64) = (0.8, 1.91);
/// Within which the quotas of publishing are counted.
pub const PUBLISHING_DAY: Duration = Duration::from_secs(24 * 3600);
/// Publications of an account within a day (doc: Content Publishing; what an account really has, its edge
/// `content_publishing_limit` tells).
pub const PUBLICATIONS: u32 = 100;
/// Containers of an account within a day (doc: IG User Media).
pub const CONTAINERS: u32 = 400;
/// Life of a container that is not published (doc: Content Publishing).
pub const CONTAINER: Duration = Duration::from_secs(24 * 3600);
/// How long the fetching of a video that is to be published may take (unconfirmed).
pub const PUBLISHED_VIDEO_FETCH: Duration = Duration::from_secs(300);
/// Hashtags that an account may look for within [`HASHTAG_SPAN`] (doc: IG Hashtag Search).
pub const HASHTAGS: u32 = 30;
/// Seven days (doc: IG Hashtag Search).
pub const HASHTAG_SPAN: Duration = Duration::from_secs(7 * 24 * 3600);
/// How old the recent media of a hashtag may be (doc: IG Hashtag Recent Media).
pub const HASHTAG_RECENT: Duration = Duration::from_secs(24 * 3600);
