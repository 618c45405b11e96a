//! The smallest part of the Marketing API: an ad creative that leads to a welcome message flow, and an ad that shows it
//! (doc: Ads that Click to Instagram; Ad Creative; Ad).

use crate::object::{self, Object};
use crate::{ErrorName, GraphError, Params, Result, limits};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What an ad shows, and where a tap leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreativeRequest {
    /// Its name; empty if none was given.
    pub name: String,
    /// The page that advertises.
    pub page_id: String,
    /// What the person sees of the ad.
    pub seen: Seen,
    /// `asset_feed_spec.additional_data.partner_app_welcome_message_flow_id`.
    pub flow_id: Option<String>,
    /// `object_story_spec`, as it came.
    pub object_story_spec: Map<String, Value>,
    /// `asset_feed_spec`, as it came.
    pub asset_feed_spec: Option<Map<String, Value>>,
}

/// What a person sees of an ad, and an app hears of it: `ads_context_data` of a referral.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// `ad_title`: the headline, else the text.
    pub title: String,
    /// `photo_url`.
    pub photo_url: Option<String>,
    /// `video_url`: the picture that stands for the video (doc).
    pub video_url: Option<String>,
}

impl CreativeRequest {
    /// Reads a new creative.
    pub fn read(params: &Params) -> Result<Self> {
        const SPEC: &str = "object_story_spec";
        let name = name(params)?.unwrap_or_default();
        let spec = params.object(SPEC)?.ok_or_else(|| GraphError::required(SPEC))?.into_owned();
        let story = Object::new(SPEC, &spec);
        let page_id = story.required("page_id")?.into_owned();
        let mut seen = Seen::default();
        let mut text = String::new();
        let plain =
            |value: Option<Cow<'_, str>>| value.map(String::from).filter(|text| !text.trim().is_empty());
        if let Some((path, members)) = story.object("link_data")? {
            let link = Object::new(path, &members);
            seen.title = plain(link.text("name")?).unwrap_or_default();
            text = plain(link.text("message")?).unwrap_or_default();
            seen.photo_url = address(&link, "picture")?;
        }
        if let Some((path, members)) = story.object("photo_data")? {
            let photo = Object::new(path, &members);
            text = plain(photo.text("caption")?).unwrap_or(text);
            seen.photo_url = address(&photo, "url")?;
        }
        if let Some((path, members)) = story.object("video_data")? {
            let video = Object::new(path, &members);
            seen.title = plain(video.text("title")?).unwrap_or(seen.title);
            text = plain(video.text("message")?).unwrap_or(text);
            seen.video_url = address(&video, "image_url")?;
        }
        if seen.title.is_empty() {
            seen.title = if text.is_empty() { name.clone() } else { text };
        }
        let feed = params.object("asset_feed_spec")?.map(Cow::into_owned);
        let flow_id = match &feed {
            None => None,
            Some(feed) => match Object::new("asset_feed_spec", feed).object("additional_data")? {
                None => None,
                Some((path, data)) => plain(Object::new(path, &data).text(FLOW)?),
            },
        };
        Ok(Self { name, page_id, seen, flow_id, object_story_spec: spec, asset_feed_spec: feed })
    }
}

/// The member that names the flow.
const FLOW: &str = "partner_app_welcome_message_flow_id";

/// Where [`CreativeRequest::flow_id`] stands, for errors.
pub const FLOW_PARAMETER: &str = "asset_feed_spec[additional_data][partner_app_welcome_message_flow_id]";

fn address(object: &Object<'_>, key: &str) -> Result<Option<String>> {
    match object.text(key)?.filter(|url| !url.is_empty()) {
        Some(url) if !limits::is_web_address(&url) => {
            Err(GraphError::with(ErrorName::NotAnAddress, [&object.path(key)]))
        }
        url => Ok(url.map(String::from)),
    }
}

fn name(params: &Params) -> Result<Option<String>> {
    let Some(name) = params.text("name")?.filter(|name| !name.trim().is_empty()) else { return Ok(None) };
    object::length(&name, limits::NAME, "name")?;
    Ok(Some(name.into_owned()))
}

/// A new ad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdRequest {
    /// Its name.
    pub name: String,
    /// The set that it belongs to.
    pub adset_id: String,
    /// What it shows: `creative: {"creative_id"}`.
    pub creative_id: String,
    /// Whether it runs.
    pub status: AdStatus,
}

impl AdRequest {
    /// Reads a new ad.
    pub fn read(params: &Params) -> Result<Self> {
        let name = name(params)?.ok_or_else(|| GraphError::required("name"))?;
        let adset_id = params.required_text("adset_id")?.into_owned();
        let creative = params.object("creative")?.ok_or_else(|| GraphError::required("creative"))?;
        let creative_id = Object::new("creative", &creative).required("creative_id")?.into_owned();
        let status = AdStatus::read(params)?.ok_or_else(|| GraphError::required("status"))?;
        match status {
            AdStatus::Active | AdStatus::Paused => Ok(Self { name, adset_id, creative_id, status }),
            // What is new cannot have ended (unconfirmed).
            ended => Err(not_one_of("ACTIVE, PAUSED", ended.name())),
        }
    }
}

/// A change of an ad: at least one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdChange {
    /// The name.
    pub name: Option<String>,
    /// Whether it runs.
    pub status: Option<AdStatus>,
}

impl AdChange {
    /// Reads a change.
    pub fn read(params: &Params) -> Result<Self> {
        match (name(params)?, AdStatus::read(params)?) {
            (None, None) => Err(GraphError::required("status").explain("Or name.")),
            (name, status) => Ok(Self { name, status }),
        }
    }
}

/// Whether an ad runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdStatus {
    /// People see it.
    Active,
    /// Nobody sees it for now.
    Paused,
    /// It has ended and is kept.
    Archived,
    /// It has ended.
    Deleted,
}

impl AdStatus {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Active, Self::Paused, Self::Archived, Self::Deleted];

    /// Its name in requests and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Paused => "PAUSED",
            Self::Archived => "ARCHIVED",
            Self::Deleted => "DELETED",
        }
    }

    /// The status with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.name() == name)
    }

    /// Whether it is over: such an ad never runs again.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Archived | Self::Deleted)
    }

    fn read(params: &Params) -> Result<Option<Self>> {
        let Some(name) = params.text("status")?.filter(|name| !name.is_empty()) else { return Ok(None) };
        let status = Self::parse(&name.to_ascii_uppercase());
        status.map(Some).ok_or_else(|| not_one_of("ACTIVE, PAUSED, DELETED, ARCHIVED", &name))
    }
}

fn not_one_of(known: &str, got: &str) -> GraphError {
    GraphError::with(ErrorName::ParameterNotOneOf, ["status", known, got])
}

#[cfg(test)]
mod tests;
