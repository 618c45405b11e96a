//! Who a browser is signed in as: a cookie that the world's key signs. There are no passwords: whoever may use the sandbox
//! may be any of its test users.

use super::Visit;
use crate::world_key::WorldKey;
use clock::Chance;
use graph_api::signature::hex;
use http::header::{COOKIE, HeaderMap, HeaderValue};
use subtle::ConstantTimeEq;

/// The cookie's name: cookies know no ports, and two sandboxes of one machine must not take each other's.
fn cookie_name(key: &WorldKey) -> String {
    format!("posthaste_session_{}", &key.fingerprint()[..8])
}

/// A browser's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    /// Its name: unpredictable, and what forms are bound to.
    name: String,
    /// The Facebook user.
    pub facebook: Option<i64>,
    /// The number of the Instagram user.
    pub instagram: Option<i64>,
    /// The sandbox's token was shown.
    pub unlocked: bool,
    /// What stands for that token in the cookie; nothing if the sandbox needs none.
    mark: String,
}

impl Session {
    /// The session of a request, or a new one.
    pub(super) fn of(headers: &HeaderMap, key: &WorldKey, chance: &dyn Chance, lock: Option<&str>) -> Self {
        let mark = lock.map(|token| key.session_signature(token)).unwrap_or_default();
        Self::shown(headers, key, &mark).unwrap_or_else(|| {
            let mut name = [0; 16];
            chance.fill(&mut name);
            Self { name: hex("", &name), facebook: None, instagram: None, unlocked: false, mark }
        })
    }

    fn shown(headers: &HeaderMap, key: &WorldKey, mark: &str) -> Option<Self> {
        let own_name = cookie_name(key);
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find_map(|(name, value)| {
            if name != own_name {
                return None;
            }
            let (session, signature) = value.rsplit_once('.')?;
            let right = key.session_signature(session);
            if !bool::from(right.as_bytes().ct_eq(signature.as_bytes())) {
                return None;
            }
            let mut parts = session.split('.');
            let mut next = || parts.next();
            let name = next()?.to_owned();
            let number = |part: &str| part.parse::<i64>().ok().filter(|number| *number > 0);
            Some(Self {
                name,
                facebook: number(next()?),
                instagram: number(next()?),
                // Another token than the one that was shown locks it again.
                unlocked: next()? == mark && !mark.is_empty(),
                mark: mark.to_owned(),
            })
        })
    }

    /// The `Set-Cookie` header that keeps it: for this site only, and not for scripts.
    pub(super) fn cookie(&self, key: &WorldKey) -> Option<HeaderValue> {
        let session = format!(
            "{}.{}.{}.{}",
            self.name,
            self.facebook.unwrap_or_default(),
            self.instagram.unwrap_or_default(),
            if self.unlocked { self.mark.as_str() } else { "" }
        );
        let signature = key.session_signature(&session);
        let name = cookie_name(key);
        let cookie = format!("{name}={session}.{signature}; Path=/; HttpOnly; SameSite=Lax");
        HeaderValue::from_str(&cookie).ok()
    }

    /// What a form must bring back, so that no other site can send it.
    pub(super) fn form_token(&self, key: &WorldKey) -> String {
        key.form_token(&self.name)
    }

    /// Whether a form comes from a page of this session.
    pub(super) fn sent(&self, visit: &Visit<'_>) -> bool {
        let right = self.form_token(&visit.platform.key);
        let given = visit.form.text("csrf").unwrap_or_default();
        bool::from(right.as_bytes().ct_eq(given.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clock::SeededChance;

    #[test]
    fn a_session_reads_back_and_no_forged_one_does() {
        let (key, chance) = (WorldKey::new([1; 32]), SeededChance::new(1));
        let lock = Some("sesame");
        let mut session = Session::of(&HeaderMap::new(), &key, &chance, lock);
        session.facebook = Some(120_000_000_000_001);
        session.unlocked = true;
        let cookie = session.cookie(&key).unwrap();
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
            headers
        };
        assert_eq!(Session::of(&headers(&format!("a=b; {cookie}")), &key, &chance, lock), session);
        let relocked = Session::of(&headers(&cookie), &key, &chance, Some("another"));
        assert_eq!((relocked.facebook, relocked.unlocked), (session.facebook, false));
        let forged = cookie.replace("120000000000001", "120000000000002");
        assert_eq!(Session::of(&headers(&forged), &key, &chance, lock).facebook, None);
        let other = WorldKey::new([2; 32]);
        assert_eq!(Session::of(&headers(&cookie), &other, &chance, lock).facebook, None);
        // Two browsers cannot send each other's forms.
        let second = Session::of(&HeaderMap::new(), &key, &chance, lock);
        assert_ne!(session.form_token(&key), second.form_token(&key));
    }
}
