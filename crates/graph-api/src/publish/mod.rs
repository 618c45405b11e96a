//! What `POST /{ig-id}/media` can say: the container of a post, reel, story or carousel (doc: IG User Media).

mod caption;
mod details;
#[cfg(test)]
mod tests;

use crate::{ErrorName, GraphError, Host, Params, Result, limits};
pub use caption::{hashtags, mentions};
pub use details::{Details, UserTag};

/// What a container is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A picture in the feed.
    Image,
    /// A reel.
    Reel,
    /// A story that is a picture.
    StoryImage,
    /// A story that is a video.
    StoryVideo,
    /// A picture of a carousel.
    ItemImage,
    /// A video of a carousel.
    ItemVideo,
    /// A carousel.
    Carousel,
}

impl Shape {
    const ALL: [Self; 7] = [
        Self::Image,
        Self::Reel,
        Self::StoryImage,
        Self::StoryVideo,
        Self::ItemImage,
        Self::ItemVideo,
        Self::Carousel,
    ];

    /// A word for it: no request has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "IMAGE",
            Self::Reel => "REEL",
            Self::StoryImage => "STORY_IMAGE",
            Self::StoryVideo => "STORY_VIDEO",
            Self::ItemImage => "ITEM_IMAGE",
            Self::ItemVideo => "ITEM_VIDEO",
            Self::Carousel => "CAROUSEL",
        }
    }

    /// The one of that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.name() == name)
    }

    /// It has a video.
    pub const fn is_video(self) -> bool {
        matches!(self, Self::Reel | Self::StoryVideo | Self::ItemVideo)
    }

    /// It is a part of a carousel.
    pub const fn is_item(self) -> bool {
        matches!(self, Self::ItemImage | Self::ItemVideo)
    }

    /// It is a story.
    pub const fn is_story(self) -> bool {
        matches!(self, Self::StoryImage | Self::StoryVideo)
    }
}

/// Where its picture or video comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The address of a picture or video.
    Url(String),
    /// The bytes are uploaded afterwards (`upload_type=resumable`).
    Upload,
    /// The containers of a carousel.
    Children(Vec<String>),
}

/// A container as it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct NewContainer {
    /// What it is to become.
    pub shape: Shape,
    /// Where its picture or video comes from.
    pub source: Source,
    /// The caption; empty if there is none, and for what has none.
    pub caption: String,
    /// The address of a reel's cover, which beats the offset.
    pub cover_url: Option<String>,
    /// Of which instant of the video a picture stands for it, in milliseconds. That it lies within the video is for who knows
    /// the video to see.
    pub thumb_offset: Option<i64>,
    /// Everything else.
    pub details: Details,
}

/// What the names of the types mean.
const STORIES: &str = "STORIES";
const REELS: &str = "REELS";
const CAROUSEL: &str = "CAROUSEL";

/// Reads the request. `takes_upload`: the host takes `upload_type=resumable`; where it does not, the parameter says nothing
/// and the address of the video is missing.
///
/// Errors: 100/2207023 for an unknown type, 100/2207067 for `VIDEO` alone, 100/2207028 for the number of children, 36004 for
/// the caption, 100/2207040 for too many tags, mentions or hashtags, 100/2207035 to 2207037 for products, and 100 naming the
/// parameter for everything else.
pub fn read(params: &Params, host: Host, takes_upload: bool) -> Result<NewContainer> {
    let kind = word(params, "media_type")?.map(|kind| kind.to_ascii_uppercase());
    let is_item = params.flag("is_carousel_item")?.unwrap_or(false);
    let (image, video) = (word(params, "image_url")?, word(params, "video_url")?);
    let is_upload = takes_upload && is_resumable(params, host)?;
    let of_video = |video: Option<String>| match (is_upload, video) {
        (true, _) => Ok(Source::Upload),
        (false, Some(url)) => Ok(Source::Url(url)),
        (false, None) => Err(GraphError::required("video_url")),
    };
    let of_image =
        |image: Option<String>| image.map(Source::Url).ok_or_else(|| GraphError::required("image_url"));
    let (shape, source) = match (kind.as_deref(), is_item) {
        (None | Some("IMAGE"), false) => (Shape::Image, of_image(image)?),
        (None | Some("IMAGE"), true) => (Shape::ItemImage, of_image(image)?),
        (Some("VIDEO"), true) => (Shape::ItemVideo, of_video(video)?),
        (Some("VIDEO"), false) => return Err(GraphError::new(ErrorName::VideoTypeRetired)),
        (Some(REELS | STORIES | CAROUSEL), true) => {
            return Err(GraphError::invalid("media_type", "IMAGE or VIDEO for an item of a carousel"));
        }
        (Some(REELS), false) => (Shape::Reel, of_video(video)?),
        (Some(STORIES), false) if video.is_some() || is_upload => (Shape::StoryVideo, of_video(video)?),
        (Some(STORIES), false) => (Shape::StoryImage, of_image(image)?),
        (Some(CAROUSEL), false) => (Shape::Carousel, Source::Children(children(params)?)),
        (Some(other), _) => return Err(GraphError::with(ErrorName::MediaTypeUnknown, [other])),
    };
    let has_caption = !shape.is_item() && !shape.is_story();
    let caption = match has_caption {
        true => caption::read(params)?,
        false => String::new(),
    };
    let is_reel = shape == Shape::Reel;
    Ok(NewContainer {
        shape,
        source,
        caption,
        cover_url: if is_reel { word(params, "cover_url")? } else { None },
        thumb_offset: if shape.is_video() { thumb_offset(params)? } else { None },
        details: details::read(params, host, shape)?,
    })
}

fn is_resumable(params: &Params, host: Host) -> Result<bool> {
    match (word(params, "upload_type")?.as_deref(), host) {
        (None, _) => Ok(false),
        (Some("resumable"), _) => Ok(true),
        (Some(other), _) => {
            Err(GraphError::with(ErrorName::ParameterNotOneOf, ["upload_type", "resumable", other]))
        }
    }
}

fn children(params: &Params) -> Result<Vec<String>> {
    let children = params.words("children")?.ok_or_else(|| GraphError::required("children"))?;
    if !limits::CAROUSEL.contains(&children.len()) {
        return Err(GraphError::new(ErrorName::CarouselSizeWrong));
    }
    Ok(children)
}

fn thumb_offset(params: &Params) -> Result<Option<i64>> {
    word(params, "thumb_offset")?
        .map(|text| text.parse().map_err(|_| GraphError::invalid("thumb_offset", "an integer")))
        .transpose()
}

/// A text without the blanks around it; `None` if there is nothing.
fn word(params: &Params, name: &str) -> Result<Option<String>> {
    let text = params.text(name)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}
