//! A browser for the login pages: it keeps cookies, reads forms and sends them, and follows no redirect.

mod html;

use crate::{Answer, Call, Sandbox};
pub use html::Form;
use std::collections::BTreeMap;

/// Begins a call: method and path.
type Calling<'a> = dyn Fn(&str, &str) -> Call + Send + Sync + 'a;

/// A browser of its own: nobody is signed in at first.
pub struct Browser<'a> {
    call: Box<Calling<'a>>,
    host: Option<String>,
    cookies: BTreeMap<String, String>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The answer.
    pub answer: Answer,
    /// Its forms.
    pub forms: Vec<Form>,
}

impl Page {
    /// Where the page sends the browser, if it does.
    pub fn location(&self) -> Option<String> {
        Some(self.answer.header("location").to_owned()).filter(|to| !to.is_empty())
    }

    /// What it says, without its tags.
    pub fn text(&self) -> String {
        html::text(&self.answer.text())
    }

    /// The form for a step.
    pub fn form(&self, step: &str) -> Option<Form> {
        self.forms.iter().find(|form| form.value("step") == Some(step)).cloned()
    }
}

/// How a person goes through a login.
#[derive(Clone, Debug)]
pub struct Login {
    /// As whom: a username, or a Facebook user's id or name.
    pub user: String,
    /// What kind a personal account becomes: `business` or `creator`.
    pub kind: String,
    /// An Instagram user who is connected to a new page on the way.
    pub connect: Option<String>,
    /// What is unticked: permissions, and ids of pages and accounts.
    pub untick: Vec<String>,
    /// The button at the end: `allow` or `deny`.
    pub answer: String,
}

impl Login {
    /// Somebody who allows everything.
    pub fn allow(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            kind: "business".to_owned(),
            connect: None,
            untick: Vec::new(),
            answer: "allow".to_owned(),
        }
    }

    /// Somebody who cancels.
    pub fn deny(user: &str) -> Self {
        Self { answer: "deny".to_owned(), ..Self::allow(user) }
    }

    /// Somebody who leaves something out.
    #[must_use]
    pub fn without(mut self, unticked: &[&str]) -> Self {
        self.untick.extend(unticked.iter().map(|&name| name.to_owned()));
        self
    }

    /// Somebody who connects an Instagram account on the way.
    #[must_use]
    pub fn connecting(mut self, username: &str) -> Self {
        self.connect = Some(username.to_owned());
        self
    }
}

impl<'a> Browser<'a> {
    /// A browser of a sandbox in this process.
    pub fn new(sandbox: &'a Sandbox) -> Self {
        Self::over(move |method, path| sandbox.call(method, path))
    }

    /// A browser whose requests are made by `call`, of method and path.
    pub fn over(call: impl Fn(&str, &str) -> Call + Send + Sync + 'a) -> Self {
        Self { call: Box::new(call), host: None, cookies: BTreeMap::new() }
    }

    /// Has it name that host.
    #[must_use]
    pub fn at(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// The cookies that it sends.
    pub fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Opens a page.
    pub async fn open(&mut self, path: &str) -> Page {
        let call = (self.call)("GET", path);
        self.send(call).await
    }

    /// Sends a form by pressing the button with that value.
    pub async fn press(&mut self, form: &Form, value: &str) -> Page {
        let button = form.buttons.iter().find(|(_, known)| known == value);
        let (name, value) = button.unwrap_or_else(|| panic!("the form has no button {value}: {form:?}"));
        let call = (self.call)("POST", &form.action).form(&form.encode(Some((name, value))));
        self.send(call).await
    }

    async fn send(&mut self, mut call: Call) -> Page {
        if let Some(host) = &self.host {
            call = call.host(host);
        }
        if !self.cookies.is_empty() {
            call = call.header("cookie", &self.cookie());
        }
        let answer = call.send().await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap_or_default();
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let forms = html::forms(&answer.text());
        Page { answer, forms }
    }

    /// Goes through a login that begins at `path`, until it leads back to the app or ends at a page without a way on.
    ///
    /// # Panics
    /// If something to untick was never there.
    pub async fn log_in(&mut self, path: &str, login: &Login) -> Page {
        let mut page = self.open(path).await;
        let (mut connect, mut untick) = (login.connect.clone(), login.untick.clone());
        for _ in 0..10 {
            if page.location().is_some() {
                assert!(untick.is_empty(), "the login never offered {untick:?}");
                return page;
            }
            page = if let Some(mut form) = page.form("choose") {
                let value = form.option("user", &login.user).map(str::to_owned);
                form.set("user", &value.unwrap_or_else(|| login.user.clone()));
                self.press(&form, "choose").await
            } else if let Some(mut form) = page.form("convert") {
                form.set("kind", &login.kind);
                self.press(&form, "convert").await
            } else if let Some(mut form) = page.form("connect") {
                match connect.take() {
                    Some(username) => {
                        form.set("instagram", &username);
                        form.set("kind", &login.kind);
                        self.press(&form, "connect").await
                    }
                    None => match page.form("skip") {
                        Some(form) => self.press(&form, "go").await,
                        None => return page,
                    },
                }
            } else if let Some(mut form) = page.form("decide") {
                match page.form("more").filter(|_| connect.is_some()) {
                    Some(form) => self.press(&form, "go").await,
                    None => {
                        untick.retain(|value| !form.untick(value));
                        self.press(&form, &login.answer).await
                    }
                }
            } else {
                return page;
            };
        }
        page
    }
}

/// A member of an address's query, or of what stands behind its `#`.
pub fn told(location: &str, name: &str) -> Option<String> {
    let (address, fragment) = location.split_once('#').unwrap_or((location, ""));
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(fragment.as_bytes()));
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}
