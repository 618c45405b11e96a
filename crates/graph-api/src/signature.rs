//! Signatures: over webhook bodies, over tokens (`appsecret_proof`), and over what Meta tells an app of a user
//! (`signed_request`).
//!
//! Webhooks have both headers, the older one too, since receivers in the field still check only that: the same key and the
//! same bytes, the body exactly as it travels (cap: two captured deliveries).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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

/// The `appsecret_proof` of a token: 64 lower-case hex digits (doc: Securing Graph API Requests). With `time`, the seconds
/// of `appsecret_time`, it is the proof of `token|time` (mem).
pub fn appsecret_proof(secret: &str, token: &str, time: Option<&str>) -> String {
    match time {
        None => sign::<Hmac<Sha256>>("", secret, token.as_bytes()),
        Some(time) => sign::<Hmac<Sha256>>("", secret, format!("{token}|{time}").as_bytes()),
    }
}

/// A signed request: `<signature>.<payload>`, both base64url without padding, the signature an HMAC-SHA256 over the
/// written payload (doc: Data Deletion Request Callback).
pub fn signed_request(secret: &str, payload: &serde_json::Value) -> String {
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let signature = bytes(mac_of::<Hmac<Sha256>>(secret), payload.as_bytes());
    format!("{}.{payload}", URL_SAFE_NO_PAD.encode(signature))
}

/// The payload of a signed request, if the secret signed it. Compared in constant time.
pub fn read_signed_request(secret: &str, request: &str) -> Option<serde_json::Value> {
    let (signature, payload) = request.split_once('.')?;
    let given = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let right = bytes(mac_of::<Hmac<Sha256>>(secret), payload.as_bytes());
    let is_right = !right.is_empty() && bool::from(right.ct_eq(&given));
    is_right.then(|| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()).flatten()
}

fn sign<M: Mac + KeyInit>(prefix: &str, secret: &str, body: &[u8]) -> String {
    finish(prefix, mac_of::<M>(secret), body)
}

fn mac_of<M: Mac + KeyInit>(secret: &str) -> Option<M> {
    <M as KeyInit>::new_from_slice(secret.as_bytes()).ok()
}

fn finish<M: Mac>(prefix: &str, mac: Option<M>, body: &[u8]) -> String {
    hex(prefix, &bytes(mac, body))
}

/// HMAC takes keys of every length, so there is no error to pass on: no bytes would never match.
fn bytes<M: Mac>(mac: Option<M>, body: &[u8]) -> Vec<u8> {
    let Some(mut mac) = mac else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
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

    /// Computed with `openssl dgst -sha256 -hmac`.
    #[test]
    fn proofs_of_tokens() {
        assert_eq!(
            appsecret_proof("secret", "token", None),
            "e941110e3d2bfe82621f0e3e1434730d7305d106c5f68c87165d0b27a4611a4a"
        );
        assert_eq!(
            appsecret_proof("secret", "token", Some("1772442000")),
            "8537d45256d16d5509d7549cb1ed1dc2b44f7cd750166512300f3a9eb0503cf8"
        );
    }

    #[test]
    fn signed_requests_read_back_with_their_secret_only() {
        let payload =
            serde_json::json!({"user_id": "1", "algorithm": "HMAC-SHA256", "issued_at": 1_772_442_000});
        let request = signed_request("secret", &payload);
        assert!(!request.contains(['=', '+', '/']), "{request}");
        assert_eq!(read_signed_request("secret", &request), Some(payload));
        assert_eq!(read_signed_request("other", &request), None);
        for wrong in ["", ".", "a.b", &request[1..], &request[..request.len() - 1]] {
            assert_eq!(read_signed_request("secret", wrong), None, "{wrong}");
        }
    }
}
