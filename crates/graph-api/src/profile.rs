//! The messenger profile of an account: ice breakers and the persistent menu (doc: Ice Breakers; Persistent Menu; both
//! variants).

use crate::object::{self, Object};
use crate::{ErrorName, GraphError, Params, Result, limits};
use serde::{Deserialize, Serialize};

/// What a profile consists of. Messenger has more properties (`get_started`, `greeting`, …), Instagram has these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// Questions to begin a conversation with.
    IceBreakers,
    /// The menu that is always there.
    PersistentMenu,
}

impl Property {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::IceBreakers, Self::PersistentMenu];

    /// Its name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IceBreakers => "ice_breakers",
            Self::PersistentMenu => "persistent_menu",
        }
    }

    /// Reads `fields`: a list of names, as JSON or with commas. It must be there.
    pub fn read_fields(params: &Params) -> Result<Vec<Self>> {
        let names = params.words("fields")?.filter(|names| !names.is_empty());
        let names = names.ok_or_else(|| GraphError::required("fields"))?;
        let mut properties = Vec::with_capacity(Self::ALL.len());
        for (at, name) in names.iter().enumerate() {
            let property = Self::ALL.iter().find(|property| property.name() == name).ok_or_else(|| {
                let known = "ice_breakers, persistent_menu";
                GraphError::with(ErrorName::ParameterNotOneOf, [&format!("fields[{at}]"), known, name])
            })?;
            if !properties.contains(property) {
                properties.push(*property);
            }
        }
        Ok(properties)
    }
}

/// What is shown to people whose app speaks a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localized<T> {
    /// The questions or items.
    pub call_to_actions: Vec<T>,
    /// `default`, or a language and a country such as `en_GB`.
    pub locale: String,
}

/// The entry that `default` people see.
const DEFAULT: &str = "default";

/// What a person with that locale sees: their own entry, else the default one.
pub fn for_locale<'a, T>(all: &'a [Localized<T>], locale: &str) -> &'a [T] {
    let entry = |wanted: &str| all.iter().find(|entry| entry.locale == wanted);
    entry(locale).or_else(|| entry(DEFAULT)).map_or(&[], |entry| &entry.call_to_actions)
}

/// An ice breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What the person asks by the tap.
    pub question: String,
    /// What the event of the tap carries.
    pub payload: String,
}

/// An item of the menu. The members stand in the documented order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MenuItem {
    /// Sends a postback.
    Postback {
        /// What stands on it.
        title: String,
        /// What the event carries.
        payload: String,
    },
    /// Opens a page.
    WebUrl {
        /// What stands on it.
        title: String,
        /// The page's address.
        url: String,
    },
}

/// What a request sets; `None`: it does not speak of the property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The ice breakers.
    pub ice_breakers: Option<Vec<Localized<Question>>>,
    /// The menu.
    pub persistent_menu: Option<Vec<Localized<MenuItem>>>,
}

/// Messenger's properties, which Instagram does not have (doc: Messenger Profile API).
const OF_MESSENGER: &[&str] = &[
    "account_linking_url",
    "commands",
    "get_started",
    "greeting",
    "home_url",
    "payment_settings",
    "target_audience",
    "whitelisted_domains",
];

impl ProfileChange {
    /// Reads and checks what a request sets. Nothing is set unless all of it is right.
    pub fn read(params: &Params) -> Result<Self> {
        if let Some(name) = OF_MESSENGER.iter().find(|name| params.has(name)) {
            return Err(GraphError::invalid(
                name,
                "left out: Instagram has ice_breakers and persistent_menu",
            ));
        }
        let change = Self { ice_breakers: ice_breakers(params)?, persistent_menu: menu(params)? };
        match change == Self::default() {
            true => Err(GraphError::required("ice_breakers").explain("Or persistent_menu, or both.")),
            false => Ok(change),
        }
    }
}

/// Ice breakers in their current shape, a list for each locale, or in the older one, which is one list.
fn ice_breakers(params: &Params) -> Result<Option<Vec<Localized<Question>>>> {
    const NAME: &str = "ice_breakers";
    enum Entry {
        Localized(Localized<Question>),
        Flat(Question),
    }
    let entries = object::parameter(params, NAME, |entry| {
        if entry.raw("question").is_some() {
            return Ok(Entry::Flat(question(entry)?));
        }
        entry.only(&["call_to_actions", "locale"])?;
        let call_to_actions = entry.required_list("call_to_actions", question)?;
        few(call_to_actions.len(), limits::ICE_BREAKERS)?;
        Ok(Entry::Localized(Localized { call_to_actions, locale: locale(entry)? }))
    })?;
    let Some(entries) = entries else { return Ok(None) };
    let (mut localized, mut flat) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Localized(entry) => localized.push(entry),
            Entry::Flat(question) => flat.push(question),
        }
    }
    // Doc: a request has one shape or the other.
    match (localized.is_empty(), flat.is_empty()) {
        (false, false) => Err(GraphError::invalid(NAME, "in one format: questions, or call_to_actions")),
        (true, _) => {
            few(flat.len(), limits::ICE_BREAKERS)?;
            Ok(Some(vec![Localized { call_to_actions: flat, locale: DEFAULT.to_owned() }]))
        }
        (false, true) => with_default(localized, NAME).map(Some),
    }
}

fn question(object: &Object<'_>) -> Result<Question> {
    object.only(&["question", "payload"])?;
    Ok(Question {
        question: text(object, "question", limits::ICE_BREAKER_QUESTION)?,
        payload: text(object, "payload", limits::PAYLOAD)?,
    })
}

/// The menu, a list for each locale. What Messenger knows besides is not available on Instagram and left out (doc:
/// `composer_input_disabled`, `webview_height_ratio`).
fn menu(params: &Params) -> Result<Option<Vec<Localized<MenuItem>>>> {
    const NAME: &str = "persistent_menu";
    let entries = object::parameter(params, NAME, |entry| {
        entry.only(&["call_to_actions", "locale", "composer_input_disabled", "disabled_surfaces"])?;
        let call_to_actions = entry.required_list("call_to_actions", item)?;
        few(call_to_actions.len(), limits::MENU_ITEMS)?;
        Ok(Localized { call_to_actions, locale: locale(entry)? })
    })?;
    entries.map(|entries| with_default(entries, NAME)).transpose()
}

fn item(object: &Object<'_>) -> Result<MenuItem> {
    match object.required("type")?.as_ref() {
        "postback" => {
            object.only(&["type", "title", "payload"])?;
            let title = text(object, "title", limits::MENU_TITLE)?;
            Ok(MenuItem::Postback { title, payload: text(object, "payload", limits::PAYLOAD)? })
        }
        "web_url" => {
            object.only(&[
                "type",
                "title",
                "url",
                "webview_height_ratio",
                "messenger_extensions",
                "fallback_url",
                "webview_share_button",
            ])?;
            let title = text(object, "title", limits::MENU_TITLE)?;
            let url = object.required("url")?;
            match limits::is_web_address(&url) {
                true => Ok(MenuItem::WebUrl { title, url: url.into_owned() }),
                false => Err(GraphError::with(ErrorName::NotAnAddress, [&object.path("url")])),
            }
        }
        "nested" => Err(GraphError::new(ErrorName::NestedMenu)),
        other => Err(GraphError::with(
            ErrorName::ParameterNotOneOf,
            [&object.path("type"), "postback, web_url", other],
        )),
    }
}

fn few(count: usize, most: usize) -> Result<()> {
    if count <= most { Ok(()) } else { Err(GraphError::new(ErrorName::TooManyCallToActions)) }
}

/// A text that must be there, not blank, and not too long.
fn text(object: &Object<'_>, key: &str, most: usize) -> Result<String> {
    let text = object.required(key)?;
    let path = object.path(key);
    if text.trim().is_empty() {
        return Err(GraphError::with(ErrorName::ParameterEmpty, [&path]));
    }
    object::length(&text, most, &path)?;
    Ok(text.into_owned())
}

/// `locale`: without one, it is the default (the page of the Instagram host leaves it out where there is one locale).
fn locale(object: &Object<'_>) -> Result<String> {
    let Some(locale) = object.text("locale")? else { return Ok(DEFAULT.to_owned()) };
    match &*locale == DEFAULT || is_locale(&locale) {
        true => Ok(locale.into_owned()),
        false => Err(GraphError::invalid(&object.path("locale"), "a supported locale, such as en_GB")),
    }
}

/// Whether a text has the form of Meta's locales: two or three small letters, two capitals (`en_GB`). The list of those
/// that are supported is not checked.
pub fn is_locale(text: &str) -> bool {
    text.split_once('_').is_some_and(|(language, country)| {
        matches!(language.len(), 2 | 3)
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && country.len() == 2
            && country.bytes().all(|b| b.is_ascii_uppercase())
    })
}

/// The list, if it has the default locale (doc: required) and each locale once. The texts are unconfirmed.
fn with_default<T>(entries: Vec<Localized<T>>, name: &str) -> Result<Vec<Localized<T>>> {
    for (at, entry) in entries.iter().enumerate() {
        if entries[..at].iter().any(|before| before.locale == entry.locale) {
            let path = format!("{name}[{at}][locale]");
            return Err(GraphError::invalid(&path, "a locale that does not stand in the list already"));
        }
    }
    match entries.iter().any(|entry| entry.locale == DEFAULT) {
        true => Ok(entries),
        false => Err(GraphError::invalid(name, "a list with the locale default in it")),
    }
}

#[cfg(test)]
mod tests;
