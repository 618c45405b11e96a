//! Credentials: a key's id and secret, or a token that the key signed (spec; run).

use crate::{ApiError, Result};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// How far a key reaches. Its id's prefix tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `act_`: all apps.
    Account,
    /// `app_`: one app.
    App,
    /// `int_`: one custom integration of an app.
    Integration,
}

impl Scope {
    /// By name, as in a token's payload.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "account" => Some(Self::Account),
            "app" => Some(Self::App),
            "integration" => Some(Self::Integration),
            _ => None,
        }
    }
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::App => "app",
            Self::Integration => "integration",
        }
    }
    /// What keys' ids begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Account => "act_",
            Self::App => "app_",
            Self::Integration => "int_",
        }
    }
}

/// What `Authorization` holds; the key is still to be found.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Basic: the key's id and secret.
    Basic {
        /// The key's id.
        key_id: String,
        /// The secret that was given.
        secret: String,
    },
    /// Bearer: a signed token.
    Token(Token),
}

/// A token as it came, its signature not yet checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The key that is said to have signed it.
    pub key_id: String,
    /// `scope`.
    pub scope: Scope,
    /// `exp`, in seconds, if there is one.
    pub expires: Option<i64>,
    signed: String,
    signature: Vec<u8>,
}

impl Credentials {
    /// Reads the header. 401 for everything that is not well formed.
    pub fn read(header: Option<&str>) -> Result<Self> {
        let header = header.ok_or_else(ApiError::unauthorized)?;
        let (kind, rest) = header.split_once(' ').ok_or_else(ApiError::unauthorized)?;
        let read = match kind.to_ascii_lowercase().as_str() {
            "basic" => basic(rest.trim()),
            "bearer" => token(rest.trim()).map(Self::Token),
            _ => None,
        };
        read.ok_or_else(ApiError::unauthorized)
    }

    /// The key that they are said to be of.
    pub fn key_id(&self) -> &str {
        match self {
            Self::Basic { key_id, .. } => key_id,
            Self::Token(token) => &token.key_id,
        }
    }

    /// Whether they are good for a key of that secret and scope, at `now` in seconds. Compared in constant time.
    pub fn are_of(&self, secret: &str, scope: Scope, now: i64) -> bool {
        match self {
            Self::Basic { secret: given, .. } => given.as_bytes().ct_eq(secret.as_bytes()).into(),
            Self::Token(token) => {
                let mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret.as_bytes());
                let is_signed = mac.is_ok_and(|mut mac| {
                    mac.update(token.signed.as_bytes());
                    let right = mac.finalize().into_bytes();
                    bool::from(right.as_slice().ct_eq(&token.signature))
                });
                is_signed && token.scope == scope && token.expires.is_none_or(|at| now < at)
            }
        }
    }
}

fn basic(text: &str) -> Option<Credentials> {
    let decoded = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let (key_id, secret) = decoded.split_once(':')?;
    Some(Credentials::Basic { key_id: key_id.to_owned(), secret: secret.to_owned() })
}

/// HS256 only: an unsigned token is none.
fn token(text: &str) -> Option<Token> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let json = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (header, payload) = (json(header)?, json(payload)?);
    if header.get("alg")?.as_str()? != "HS256" {
        return None;
    }
    let expires = match payload.get("exp") {
        None | Some(Value::Null) => None,
        Some(at) => Some(at.as_f64()? as i64),
    };
    Some(Token {
        key_id: header.get("kid")?.as_str()?.to_owned(),
        scope: Scope::parse(payload.get("scope")?.as_str()?)?,
        expires,
        signed: signed.to_owned(),
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
    })
}

/// A token, signed by a key: for those who call the API.
pub fn sign(key_id: &str, secret: &str, payload: &Value) -> String {
    let header = serde_json::json!({ "alg": "HS256", "typ": "JWT", "kid": key_id });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(payload));
    // HMAC takes keys of every length.
    let signature = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret.as_bytes()).map(|mut mac| {
        mac.update(signed.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    });
    format!("{signed}.{}", signature.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(header: &str) -> Option<Credentials> {
        Credentials::read(Some(header)).ok()
    }

    #[test]
    fn basic_and_tokens_are_read_and_checked() {
        let basic = read(&format!("Basic {}", STANDARD.encode("app_1:s:1"))).unwrap();
        assert_eq!(basic.key_id(), "app_1");
        assert!(basic.are_of("s:1", Scope::App, 0) && !basic.are_of("s", Scope::App, 0));

        let token = |payload: Value| read(&format!("Bearer {}", sign("app_1", "s", &payload)));
        let good = token(json!({"scope": "app"})).unwrap();
        assert_eq!(good.key_id(), "app_1");
        assert!(good.are_of("s", Scope::App, 0));
        assert!(!good.are_of("other", Scope::App, 0), "signed by another");
        assert!(!good.are_of("s", Scope::Integration, 0), "another scope");
        let ends = token(json!({"scope": "app", "exp": 100})).unwrap();
        assert!(ends.are_of("s", Scope::App, 99) && !ends.are_of("s", Scope::App, 100));
        assert!(token(json!({"scope": "user"})).is_none(), "scope of the SDKs");
        assert!(token(json!({})).is_none());
    }

    #[test]
    fn what_is_unsigned_or_malformed_is_refused() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let unsigned =
            format!("{}.{}.", part(json!({"alg": "none", "kid": "app_1"})), part(json!({"scope": "app"})));
        for header in [
            format!("Bearer {unsigned}"),
            "Bearer x".to_owned(),
            "Basic x".to_owned(),
            "Basic".to_owned(),
            format!("Digest {}", STANDARD.encode("a:b")),
        ] {
            assert!(read(&header).is_none(), "{header}");
        }
        assert_eq!(Credentials::read(None).err(), Some(ApiError::unauthorized()));
    }
}
