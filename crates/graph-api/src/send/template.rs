//! Templates (doc: Generic Template, Button Template, Product Template of Instagram Messaging).

use crate::object::Object;
use crate::{ErrorName, GraphError, Result, limits};
use serde::{Deserialize, Serialize};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template_type", rename_all = "snake_case")]
pub enum Template {
    /// Cards to swipe through.
    Generic {
        /// The cards, 1 to 10.
        elements: Vec<Element>,
    },
    /// A text with buttons.
    Button {
        /// The text, up to 640 characters.
        text: String,
        /// The buttons, 1 to 3.
        buttons: Vec<Button>,
    },
    /// Products of a catalogue.
    Product {
        /// Their ids, 1 to 10.
        elements: Vec<String>,
    },
}

/// A card of a generic template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Up to 80 characters.
    pub title: String,
    /// Up to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// What a tap on the card opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_action: Option<DefaultAction>,
    /// Up to 3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

/// A button without a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DefaultAction {
    /// Opens a page.
    WebUrl {
        /// Its address.
        url: String,
    },
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Button {
    /// Opens a page.
    WebUrl {
        /// Its address.
        url: String,
        /// Up to 20 characters.
        title: String,
    },
    /// Sends a `messaging_postbacks` event.
    Postback {
        /// Up to 20 characters.
        title: String,
        /// What the event carries, up to 1000 characters.
        payload: String,
    },
}

impl Button {
    /// What stands on it.
    pub fn title(&self) -> &str {
        match self {
            Self::WebUrl { title, .. } | Self::Postback { title, .. } => title,
        }
    }
}

/// The validator does not know under which parameter a template stands and says so (rep: botman 694, botkit 1672).
const PLACEHOLDER: &str = "name_placeholder";

impl Template {
    /// Reads the payload of an attachment of the type `template`.
    pub(super) fn read(payload: &Object<'_>) -> Result<Self> {
        let kind = payload.required("template_type")?;
        let known = payload.members_as(PLACEHOLDER);
        match kind.as_ref() {
            "generic" => Ok(Self::Generic { elements: known.required_list("elements", element)? }),
            "button" => Ok(Self::Button {
                text: known.required("text")?.into_owned(),
                buttons: known.required_list("buttons", button)?,
            }),
            "product" => Ok(Self::Product {
                elements: known
                    .required_list("elements", |product| product.required("id").map(String::from))?,
            }),
            other => Err(GraphError::with(
                ErrorName::ParameterNotOneOf,
                [&payload.path("template_type"), "generic, button, product", other],
            )),
        }
    }

    /// The limits of the content.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Generic { elements } => {
                count(elements.len(), limits::TEMPLATE_ELEMENTS, "[elements]")?;
                elements.iter().enumerate().try_for_each(|(at, element)| element.check(at))
            }
            Self::Button { text, buttons } => {
                if text.trim().is_empty() {
                    return Err(GraphError::with(
                        ErrorName::ParameterEmpty,
                        [&format!("{PLACEHOLDER}[text]")],
                    ));
                }
                length(text, limits::BUTTON_TEMPLATE_TEXT, "[text]")?;
                check_buttons(buttons, "")
            }
            Self::Product { elements } => {
                count(elements.len(), limits::TEMPLATE_ELEMENTS, "[elements]")?;
                // A catalogue is not part of this platform, so no id is one of a product.
                Err(GraphError::new(ErrorName::ProductUnknown)
                    .explain("There is no product catalogue here: every product id is unknown."))
            }
        }
    }
}

impl Element {
    fn check(&self, at: usize) -> Result<()> {
        let path = format!("[elements][{at}]");
        if self.title.trim().is_empty() {
            return Err(GraphError::with(
                ErrorName::ParameterEmpty,
                [&format!("{PLACEHOLDER}{path}[title]")],
            ));
        }
        length(&self.title, limits::ELEMENT_TITLE, &format!("{path}[title]"))?;
        if let Some(subtitle) = &self.subtitle {
            length(subtitle, limits::ELEMENT_TITLE, &format!("{path}[subtitle]"))?;
        }
        if let Some(url) = &self.image_url {
            web_address(url, &format!("{path}[image_url]"))?;
        }
        if let Some(DefaultAction::WebUrl { url }) = &self.default_action {
            web_address(url, &format!("{path}[default_action][url]"))?;
        }
        if !self.buttons.is_empty() {
            check_buttons(&self.buttons, &path)?;
        }
        // Doc: besides the title at least one other property.
        let has_more = self.subtitle.is_some()
            || self.image_url.is_some()
            || self.default_action.is_some()
            || !self.buttons.is_empty();
        if has_more { Ok(()) } else { Err(GraphError::new(ErrorName::MessageInvalid)) }
    }
}

fn element(object: &Object<'_>) -> Result<Element> {
    let action = match object.object("default_action")? {
        None => None,
        Some((path, members)) => Some(default_action(&Object::new(path, &members))?),
    };
    let own = |text: Option<std::borrow::Cow<'_, str>>| text.map(String::from);
    Ok(Element {
        title: object.required("title")?.into_owned(),
        subtitle: own(object.text("subtitle")?),
        image_url: own(object.text("image_url")?.filter(|url| !url.is_empty())),
        default_action: action,
        buttons: object.list("buttons", button)?.unwrap_or_default(),
    })
}

fn default_action(object: &Object<'_>) -> Result<DefaultAction> {
    let kind = object.required("type")?;
    if kind != "web_url" {
        return Err(GraphError::with(ErrorName::ParameterNotOneOf, [&object.path("type"), "web_url", &kind]));
    }
    Ok(DefaultAction::WebUrl { url: object.required("url")?.into_owned() })
}

/// What Messenger knows besides (`messenger_extensions`, `webview_height_ratio`, `fallback_url`) is left out.
fn button(object: &Object<'_>) -> Result<Button> {
    match object.required("type")?.as_ref() {
        "web_url" => Ok(Button::WebUrl {
            url: object.required("url")?.into_owned(),
            title: object.required("title")?.into_owned(),
        }),
        "postback" => Ok(Button::Postback {
            title: object.required("title")?.into_owned(),
            payload: object.required("payload")?.into_owned(),
        }),
        other => Err(GraphError::with(
            ErrorName::ParameterNotOneOf,
            [&object.path("type"), "web_url, postback", other],
        )),
    }
}

fn check_buttons(buttons: &[Button], of: &str) -> Result<()> {
    count(buttons.len(), limits::BUTTONS, &format!("{of}[buttons]"))?;
    for (at, button) in buttons.iter().enumerate() {
        let path = format!("{of}[buttons][{at}]");
        if button.title().trim().is_empty() {
            return Err(GraphError::with(
                ErrorName::ParameterEmpty,
                [&format!("{PLACEHOLDER}{path}[title]")],
            ));
        }
        length(button.title(), limits::BUTTON_TITLE, &format!("{path}[title]"))?;
        match button {
            Button::WebUrl { url, .. } => web_address(url, &format!("{path}[url]"))?,
            Button::Postback { payload, .. } => {
                length(payload, limits::PAYLOAD, &format!("{path}[payload]"))?;
            }
        }
    }
    Ok(())
}

fn count(got: usize, most: usize, path: &str) -> Result<()> {
    if got <= most {
        return Ok(());
    }
    Err(GraphError::with(ErrorName::TooManyElements, [&format!("{PLACEHOLDER}{path}")]))
}

fn length(text: &str, most: usize, path: &str) -> Result<()> {
    crate::object::length(text, most, &format!("{PLACEHOLDER}{path}"))
}

fn web_address(url: &str, path: &str) -> Result<()> {
    if limits::is_web_address(url) {
        return Ok(());
    }
    Err(GraphError::with(ErrorName::NotAnAddress, [&format!("{PLACEHOLDER}{path}")]))
}
