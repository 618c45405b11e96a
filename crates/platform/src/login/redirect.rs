//! Where a login leads: an address that the app has registered, this machine, or the JavaScript SDK's own page.

use super::form::Fields;
use crate::apps::App;
use crate::world_key::WorldKey;
use url::Url;

/// The page of the JavaScript SDK that hands the outcome to the app's window.
pub(super) const ARBITER: &str = "/x/connect/xd_arbiter";

/// Where a login leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// To the app's own address, as it was given.
    App(String),
    /// To the SDK's page, which tells a window of that origin.
    Sdk {
        /// The page's address, as it was given, with the signature that the page needs before it tells anybody.
        page: String,
    },
}

impl Redirect {
    /// What a code is bound to: nothing for the SDK, whose app never sees a redirect.
    pub(super) fn bound_to(&self) -> &str {
        match self {
            Self::App(uri) => uri,
            Self::Sdk { .. } => "",
        }
    }

    /// Reads a `redirect_uri`. `None` if the app may not be reached there. `own` is the address by which the caller came.
    pub(super) fn read(given: &str, app: &App, own: &str, key: &WorldKey) -> Option<Self> {
        let url = Url::parse(given).ok()?;
        if url.path() == ARBITER && is_own(&url, own) {
            let query = Fields::read(url.query().unwrap_or_default().as_bytes());
            let (origin, callback) = (query.text("origin")?, query.text("cb").unwrap_or_default());
            let bare = given.split('#').next().unwrap_or_default();
            let signature = key.arbiter_signature(origin, callback);
            return may_hear(app, origin).then(|| Self::Sdk { page: format!("{bare}&sig={signature}") });
        }
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_registered = app.settings.redirect_uris.iter().any(|known| known == given);
        // Others than browsers read a backslash, a blank or a control character in another way.
        let is_plain = !given.contains(|c: char| c == '\\' || c == ' ' || c.is_control());
        let is_here =
            is_web && is_plain && is_loopback(&url) && url.username().is_empty() && url.password().is_none();
        (is_registered || is_here).then(|| Self::App(given.to_owned()))
    }

    /// The address with what the login has to say: as a query, or behind the `#` where no server sees it. `tail` is what
    /// the two logins put behind the `#` of a query.
    pub(super) fn with(&self, told: &[(&str, String)], in_fragment: bool, tail: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(told);
        let told = query.finish();
        match self {
            Self::Sdk { page } => format!("{page}#{told}"),
            Self::App(uri) => {
                let bare = uri.split('#').next().unwrap_or_default();
                // A header holds ASCII.
                let bare = match Url::parse(bare) {
                    Ok(url) if !bare.is_ascii() => url.into(),
                    _ => bare.to_owned(),
                };
                if in_fragment {
                    return format!("{bare}#{told}");
                }
                let joint = if bare.contains('?') { '&' } else { '?' };
                format!("{bare}{joint}{told}{tail}")
            }
        }
    }
}

/// Whether a page of that origin may get tokens of the app by script: one of this machine, or of a registered address.
pub(super) fn may_hear(app: &App, origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let is_origin = url.origin().ascii_serialization() == origin;
    let is_registered = |known: &String| {
        Url::parse(known).is_ok_and(|known| known.origin().is_tuple() && known.origin() == url.origin())
    };
    is_origin && (is_loopback(&url) || app.settings.redirect_uris.iter().any(is_registered))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn is_own(url: &Url, own: &str) -> bool {
    Url::parse(own).is_ok_and(|own| own.origin() == url.origin())
        || url.host_str() == Some("www.facebook.com")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::AppSettings;

    fn app(redirect_uris: &[&str]) -> App {
        let redirect_uris = redirect_uris.iter().map(|&uri| uri.to_owned()).collect();
        let settings = AppSettings { redirect_uris, ..AppSettings::default() };
        let (name, secret, instagram_secret) = (String::new(), String::new(), String::new());
        App { id: 1, instagram_id: 2, name, settings, roles: Vec::new(), secret, instagram_secret }
    }

    fn key() -> WorldKey {
        WorldKey::new([1; 32])
    }

    const OWN: &str = "http://127.0.0.1:8430";

    #[test]
    fn this_machine_needs_no_registration_and_everything_else_does_to_the_letter() {
        let app = app(&["https://app.example/cb", "myapp://login"]);
        for good in [
            "http://127.0.0.1:3000/cb?x=1",
            "http://localhost/",
            "https://ci.localhost:9/cb",
            "http://[::1]:3000/",
            "https://app.example/cb",
            "myapp://login",
        ] {
            assert_eq!(
                Redirect::read(good, &app, OWN, &key()),
                Some(Redirect::App(good.to_owned())),
                "{good}"
            );
        }
        for wrong in [
            "",
            "/cb",
            "https://app.example/cb/",
            "https://app.example/cb?x=1",
            "https://evil.example/cb",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://user@127.0.0.1/",
            "http://127.0.0.1\\@evil.example/",
            "http://127.0.0.1/a\r\nX: y",
            "http://127.0.0.1/a b",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert_eq!(Redirect::read(wrong, &app, OWN, &key()), None, "{wrong}");
        }
    }

    #[test]
    fn the_sdk_tells_only_origins_of_the_app() {
        let app = app(&["https://app.example/cb"]);
        let page = |origin: &str| format!("{OWN}{ARBITER}?cb=f1&origin={origin}");
        for good in ["http://localhost:3000", "https://app.example"] {
            let Some(Redirect::Sdk { page }) = Redirect::read(&page(good), &app, OWN, &key()) else {
                panic!("{good} is refused");
            };
            assert!(page.ends_with(&format!("&sig={}", key().arbiter_signature(good, "f1"))), "{page}");
        }
        for wrong in ["https://evil.example", "https://app.example/", "null", "*", ""] {
            assert_eq!(Redirect::read(&page(wrong), &app, OWN, &key()), None, "{wrong}");
        }
        // The first origin counts, as it does for the page itself; one with U+0000 in its name is none.
        for twice in ["https://evil.example&origin=http://localhost", "x&ori%00gin=http://localhost"] {
            assert_eq!(Redirect::read(&page(twice), &app, OWN, &key()), None, "{twice}");
        }
        // The same path of another server of this machine is an app's own; of this one under another name, it has no
        // signature, and the page tells nobody.
        for host in ["127.0.0.1:9", "localhost:8430"] {
            let other = format!("http://{host}{ARBITER}?origin=https://evil.example");
            assert_eq!(Redirect::read(&other, &app, OWN, &key()), Some(Redirect::App(other)));
        }
    }

    #[test]
    fn what_is_told_is_added_to_what_is_there() {
        let told = [("code", "a b".to_owned()), ("state", "é&".to_owned())];
        let to = |uri: &str| Redirect::App(uri.to_owned());
        assert_eq!(
            to("http://localhost/cb?x=1").with(&told, false, "#_"),
            "http://localhost/cb?x=1&code=a+b&state=%C3%A9%26#_"
        );
        assert_eq!(
            to("http://localhost/cb").with(&told[..1], false, "#_=_"),
            "http://localhost/cb?code=a+b#_=_"
        );
        assert_eq!(
            to("http://localhost/café").with(&told[..1], false, ""),
            "http://localhost/caf%C3%A9?code=a+b"
        );
        assert_eq!(to("http://localhost/cb#x").with(&told[..1], true, "#_"), "http://localhost/cb#code=a+b");
        let sdk = Redirect::Sdk { page: format!("{OWN}{ARBITER}?cb=1") };
        assert_eq!(sdk.with(&told[..1], false, "#_"), format!("{OWN}{ARBITER}?cb=1#code=a+b"));
    }
}
