//! Secrets at rest: page tokens, app secrets, keys. They are sealed with the gateway's key, which is not in the database.

use clock::Chance;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use std::fmt;
use std::sync::Arc;
use storage::{Error, Result};

/// Which key sealed a text: its first byte. There is one so far.
const FIRST_KEY: u8 = 1;

/// Seals and opens.
#[derive(Clone)]
pub(crate) struct Seal {
    key: Arc<LessSafeKey>,
    verify_token: Arc<str>,
    fingerprint: Arc<str>,
    chance: Arc<dyn Chance>,
}

/// The key is not shown.
impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    #[expect(clippy::expect_used, reason = "the algorithm takes keys of 32 bytes, and this is one")]
    pub(crate) fn new(key: &[u8; 32], chance: Arc<dyn Chance>) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, key);
        let derive = |what: &str| hmac::sign(&root, what.as_bytes());
        let unbound =
            UnboundKey::new(&CHACHA20_POLY1305, derive("seal").as_ref()).expect("a key of 32 bytes");
        Self {
            key: Arc::new(LessSafeKey::new(unbound)),
            verify_token: format!("verify-{}", hex(derive("verify token"))).into(),
            fingerprint: fingerprint(key).into(),
            chance,
        }
    }

    /// The word of the handshake.
    pub(crate) fn verify_token(&self) -> String {
        self.verify_token.to_string()
    }

    /// Which key it is.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Seals a text.
    pub(crate) fn seal(&self, text: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        self.chance.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        let sealing = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(sealing, Aad::empty(), &mut sealed)
            .map_err(|_| Error::Engine("a secret cannot be sealed".to_owned()))?;
        Ok([&[FIRST_KEY], &nonce[..], &sealed].concat())
    }

    /// Opens what [`Self::seal`] made. An error tells that it was sealed with another key, or changed.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<String> {
        let wrong = || Error::Engine("a stored secret was sealed with another key".to_owned());
        let rest = sealed.strip_prefix(&[FIRST_KEY]).ok_or_else(wrong)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let mut text = text.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let opened = self.key.open_in_place(nonce, Aad::empty(), &mut text).map_err(|_| wrong())?;
        String::from_utf8(opened.to_vec()).map_err(|_| wrong())
    }
}

fn hex(tag: hmac::Tag) -> String {
    tag.as_ref()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

/// Which key it is.
pub(crate) fn fingerprint(key: &[u8; 32]) -> String {
    hex(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), b"fingerprint"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clock::SeededChance;

    #[test]
    fn what_is_sealed_opens_with_its_key_only() {
        let seal = |key| Seal::new(&[key; 32], Arc::new(SeededChance::new(1)));
        let (one, other) = (seal(1), seal(2));
        let sealed = one.seal("EAAtoken").unwrap();
        assert!(!sealed.windows(3).any(|window| window == b"EAA"));
        assert_eq!(one.open(&sealed).unwrap(), "EAAtoken");
        assert!(other.open(&sealed).is_err());
        for wrong in [&[][..], &[1], &[2; 40], &sealed[..sealed.len() - 1]] {
            assert!(one.open(wrong).is_err());
        }
        assert_ne!(one.verify_token(), other.verify_token());
        assert_ne!(one.fingerprint(), other.fingerprint());
    }
}
