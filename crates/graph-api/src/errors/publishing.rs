//! The part of the table that is about publishing, the nodes of media, business discovery and hashtags (doc: Instagram
//! Platform, Error Codes).
//!
//! The documentation lists what is `error_user_msg`; the texts of `message` are those that integrators report, or ours.

pub(super) const ERRORS: &str = "Meta, Instagram Platform: Error Codes (2026-06)";
pub(super) const CREATE: &[&str] = &["POST account/media"];
pub(super) const PUBLISH: &[&str] = &["POST account/media_publish"];
pub(super) const DELETE_MEDIA: &[&str] = &["DELETE media"];
pub(super) const NODE_OF_MEDIA: &[&str] = &["GET media"];
pub(super) const DISCOVERY: &[&str] = &["GET account"];
pub(super) const HASHTAG_SEARCH: &[&str] = &["GET /ig_hashtag_search"];
pub(super) const AT_PUBLISHING: &str = "trouble inside Meta's servers";

/// Calls the next macro with the rows it was given and, after them, those of this file.
macro_rules! with_publishing {
    ($next:ident $($others:ident)+ { $($rows:tt)* }) => { $next! { $($others)+ { $($rows)*
    /// A file took too long to come.
    DownloadTimedOut => ErrorSpec::new(400, -2, "The media download has timed out")
        .subcode_is(2_207_003)
        .telling("It takes too long to download the media.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, PUBLISHING_ERRORS);
    /// The container is older than a day.
    ContainerExpired => ErrorSpec::new(400, -2, "The media has expired")
        .subcode_is(2_207_020)
        .telling("The media you are trying to access has expired. Please try to upload again.")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .known(Documented, PUBLISHING_ERRORS);
    /// Trouble inside.
    InstagramServerError => ErrorSpec::new(400, -1, "Fatal")
        .subcode_is(2_207_001)
        .written(Dialect::Token)
        .transient()
        .raised_by(CREATE)
        .fault_only(AT_PUBLISHING)
        .known(Documented, PUBLISHING_ERRORS);
    /// Worth another container.
    CreateFailed => ErrorSpec::new(400, -1, "Fatal")
        .subcode_is(2_207_032)
        .telling("Create media fail, please try to re-create media")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .fault_only(AT_PUBLISHING)
        .known(Documented, PUBLISHING_ERRORS);
    /// A video that nobody could take.
    UploadFailed => ErrorSpec::new(400, -1, "Fatal")
        .subcode_is(2_207_053)
        .telling("unknown upload error")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .fault_only(AT_PUBLISHING)
        .known(Documented, PUBLISHING_ERRORS);
    /// A thumbnail from outside the video. `{0}`: the video's length in milliseconds.
    ThumbOffsetInvalid => ErrorSpec::new(400, 1, "The thumbnail offset is invalid")
        .subcode_is(2_207_057)
        .telling("Thumbnail offset must be greater than or equal to 0 and less than video duration, i.e. {0}")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, PUBLISHING_ERRORS);
    /// Instagram suspects abuse. It is answered although the post went live (two incident logs): read the container.
    ActionBlocked => ErrorSpec::new(403, 4, "Application request limit reached")
        .subcode_is(2_207_051)
        .titled("Action is blocked")
        .telling("We restrict certain activity to protect our community. Tell us if you think we made a mistake.")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .fault_only("nobody judges posts here")
        .known(Reported, "incident logs of 2026 for status and message; the rest is documented");
    /// More publications in a day than the account has.
    PublicationsUsed => ErrorSpec::new(400, 9, "Application request limit reached")
        .subcode_is(2_207_042)
        .telling("You reached maximum number of posts that is allowed to be published by Content Publishing API.")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .known(Documented, "Error Codes; the text of message is unconfirmed");
    /// More containers in a day than an account has.
    ContainersUsed => ErrorSpec::new(400, 9, "Application request limit reached")
        .subcode_is(2_207_042)
        .telling("You reached maximum number of containers that is allowed to be created by Content Publishing API.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Assumed, "the figure is documented (IG User Media); code and text are unconfirmed");
    /// The container was published. `{0}`: its id.
    ContainerPublished => ErrorSpec::new(400, 24, "The requested resource does not exist")
        .subcode_is(2_207_006)
        .telling("The media with {0} cannot be found")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .known(Documented, "Error Codes; that a second publication answers it is unconfirmed");
    /// No such container, or another app's or account's. `{0}`: the id.
    ContainerUnknown => ErrorSpec::new(400, 24, "The requested resource does not exist")
        .subcode_is(2_207_008)
        .telling("The media builder with creation id = {0} does not exist or has been expired.")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .known(Documented, PUBLISHING_ERRORS);
    /// The account may do nothing for a while.
    InstagramAccountRestricted => ErrorSpec::new(400, 25, "The Instagram account is restricted")
        .subcode_is(2_207_050)
        .telling("The Instagram account is restricted.")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .fault_only("no account is restricted here")
        .known(Documented, PUBLISHING_ERRORS);
    /// `{0}`: the type.
    MediaTypeUnknown => ErrorSpec::new(400, 100, "The media type is unknown")
        .subcode_is(2_207_023)
        .telling("The media type {0} is unknown.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, PUBLISHING_ERRORS);
    /// A carousel of one, or of more than ten.
    CarouselSizeWrong => ErrorSpec::new(400, 100,
            "Unsupported post type. The post has too little or too many attachments to qualify as a carousel.")
        .subcode_is(2_207_028)
        .telling("Your post won't work as a carousel. Carousels need at least 2 photos/videos and no more than 10 photos/videos.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; that the two texts belong together is unconfirmed");
    /// `media_type=VIDEO` without a carousel.
    VideoTypeRetired => ErrorSpec::new(400, 100, "Invalid parameter")
        .subcode_is(2_207_067)
        .telling("The VIDEO value for media_type is no longer supported. Use the REELS media_type to publish a video to your Instagram feed.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Assumed, "that it is refused since 2023-11-09 is documented; the error is from memory");
    /// A product's place in a video.
    ProductPlacedOnVideo => ErrorSpec::new(400, 100, "Invalid parameter")
        .subcode_is(2_207_035)
        .telling("Product tag positions should not be specified for video media.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; the text is unconfirmed");
    /// A product without a place in the photo.
    ProductPlaceMissing => ErrorSpec::new(400, 100, "Invalid parameter")
        .subcode_is(2_207_036)
        .telling("Product tag positions are required for photo media.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; the text is unconfirmed");
    /// A product of no catalogue of the account's.
    ProductNotTaggable => ErrorSpec::new(400, 100, "Invalid parameter")
        .subcode_is(2_207_037)
        .telling("The product is invalid: it does not exist or cannot be tagged.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; the text is unconfirmed");
    /// `{0}`: how many.
    TooManyTags => ErrorSpec::new(400, 100, "Invalid parameter")
        .subcode_is(2_207_040)
        .telling("Cannot use more than {0} tags per created media.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; that hashtags are refused so is unconfirmed");
    /// A collaborator of a carousel's child, or of a story.
    CollaboratorsNotAllowed => ErrorSpec::new(400, 100, "param collaborators is not allowed")
        .raised_by(CREATE)
        .known(Reported, "several integrators, for children of carousels");
    /// A page that does not exist, or has no place.
    LocationInvalid => ErrorSpec::new(400, 100, "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID")
        .raised_by(CREATE)
        .known(Documented, "Content Publishing, older edition");
    /// A video that does not meet the specification. The container's `status` tells it, since videos are looked at later.
    VideoFormatUnsupported => ErrorSpec::new(400, 352, "The video format is not supported.")
        .subcode_is(2_207_026)
        .telling("The video format is not supported. Please check spec for supported format")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .fault_only("videos are looked at after the container was made: its status tells the subcode")
        .known(Documented, PUBLISHING_ERRORS);
    /// `{0}`: the address.
    MediaNotFetched => ErrorSpec::new(400, 9004, "Only photo or video can be accepted as media type.")
        .subcode_is(2_207_052)
        .titled("Media download has failed. The media URI doesn't meet our requirements.")
        .telling("The media could not be fetched from this uri: {0}")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; title and message are reported by integrators");
    /// The container is not finished.
    MediaNotReady => ErrorSpec::new(400, 9007, "Media ID is not available")
        .subcode_is(2_207_027)
        .telling("The media is not ready for publishing, please wait for a moment")
        .written(Dialect::Token)
        .raised_by(PUBLISH)
        .known(Documented, "Error Codes; the message is reported by integrators");
    /// An image of more than 8 MiB.
    ImageTooLarge => ErrorSpec::new(400, 36_000, "The image size is too large.")
        .subcode_is(2_207_004)
        .titled("Image size too large")
        .telling("The image is too large to download. It should be less than 8 MiB.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, PUBLISHING_ERRORS);
    /// `{0}`: what the file is.
    ImageFormatUnsupported => ErrorSpec::new(400, 36_001, "The image format is not supported.")
        .subcode_is(2_207_005)
        .telling("The image format {0} is not supported. Supported formats are: JPEG.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, PUBLISHING_ERRORS);
    /// `{0}`: the ratio.
    AspectRatioUnsupported => ErrorSpec::new(400, 36_003, "The aspect ratio is not supported.")
        .subcode_is(2_207_009)
        .telling("The submitted image with aspect ratio ('{0}') cannot be published. Please submit an image with a valid aspect ratio.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, PUBLISHING_ERRORS);
    /// `{0}`: how many characters it has, `{1}`: how many it may have.
    CaptionTooLong => ErrorSpec::new(400, 36_004, "The caption was too long.")
        .subcode_is(2_207_010)
        .telling("The submitted image's caption was {0} characters long. The maximum number of characters permitted for a caption is {1}. Please submit media with a shorter caption.")
        .written(Dialect::Token)
        .raised_by(CREATE)
        .known(Documented, "Error Codes; the message is unconfirmed");
    /// What only the look at others' accounts shows.
    OutsideDiscovery => ErrorSpec::new(400, 36_104,
            "You do not have permission to access this field outside of the Business Discovery API.")
        .only_on(&[Host::Facebook])
        .raised_by(NODE_OF_MEDIA)
        .known(Observed, "a probe of 2026-05");
    /// The copyright of what is no video.
    NotAVideo => ErrorSpec::new(400, 9005, "Video content was not found.")
        .subcode_is(1_452_042)
        .raised_by(NODE_OF_MEDIA)
        .known(Observed, "a probe of 2026-05, Facebook host");
    /// A picture of a carousel alone, or a broadcast.
    MediaTypeNotDeletable => ErrorSpec::new(400, -1, "Fatal")
        .subcode_is(2_207_073)
        .titled("Media Type Not Supported")
        .telling("The media type is not supported for this endpoint")
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(DELETE_MEDIA)
        .known(Documented, "IG Media reference");
    /// A deletion that failed for no reason.
    DeleteFailed => ErrorSpec::new(400, -1, "Fatal")
        .subcode_is(2_207_085)
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(DELETE_MEDIA)
        .fault_only(AT_PUBLISHING)
        .known(Reported, "incident logs of July 2026");
    /// No professional account of that name. `{0}`: the name.
    DiscoveryUnknown => ErrorSpec::new(400, 110, "Invalid user id")
        .subcode_is(2_207_013)
        .titled("Cannot find User")
        .telling("The user with username: {0} cannot be found.")
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(DISCOVERY)
        .known(Assumed, "from memory");
    /// Nobody has used the hashtag.
    HashtagUnknown => ErrorSpec::new(400, 24, "The requested resource does not exist")
        .subcode_is(2_207_024)
        .titled("The requested hashtag does not exist")
        .telling("The hashtag {0} does not exist")
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(HASHTAG_SEARCH)
        .known(Assumed, "from memory");
    /// More than thirty hashtags in seven days.
    HashtagsUsed => ErrorSpec::new(400, 18, "Max number of hashtags queried")
        .subcode_is(2_207_034)
        .titled("Max hashtags")
        .telling("You have reached the maximum number of 30 unique hashtags that can be queried within a 7 day period.")
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(HASHTAG_SEARCH)
        .known(Assumed, "the figure is documented (IG Hashtag Search); code and text are from memory");
    } } };
}
pub(super) use with_publishing;
