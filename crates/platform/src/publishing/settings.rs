//! What the sim can set of publishing. Where the documentation and the field disagree, and where a test needs another
//! figure.

use crate::settings;
use graph_api::limits;
use std::sync::atomic::{AtomicI64, Ordering};
use storage::{Read, Result};

/// One thing that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Publications of an account in a day: `quota_total`.
    Publications,
    /// Containers of an account in a day.
    Containers,
    /// Life of a container, in milliseconds.
    ContainerLife,
    /// How long a picture is processed, in milliseconds.
    ImageProcessing,
    /// How long a video is processed, in milliseconds.
    VideoProcessing,
    /// PNG and WebP are taken, as a measurement of September 2026 found.
    LenientImages,
    /// Videos with an edit list, a header behind the pictures, or more bits of sound are taken.
    LenientVideos,
    /// `upload_type=resumable` works over Instagram Login too.
    UploadsEverywhere,
    /// Stories are for business accounts, not for creators.
    BusinessStories,
    /// The edge `tags` works over Instagram Login too.
    TagsEverywhere,
    /// A second publication of a container answers the same medium again.
    LenientRepublishing,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number from 1 to this.
    Number(i64),
    /// A span of time, from nothing to this, in milliseconds.
    Span(i64),
}

const DAY: i64 = 24 * 3_600_000;
const COUNT: usize = 11;

impl Setting {
    /// All of them.
    pub(crate) const ALL: [Self; COUNT] = [
        Self::Publications,
        Self::Containers,
        Self::ContainerLife,
        Self::ImageProcessing,
        Self::VideoProcessing,
        Self::LenientImages,
        Self::LenientVideos,
        Self::UploadsEverywhere,
        Self::BusinessStories,
        Self::TagsEverywhere,
        Self::LenientRepublishing,
    ];

    /// Its name in `/sim/settings`, what it can be, and what it is at first.
    const fn row(self) -> (&'static str, Kind, i64) {
        match self {
            Self::Publications => ("quota_total", Kind::Number(100_000), limits::PUBLICATIONS as i64),
            Self::Containers => ("container_quota", Kind::Number(100_000), limits::CONTAINERS as i64),
            Self::ContainerLife => {
                ("container_ttl", Kind::Span(365 * DAY), limits::CONTAINER.as_millis() as i64)
            }
            Self::ImageProcessing => ("image_processing", Kind::Span(DAY), 1000),
            Self::VideoProcessing => ("video_processing", Kind::Span(DAY), 3000),
            Self::LenientImages => ("lenient_image_formats", Kind::Flag, 0),
            Self::LenientVideos => ("lenient_video_formats", Kind::Flag, 0),
            Self::UploadsEverywhere => ("resumable_on_instagram_host", Kind::Flag, 0),
            Self::BusinessStories => ("stories_for_business_only", Kind::Flag, 0),
            Self::TagsEverywhere => ("tags_on_instagram_host", Kind::Flag, 1),
            Self::LenientRepublishing => ("lenient_republishing", Kind::Flag, 0),
        }
    }

    /// Its name in `/sim/settings`.
    pub(crate) const fn name(self) -> &'static str {
        self.row().0
    }

    /// What it can be.
    pub(crate) const fn kind(self) -> Kind {
        self.row().1
    }
}

/// The settings, read wherever they matter.
#[derive(Debug)]
pub(crate) struct PublishingSettings([AtomicI64; COUNT]);

impl Default for PublishingSettings {
    fn default() -> Self {
        Self(Setting::ALL.map(|setting| AtomicI64::new(setting.row().2)))
    }
}

impl PublishingSettings {
    /// A number, a span in milliseconds, or 1 for yes.
    pub(crate) fn get(&self, setting: Setting) -> i64 {
        self.0[setting as usize].load(Ordering::Relaxed)
    }

    /// Whether it is yes.
    pub(crate) fn is_on(&self, setting: Setting) -> bool {
        self.get(setting) != 0
    }

    /// A span of time.
    pub(crate) fn span(&self, setting: Setting) -> std::time::Duration {
        std::time::Duration::from_millis(self.get(setting).unsigned_abs())
    }

    /// Sets one; what is beyond its bounds is taken as the bound.
    pub(crate) fn set(&self, setting: Setting, value: i64) {
        let value = match setting.kind() {
            Kind::Flag => value.clamp(0, 1),
            Kind::Number(most) => value.clamp(1, most),
            Kind::Span(most) => value.clamp(0, most),
        };
        self.0[setting as usize].store(value, Ordering::Relaxed);
    }

    /// Everything as it is at first.
    pub(crate) fn reset(&self) {
        Setting::ALL.into_iter().for_each(|setting| self.set(setting, setting.row().2));
    }

    /// Takes over what is stored.
    pub(crate) fn load(&self, db: &mut impl Read) -> Result<()> {
        for setting in Setting::ALL {
            if let Some(value) = settings::read(db, setting.name())?.and_then(|text| text.parse().ok()) {
                self.set(setting, value);
            }
        }
        Ok(())
    }
}
