//! What a container may say besides its picture and caption.

use super::{Shape, word};
use crate::params::json_text;
use crate::{ErrorName, GraphError, Host, Params, Result, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Somebody who is seen in a picture or video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserTag {
    /// The username, as it was sent.
    pub username: String,
    /// Where, from the left edge (0) to the right one (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// Where, from the upper edge (0) to the lower one (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
}

/// The details of a container, and then of a medium, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The text for those who cannot see the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// Who is seen in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_tags: Vec<UserTag>,
    /// The usernames of those who are asked to be its authors too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collaborators: Vec<String>,
    /// The page of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// Whether a reel is shown in the feed too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_to_feed: Option<bool>,
    /// The name of a reel's sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_name: Option<String>,
    /// How a trial reel becomes an ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graduation_strategy: Option<String>,
    /// The author says that it was made by a machine.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_ai_generated: bool,
    /// It is a paid partnership.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_paid_partnership: bool,
    /// With whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sponsor_ids: Vec<String>,
    /// The options of a poll under the caption.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub poll: Vec<String>,
}

/// How a trial reel becomes an ordinary one (doc: IG User Media, since 2025-12-03).
const GRADUATION: [&str; 2] = ["MANUAL", "SS_PERFORMANCE"];
/// Partners of a medium (doc: Content Publishing, since 2026-04-22).
const SPONSORS: usize = 2;
/// Options of a poll (doc: changelog of 2026-09-28).
const POLL: std::ops::RangeInclusive<usize> = 2..=4;

pub(super) fn read(params: &Params, host: Host, shape: Shape) -> Result<Details> {
    products(params, shape)?;
    let is_reel = shape == Shape::Reel;
    let has_alt_text = matches!(shape, Shape::Image | Shape::ItemImage);
    let is_whole = !shape.is_item();
    let mut details = Details {
        alt_text: if has_alt_text { alt_text(params)? } else { None },
        user_tags: if shape == Shape::Carousel { Vec::new() } else { user_tags(params, shape)? },
        collaborators: collaborators(params, shape)?,
        is_ai_generated: is_whole && params.flag("is_ai_generated")?.unwrap_or(false),
        ..Details::default()
    };
    if is_whole && !shape.is_story() {
        details.location_id = word(params, "location_id")?;
    }
    if is_reel {
        details.share_to_feed = params.flag("share_to_feed")?;
        details.audio_name = word(params, "audio_name")?;
        details.graduation_strategy = trial(params)?;
    }
    if host == Host::Facebook && is_whole {
        details.sponsor_ids = params.words("branded_content_sponsor_ids")?.unwrap_or_default();
        if details.sponsor_ids.len() > SPONSORS {
            return Err(GraphError::invalid("branded_content_sponsor_ids", "a list of at most 2 ids"));
        }
        // The ids imply the flag.
        let is_paid = params.flag("is_paid_partnership")?.unwrap_or(false);
        details.is_paid_partnership = is_paid || !details.sponsor_ids.is_empty();
        details.poll = poll(params, shape)?;
    }
    Ok(details)
}

fn alt_text(params: &Params) -> Result<Option<String>> {
    let text = word(params, "alt_text")?;
    match text.as_ref().is_some_and(|text| text.chars().count() > limits::ALT_TEXT) {
        true => Err(GraphError::invalid("alt_text", "a text of at most 1000 characters")),
        false => Ok(text),
    }
}

fn collaborators(params: &Params, shape: Shape) -> Result<Vec<String>> {
    let names = params.words("collaborators")?.unwrap_or_default();
    if names.is_empty() {
        return Ok(names);
    }
    if shape.is_item() || shape.is_story() {
        return Err(GraphError::new(ErrorName::CollaboratorsNotAllowed));
    }
    if names.len() > limits::COLLABORATORS {
        return Err(GraphError::invalid("collaborators", "a list of at most 3 usernames"));
    }
    Ok(names.iter().map(|name| name.trim_start_matches('@').to_owned()).collect())
}

/// A list of objects, as JSON or as text that holds it; an object alone stands for a list of one.
fn objects(params: &Params, name: &str) -> Result<Vec<Map<String, Value>>> {
    let refused = || GraphError::invalid(name, "a list of objects");
    let list = match params.raw(name) {
        None | Some(crate::params::Param::Json(Value::Null)) => return Ok(Vec::new()),
        Some(crate::params::Param::Json(Value::String(text)) | crate::params::Param::Text(text)) => {
            if text.trim().is_empty() {
                return Ok(Vec::new());
            }
            Cow::Owned(json_text(text, name)?.ok_or_else(refused)?)
        }
        Some(crate::params::Param::Json(value)) => Cow::Borrowed(value),
    };
    match list.into_owned() {
        Value::Array(items) => items
            .into_iter()
            .map(|item| match item {
                Value::Object(members) => Ok(members),
                _ => Err(refused()),
            })
            .collect(),
        Value::Object(members) => Ok(vec![members]),
        _ => Err(refused()),
    }
}

fn user_tags(params: &Params, shape: Shape) -> Result<Vec<UserTag>> {
    let tags = objects(params, "user_tags")?;
    if tags.len() > limits::TAGS {
        return Err(GraphError::with(ErrorName::TooManyTags, [&limits::TAGS.to_string()]));
    }
    let needs_place = matches!(shape, Shape::Image | Shape::ItemImage);
    tags.into_iter()
        .map(|tag| {
            let username = match tag.get("username") {
                Some(Value::String(name)) if !name.trim().is_empty() => {
                    name.trim().trim_start_matches('@').to_owned()
                }
                _ => return Err(GraphError::required("user_tags[username]")),
            };
            let (x, y) = (place(&tag, "x")?, place(&tag, "y")?);
            match needs_place && (x.is_none() || y.is_none()) {
                true if x.is_none() => Err(GraphError::required("user_tags[x]")),
                true => Err(GraphError::required("user_tags[y]")),
                false => Ok(UserTag { username, x, y }),
            }
        })
        .collect()
}

/// 0 to 1, as a number or a text.
fn place(tag: &Map<String, Value>, name: &str) -> Result<Option<f64>> {
    let number = match tag.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(other) => other.as_f64(),
    };
    let within = number.filter(|number| (0.0..=1.0).contains(number));
    let refused = || GraphError::invalid(&format!("user_tags[{name}]"), "a number between 0.0 and 1.0");
    within.map(Some).ok_or_else(refused)
}

/// There is no shop here: no product can be tagged. What is wrong with its place is told before.
fn products(params: &Params, shape: Shape) -> Result<()> {
    let products = objects(params, "product_tags")?;
    if products.is_empty() {
        return Ok(());
    }
    let has_place = |tag: &Map<String, Value>| (tag.contains_key("x"), tag.contains_key("y"));
    let name = if shape.is_video() && products.iter().any(|tag| has_place(tag) != (false, false)) {
        ErrorName::ProductPlacedOnVideo
    } else if !shape.is_video() && products.iter().any(|tag| has_place(tag) != (true, true)) {
        ErrorName::ProductPlaceMissing
    } else {
        ErrorName::ProductNotTaggable
    };
    Err(GraphError::new(name))
}

fn trial(params: &Params) -> Result<Option<String>> {
    let Some(trial) = params.object("trial_params")? else { return Ok(None) };
    let name = "trial_params[graduation_strategy]";
    match trial.get("graduation_strategy") {
        Some(Value::String(how)) if GRADUATION.contains(&how.as_str()) => Ok(Some(how.clone())),
        Some(Value::String(other)) => {
            Err(GraphError::with(ErrorName::ParameterNotOneOf, [name, &GRADUATION.join(", "), other]))
        }
        _ => Err(GraphError::required(name)),
    }
}

/// `{"option_a", …}` as Threads has it, or `{"options": […]}` (unconfirmed: the keys are not published).
fn poll(params: &Params, shape: Shape) -> Result<Vec<String>> {
    let asks = params.flag("is_comment_prompt_used")?.unwrap_or(false);
    let Some(poll) = params.object("poll_attachment")? else { return Ok(Vec::new()) };
    if asks {
        return Err(GraphError::invalid("poll_attachment", "the only addition to the caption"));
    }
    if shape.is_story() {
        return Err(GraphError::invalid("poll_attachment", "left out for stories"));
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let options: Vec<String> = match poll.get("options") {
        Some(Value::Array(options)) => options.iter().filter_map(text).collect(),
        _ => ["option_a", "option_b", "option_c", "option_d"]
            .iter()
            .filter_map(|name| poll.get(*name).and_then(text))
            .collect(),
    };
    match POLL.contains(&options.len()) {
        true => Ok(options),
        false => Err(GraphError::invalid("poll_attachment", "an object with 2 to 4 options")),
    }
}
