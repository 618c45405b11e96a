//! Signatures over webhook bodies.
//!
//! Both headers are there, the older one too, since receivers in the field still check only that: the same key and the
//! same bytes, the body exactly as it travels (cap: two captured deliveries).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The header with the HMAC-SHA256.
pub const SHA256_HEADER: &str = "x-hub-signature-256";
/// The header with the HMAC-SHA1.
pub const SHA1_HEADER: &str = "x-hub-signature";

/// `sha256=<64 lower-case hex digits>`.
pub fn sha256(secret: &str, body: &[u8]) -> String {
    sign::<Hmac<Sha256>>("sha256=", secret, body)
}

/// `sha1=<40 lower-case hex digits>`.
pub fn sha1(secret: &str, body: &[u8]) -> String {
    sign::<Hmac<Sha1>>("sha1=", secret, body)
}

/// Signs many bodies with one secret: what follows from the secret alone is reckoned once.
#[derive(Clone)]
pub struct Signer {
    sha1: Option<Hmac<Sha1>>,
    sha256: Option<Hmac<Sha256>>,
}

impl Signer {
    /// One for that secret.
    pub fn new(secret: &str) -> Self {
        // HMAC takes keys of every length, so neither is ever missing.
        let secret = secret.as_bytes();
        Self {
            sha1: <Hmac<Sha1> as KeyInit>::new_from_slice(secret).ok(),
            sha256: <Hmac<Sha256> as KeyInit>::new_from_slice(secret).ok(),
        }
    }

    /// As [`sha1()`].
    pub fn sha1(&self, body: &[u8]) -> String {
        finish("sha1=", self.sha1.clone(), body)
    }

    /// As [`sha256`].
    pub fn sha256(&self, body: &[u8]) -> String {
        finish("sha256=", self.sha256.clone(), body)
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// Whether `header` is the SHA-256 signature of `body`, compared in constant time.
pub fn verify(secret: &str, body: &[u8], header: &str) -> bool {
    sha256(secret, body).as_bytes().ct_eq(header.as_bytes()).into()
}

fn sign<M: Mac + KeyInit>(prefix: &str, secret: &str, body: &[u8]) -> String {
    finish(prefix, <M as KeyInit>::new_from_slice(secret.as_bytes()).ok(), body)
}

/// HMAC takes keys of every length, so there is no error to pass on: an empty text would never match.
fn finish<M: Mac>(prefix: &str, mac: Option<M>, body: &[u8]) -> String {
    let Some(mut mac) = mac else { return String::new() };
    mac.update(body);
    hex(prefix, &mac.finalize().into_bytes())
}

/// `prefix` followed by the bytes in lower-case hex.
pub fn hex(prefix: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(prefix.len() + bytes.len() * 2);
    out.push_str(prefix);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of the webhook reference, section 4.1.
    #[test]
    fn the_published_vector() {
        let body = br#"{"object":"instagram","entry":[{"time":1762021299932,"id":"17841400000000001","messaging":[{"sender":{"id":"1000000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1762020315339,"message":{"mid":"MID_1","text":"caf\u00e9 \ud83d\udc51 a\/b"}}]}]}"#;
        assert_eq!(body.len(), 259);
        let signed = sha256("test-app-secret", body);
        assert_eq!(signed, "sha256=8352374bd7864ec290e6354977f0eb82031da702733760d2bf81cf873569d845");
        assert_eq!(sha1("test-app-secret", body), "sha1=142bb68321ffe8f558316b36126e790d706967cb");
        let signer = Signer::new("test-app-secret");
        for _ in 0..2 {
            assert_eq!(
                (signer.sha1(body), signer.sha256(body)),
                (sha1("test-app-secret", body), signed.clone())
            );
        }
        assert!(verify("test-app-secret", body, &signed));
        assert!(!verify("test-app-secret", &body[1..], &signed));
        assert!(!verify("other", body, &signed));
        assert!(!verify("test-app-secret", body, ""));
    }
}
