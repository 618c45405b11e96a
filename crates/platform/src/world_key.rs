//! The world's key, from which its secrets and tokens are derived.
//!
//! Nothing secret is stored: an app's secret and every token are HMACs of this key over what they stand for, so that
//! the sim can show them again and a restart keeps them. What is stored of a token is a keyed hash, for look-up.

use graph_api::ids::meta_base64;
use graph_api::signature::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// 32 bytes that belong to one world. Lose them, and all its tokens are gone; show them, and all are known.
#[derive(Clone)]
pub struct WorldKey([u8; 32]);

impl WorldKey {
    /// A key of the given bytes, which must be unpredictable outside tests.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// An app's secret for one of its two products: 32 lower-case hex digits, as Meta's are.
    pub(crate) fn app_secret(&self, product_id: i64) -> String {
        hex("", &self.derive(&["app secret", &product_id.to_string()])[..16])
    }

    /// The text of a token: `prefix`, then about 150 letters and digits, as real ones have.
    pub(crate) fn token(&self, prefix: &str, kind: i64, app: i64, subject: i64, serial: i64) -> String {
        let stands_for = format!("{kind}:{app}:{subject}:{serial}");
        let bytes: Vec<u8> =
            ["1", "2", "3"].iter().flat_map(|part| self.derive(&["token", part, &stands_for])).collect();
        format!("{prefix}{}", meta_base64(&bytes))
    }

    /// The keyed hash by which a token is looked up.
    pub(crate) fn token_hash(&self, token: &str) -> [u8; 32] {
        self.derive(&["token hash", token])
    }

    /// What signs the URL of an asset that ends at `expires`, in seconds: letters and digits.
    pub(crate) fn asset_signature(&self, account: i64, asset: i64, expires: i64) -> String {
        let named = [account, asset, expires].map(|number| number.to_string());
        meta_base64(&self.derive(&["asset", &named[0], &named[1], &named[2]]))
    }

    /// What signs the session of a browser at the login pages.
    pub(crate) fn session_signature(&self, session: &str) -> String {
        hex("", &self.derive(&["login session", session])[..16])
    }

    /// What a form of the login pages must bring back in the session with that name.
    pub(crate) fn form_token(&self, session: &str) -> String {
        hex("", &self.derive(&["login form", session])[..16])
    }

    /// What the SDK's page needs before it hands a login's outcome to a window of that origin.
    pub(crate) fn arbiter_signature(&self, origin: &str, callback: &str) -> String {
        hex("", &self.derive(&["login arbiter", origin, callback])[..16])
    }

    /// The name under which this world keeps its blobs, where several worlds keep theirs.
    pub(crate) fn blobs_name(&self) -> String {
        hex("", &self.derive(&["blobs"])[..8])
    }

    /// What tells this key from others, and gives nothing of it away: it is stored with the world that the key belongs to.
    pub fn fingerprint(&self) -> String {
        hex("", &self.derive(&["fingerprint"])[..16])
    }

    fn derive(&self, parts: &[&str]) -> [u8; 32] {
        // HMAC takes keys of every length, so the error cannot happen; zeros would never match anything stored.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return [0; 32];
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for WorldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorldKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_follow_from_the_key_and_from_what_they_stand_for() {
        let (one, other) = (WorldKey::new([1; 32]), WorldKey::new([2; 32]));
        let token = one.token("IGAA", 1, 2, 3, 4);
        assert_eq!(token, one.token("IGAA", 1, 2, 3, 4));
        assert_ne!(token, one.token("IGAA", 1, 2, 3, 5));
        assert_ne!(token, other.token("IGAA", 1, 2, 3, 4));
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric()), "safe in a shell and in a URL: {token}");
        assert!(token.len() > 120);
        assert_ne!(one.token_hash(&token), other.token_hash(&token));
        assert_eq!(one.app_secret(7).len(), 32);
        assert_eq!(one.fingerprint().len(), 32);
        assert_ne!(one.fingerprint(), other.fingerprint());
        // The parts are delimited: no two lists of parts are the same bytes.
        assert_ne!(one.derive(&["a", "bc"]), one.derive(&["ab", "c"]));
        assert!(!format!("{one:?}").contains('1'));
    }
}
