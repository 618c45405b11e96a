//! A person with a browser, in a scenario.

use super::pattern::differs;
use super::run::Run;
use super::{BrowseStep, FormStep, LoginStep};
use crate::Call;
use crate::browser::{Browser, Login, Page};
use serde_json::{Map, Value, json};

impl Run {
    pub(super) async fn browse(&mut self, step: &BrowseStep) -> Result<(), String> {
        let path = self.fill(&step.browse);
        let page = {
            let mut browser = Browser::over(|method, path| self.browsed(method, path));
            match &step.login {
                Some(login) => browser.log_in(&path, &self.login(login)).await,
                None => self.fill_in(&mut browser, &path, &step.forms).await?,
            }
        };
        let seen = seen(&page);
        let pattern = self.pattern(&step.leads, None);
        if let Some(why) = differs(&pattern, &seen, "leads") {
            return Err(format!("{path}: {why}\n{seen}"));
        }
        self.keep(&step.capture, seen.to_string().as_bytes())
    }

    fn browsed(&self, method: &str, path: &str) -> Call {
        self.call(method, path).expect("a browser knows its methods")
    }

    fn login(&self, step: &LoginStep) -> Login {
        let user = self.fill(&step.user);
        let mut login = if step.denies { Login::deny(&user) } else { Login::allow(&user) };
        login.untick = step.without.iter().map(|name| self.fill(name)).collect();
        login.connect = step.connects.as_deref().map(|name| self.fill(name));
        login
    }

    async fn fill_in(
        &self,
        browser: &mut Browser<'_>,
        path: &str,
        forms: &[FormStep],
    ) -> Result<Page, String> {
        let mut page = browser.open(path).await;
        for step in forms {
            let text = |value: &Value| self.fill(value.as_str().unwrap_or_default());
            let mut found = page.forms.iter().filter(|form| {
                step.form.iter().all(|(name, value)| form.value(name) == Some(text(value).as_str()))
            });
            let form = found.next().ok_or_else(|| format!("{path}: no form has {:?}", step.form))?;
            let mut form = form.clone();
            for (name, value) in &step.fill {
                form.set(name, &text(value));
            }
            page = browser.press(&form, &step.press).await;
        }
        Ok(page)
    }
}

/// What a person sees of it.
fn seen(page: &Page) -> Value {
    let location = page.location().unwrap_or_default();
    let (address, fragment) = location.split_once('#').unwrap_or((&location, ""));
    let (to, query) = address.split_once('?').unwrap_or((address, ""));
    let pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(fragment.as_bytes()));
    // What both logins put behind the `#` is no parameter.
    let told: Map<String, Value> = pairs
        .filter(|(name, value)| !(name.starts_with('_') && value.trim_matches('_').is_empty()))
        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
        .collect();
    json!({ "status": page.answer.status, "to": to, "told": told, "text": page.text() })
}
