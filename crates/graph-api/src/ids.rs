//! Identifiers: what they look like outside, and how a message id or conversation id is made and read.
//!
//! Outside, every id is a JSON string; inside, a node id is an `i64`. The decimal prefix of a node id tells its kind,
//! so `GET /{id}` knows where to look without asking every table.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clock::Micros;

/// The kinds of node that a decimal id can name. Widths follow captured ids: professional accounts have 17 digits and
/// begin `17841`, IGSIDs have 15 to 17, pages 9 to 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    /// An Instagram professional account, by the id that webhooks carry (`user_id`).
    Account,
    /// The same account by its app-scoped `id`, which only `/me?fields=id` shows.
    ScopedAccount,
    /// A person, as one account knows them (IGSID).
    Person,
    /// A Facebook page.
    Page,
    /// A Facebook user.
    User,
    /// A Meta app, by the id of its Facebook Login product.
    App,
    /// The same app, by the id of its Instagram Login product.
    InstagramApp,
    /// A post, reel or story. Captured ids have 17 digits and begin `178` to `183`.
    Media,
    /// What is to be published. Captured ids have 17 digits too, and begin `178` to `183`.
    Container,
    /// A hashtag: the same id for everybody. Documented ones have 17 digits and begin `1784`.
    Hashtag,
    /// A comment. Documented ones have 17 digits and begin `178` to `180`.
    Comment,
    /// An attachment: a file that was sent, received or uploaded. Real ones have 15 to 17 digits too.
    Attachment,
    /// A welcome message flow.
    Flow,
    /// An advertiser's account, in paths written `act_<id>`.
    AdAccount,
    /// A campaign: sets of ads.
    Campaign,
    /// A set of ads. Captured ids of sets, creatives and ads have 17 or 18 digits, the newer ones begin `1202`.
    AdSet,
    /// What an ad shows.
    AdCreative,
    /// An ad.
    Ad,
}

impl NodeKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Account,
        Self::ScopedAccount,
        Self::Person,
        Self::Page,
        Self::User,
        Self::App,
        Self::InstagramApp,
        Self::Media,
        Self::Container,
        Self::Hashtag,
        Self::Comment,
        Self::Attachment,
        Self::Flow,
        Self::AdAccount,
        Self::Campaign,
        Self::AdSet,
        Self::AdCreative,
        Self::Ad,
    ];

    /// The least id of the kind, and how many ids the kind has.
    pub const fn range(self) -> (i64, i64) {
        match self {
            Self::Account => (17_841_400_000_000_000, 100_000_000_000),
            Self::ScopedAccount => (20_000_000_000_000_000, 1_000_000_000_000_000),
            Self::Person => (1_000_000_000_000_000, 100_000_000_000_000),
            Self::Page => (100_000_000_000_000, 100_000_000_000),
            Self::User => (120_000_000_000_000, 100_000_000_000),
            Self::App => (1_500_000_000_000_000, 100_000_000_000),
            Self::InstagramApp => (1_700_000_000_000_000, 100_000_000_000),
            Self::Media => (17_900_000_000_000_000, 50_000_000_000_000),
            Self::Container => (18_000_000_000_000_000, 50_000_000_000_000),
            Self::Hashtag => (17_843_000_000_000_000, 100_000_000_000),
            Self::Comment => (18_100_000_000_000_000, 50_000_000_000_000),
            Self::Attachment => (1_900_000_000_000_000, 100_000_000_000_000),
            Self::Flow => (2_100_000_000_000_000, 100_000_000_000),
            Self::AdAccount => (1_300_000_000_000_000, 100_000_000_000),
            Self::Campaign => (120_200_000_000_000_000, 100_000_000_000),
            Self::AdSet => (120_210_000_000_000_000, 100_000_000_000),
            Self::AdCreative => (120_220_000_000_000_000, 100_000_000_000),
            Self::Ad => (120_230_000_000_000_000, 100_000_000_000),
        }
    }

    /// The kind of the node that `id` can name.
    pub fn of(id: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| {
            let (first, count) = kind.range();
            (first..first + count).contains(&id)
        })
    }
}

/// Reads a decimal id as it stands in a path or parameter: digits only, no sign, no leading zero.
pub fn decimal(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The high 64 bits of every captured thread number. The low 64 bits are the thread's own; here they are the IGSID.
const THREAD_HIGH: u128 = 0xffff_ffff_0000_0010;

/// The identity of a message: the account, the person as it knows them, and the microsecond that is the message's own
/// within the conversation.
///
/// A `mid` is Base64 of `ig_dm_item:1:IGMessageID:<account>:<thread>:<item>`, where `thread` is a number of 39 digits
/// and `item` is the microsecond shifted left by 64 bits; `Z` is written `ZA` and `=` is written `ZD`. Decoded and
/// encoded again byte for byte for ten captured mids, all of 164 characters; their microsecond, cut to
/// milliseconds, is the `timestamp` of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey {
    /// The account's id.
    pub account: i64,
    /// The person's IGSID.
    pub igsid: i64,
    /// The message's own microsecond.
    pub at: Micros,
}

impl MessageKey {
    /// The `mid`.
    pub fn mid(self) -> String {
        let thread = thread(self.igsid);
        let item = u128::from(self.at.0.unsigned_abs()) << 64;
        escape(&format!("ig_dm_item:1:IGMessageID:{}:{thread}:{item}", self.account))
    }

    /// Reads a `mid` that this platform made; `None` for anything else.
    pub fn parse(mid: &str) -> Option<Self> {
        let text = unescape(mid)?;
        let mut parts = text.strip_prefix("ig_dm_item:1:IGMessageID:")?.split(':');
        let account = decimal(parts.next()?)?;
        let igsid = igsid_of(parts.next()?)?;
        let item: u128 = parts.next()?.parse().ok()?;
        if parts.next().is_some() || item & u128::from(u64::MAX) != 0 {
            return None;
        }
        let key = Self { account, igsid, at: Micros(i64::try_from(item >> 64).ok()?) };
        // One message has one mid: another spelling of the same numbers is not an id.
        (key.mid() == mid).then_some(key)
    }
}

/// The identity of a conversation: the one thread between an account and a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationKey {
    /// The account's id.
    pub account: i64,
    /// The person's IGSID.
    pub igsid: i64,
}

impl ConversationKey {
    /// The conversation's id: the same writing as a `mid`, of `ig_dm:1:IGMessageThread:<account>:<thread>`.
    pub fn id(self) -> String {
        escape(&format!("ig_dm:1:IGMessageThread:{}:{}", self.account, thread(self.igsid)))
    }

    /// Reads a conversation id that this platform made; `None` for anything else.
    pub fn parse(id: &str) -> Option<Self> {
        let text = unescape(id)?;
        let (account, thread) = text.strip_prefix("ig_dm:1:IGMessageThread:")?.split_once(':')?;
        let key = Self { account: decimal(account)?, igsid: igsid_of(thread)? };
        (key.id() == id).then_some(key)
    }
}

fn thread(igsid: i64) -> u128 {
    THREAD_HIGH << 64 | u128::from(igsid.unsigned_abs())
}

fn igsid_of(thread: &str) -> Option<i64> {
    let number: u128 = thread.parse().ok()?;
    (number >> 64 == THREAD_HIGH).then(|| i64::try_from(number & u128::from(u64::MAX)).ok()).flatten()
}

/// Bytes as Meta writes them into ids and tokens: Base64 with the escapes of a `mid`. Letters and digits only.
pub fn meta_base64(bytes: &[u8]) -> String {
    // Each send makes such a text: hence four letters at a time, which nearly always need no escape.
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| LETTERS[(bits & 63) as usize];
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4 + 16);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let mut four = [letter(bits >> 18), letter(bits >> 12), letter(bits >> 6), letter(bits)];
        if let Some(missing) = four.get_mut(three.len() + 1..) {
            missing.fill(b'=');
        }
        if four.iter().any(|b| matches!(b, b'Z' | b'+' | b'/' | b'=')) {
            four.into_iter().for_each(|b| escape_letter(&mut out, b));
        } else {
            out.extend_from_slice(&four);
        }
    }
    // The letters and their escapes are ASCII.
    String::from_utf8(out).unwrap_or_default()
}

/// `ZB` and `ZC` for `+` and `/` are inferred; the texts of ids produce neither.
fn escape_letter(out: &mut Vec<u8>, letter: u8) {
    let escape = match letter {
        b'Z' => b'A',
        b'+' => b'B',
        b'/' => b'C',
        b'=' => b'D',
        plain => return out.push(plain),
    };
    out.extend_from_slice(&[b'Z', escape]);
}

fn escape(text: &str) -> String {
    meta_base64(text.as_bytes())
}

fn unescape(id: &str) -> Option<String> {
    // The longest id has 164 characters; nothing longer is worth decoding.
    if id.len() > 200 {
        return None;
    }
    let mut plain = String::with_capacity(id.len());
    let mut chars = id.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            'Z' => match chars.next()? {
                'A' => 'Z',
                'B' => '+',
                'C' => '/',
                'D' => '=',
                _ => return None,
            },
            other => other,
        });
    }
    String::from_utf8(STANDARD.decode(plain).ok()?).ok()
}

/// The id by which `account` knows the Instagram user with the number `user`: the IGSID. It exists before the first
/// message and needs no row: it is a permutation of the users' numbers, another one for each account, so that no two
/// accounts know a user by the same id and nobody can count users by their ids.
///
/// `user` must be less than the number of ids of the kind; any larger one is folded into the range.
pub fn scoped(kind: NodeKind, scope: i64, user: i64) -> i64 {
    let (first, count) = kind.range();
    let mut number = user.rem_euclid(count).unsigned_abs();
    // Walk the cycle of a wider permutation until it falls into the range again.
    loop {
        number = feistel(number, scope.unsigned_abs(), [0, 1, 2, 3]);
        if number < count.unsigned_abs() {
            return first + number.cast_signed();
        }
    }
}

/// The number whose id in `scope` is `id`: the inverse of [`scoped`]. `None` if `id` is not of the kind.
pub fn unscoped(kind: NodeKind, scope: i64, id: i64) -> Option<i64> {
    let (first, count) = kind.range();
    if !(first..first + count).contains(&id) {
        return None;
    }
    let mut number = (id - first).unsigned_abs();
    loop {
        number = feistel_back(number, scope.unsigned_abs());
        if number < count.unsigned_abs() {
            return Some(number.cast_signed());
        }
    }
}

/// Half of the width of the permutation, in bits: 2^50 is just above the largest range.
const HALF: u32 = 25;
const MASK: u64 = (1 << HALF) - 1;

fn round(half: u64, key: u64, round: u64) -> u64 {
    let mut z = half ^ key.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (round << 56);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) & MASK
}

fn feistel(number: u64, key: u64, rounds: [u64; 4]) -> u64 {
    let (mut left, mut right) = (number >> HALF, number & MASK);
    for r in rounds {
        (left, right) = (right, left ^ round(right, key, r));
    }
    left << HALF | right
}

fn feistel_back(number: u64, key: u64) -> u64 {
    // The inverse is the same network with the halves swapped and the rounds in the other order.
    let swapped = (number & MASK) << HALF | number >> HALF;
    let back = feistel(swapped, key, [3, 2, 1, 0]);
    (back & MASK) << HALF | back >> HALF
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An id published in Meta's Postman collection: its structure is what ours is checked against.
    const PUBLISHED: &str = "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjEyNTAyNDAyNjQwOTMwOjM0MDI4MjM2Njg0MTcxMDMwMTI0NDI1ODE4NzUxOTk3OTcyODI5MjozMjM4NzQ4MDk1NTU2NDIxMjIzNDE1NjY3NTg0NzY4NDA5NgZDZD";

    #[test]
    fn the_published_id_decodes_and_encodes_to_itself() {
        let text = unescape(PUBLISHED).unwrap();
        assert!(
            text.starts_with(
                "ig_dm_item:1:IGMessageID:12502402640930:340282366841710301244258187519979728292:"
            )
        );
        assert_eq!(escape(&text), PUBLISHED);
        let key = MessageKey::parse(PUBLISHED).unwrap();
        assert_eq!(
            key,
            MessageKey {
                account: 12_502_402_640_930,
                igsid: 12_502_402_641_316,
                at: Micros(1_755_728_860_667_781)
            }
        );
    }

    #[test]
    fn a_mid_has_164_characters_and_reads_back() {
        for at in [1_752_834_910_447_487, 1, 999_999_999_999_999, 4_000_000_000_000_000] {
            let key =
                MessageKey { account: 17_841_400_000_000_001, igsid: 1_012_345_678_901_234, at: Micros(at) };
            let mid = key.mid();
            assert_eq!(MessageKey::parse(&mid), Some(key));
            assert!(mid.starts_with("aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQx"), "{mid}");
            if at > 1_000_000_000_000_000 {
                assert_eq!(mid.len(), 164);
            }
        }
        // The captured microsecond of 2025-07-18 10:35:10.447487 UTC.
        assert_eq!(
            u128::from(1_752_834_910_447_487_u64) << 64,
            32_334_096_996_488_393_438_283_780_683_988_992
        );
    }

    #[test]
    fn other_spellings_are_no_ids() {
        let key = MessageKey { account: 17_841_400_000_000_001, igsid: 1_012_345_678_901_234, at: Micros(1) };
        let mid = key.mid();
        for wrong in ["", "me", "aWdf", &mid[1..], &mid[..mid.len() - 2], &format!("{mid}ZD"), "Z", "é"] {
            assert_eq!(MessageKey::parse(wrong), None, "{wrong}");
        }
        assert_eq!(MessageKey::parse(&escape("ig_dm_item:1:IGMessageID:+1:2:3")), None);
        let conversation = ConversationKey { account: key.account, igsid: key.igsid };
        assert_eq!(MessageKey::parse(&conversation.id()), None);
        assert_eq!(ConversationKey::parse(&mid), None);
        assert_eq!(ConversationKey::parse(&conversation.id()), Some(conversation));
    }

    #[test]
    fn kinds_do_not_overlap() {
        for kind in NodeKind::ALL {
            let (first, count) = kind.range();
            assert_eq!(NodeKind::of(first), Some(*kind));
            assert_eq!(NodeKind::of(first + count - 1), Some(*kind));
        }
        assert_eq!(NodeKind::of(5), None);
        assert_eq!(NodeKind::of(-17_841_400_000_000_001), None);
    }

    #[test]
    fn scoped_ids_read_back_and_differ_by_scope() {
        let mut seen = std::collections::HashSet::new();
        for scope in [17_841_400_000_000_001, 17_841_400_000_000_002] {
            for kind in [NodeKind::Person, NodeKind::ScopedAccount] {
                for user in 0..500 {
                    let id = scoped(kind, scope, user);
                    assert_eq!(NodeKind::of(id), Some(kind));
                    assert_eq!(unscoped(kind, scope, id), Some(user));
                    assert!(seen.insert(id), "{id} twice");
                }
            }
        }
        assert_eq!(unscoped(NodeKind::Person, 1, 5), None);
    }

    #[test]
    fn decimals() {
        assert_eq!(decimal("17841400000000001"), Some(17_841_400_000_000_001));
        for wrong in ["", "0", "012", "+1", "-1", "1 ", "1e5", "99999999999999999999", "١"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }
}
