use super::*;
use serde_json::{Value, json};

fn params(body: &Value) -> Params {
    let mut params = Params::default();
    params.add_json(body.to_string().as_bytes()).unwrap();
    params
}

fn asked(body: &Value) -> Result<NewContainer> {
    read(&params(body), Host::Facebook, true)
}

fn error(body: &Value) -> GraphError {
    asked(body).expect_err(&body.to_string())
}

const JPEG: &str = "https://example.com/a.jpg";
const MP4: &str = "https://example.com/a.mp4";

#[test]
fn shapes_and_where_their_files_come_from() {
    use Shape::{Carousel, Image, ItemImage, ItemVideo, Reel, StoryImage, StoryVideo};
    for (body, shape) in [
        (json!({"image_url": JPEG}), Image),
        (json!({"image_url": JPEG, "media_type": "IMAGE"}), Image),
        (json!({"image_url": JPEG, "is_carousel_item": true}), ItemImage),
        (json!({"video_url": MP4, "media_type": "VIDEO", "is_carousel_item": "true"}), ItemVideo),
        (json!({"video_url": MP4, "media_type": "REELS"}), Reel),
        (json!({"media_type": "REELS", "upload_type": "resumable"}), Reel),
        (json!({"image_url": JPEG, "media_type": "STORIES"}), StoryImage),
        (json!({"video_url": MP4, "media_type": "STORIES"}), StoryVideo),
        (json!({"media_type": "STORIES", "upload_type": "resumable"}), StoryVideo),
        (json!({"media_type": "CAROUSEL", "children": "1, 2"}), Carousel),
        (json!({"media_type": "CAROUSEL", "children": ["1", "2"]}), Carousel),
        (json!({"media_type": "CAROUSEL", "children": "['1','2']"}), Carousel),
    ] {
        let container = asked(&body).unwrap();
        assert_eq!(container.shape, shape, "{body}");
        let wanted = match (shape, body.get("upload_type")) {
            (Carousel, _) => Source::Children(vec!["1".to_owned(), "2".to_owned()]),
            (_, Some(_)) => Source::Upload,
            _ => Source::Url(if shape.is_video() { MP4 } else { JPEG }.to_owned()),
        };
        assert_eq!(container.source, wanted, "{body}");
    }
    // Where nothing is uploaded, the address of the video is missing.
    let body = params(&json!({"media_type": "REELS", "upload_type": "resumable"}));
    let refused = read(&body, Host::Instagram, false).unwrap_err();
    assert_eq!(refused, GraphError::required("video_url"));
}

#[test]
fn what_is_no_container_is_told() {
    for (body, name) in [
        (json!({}), ErrorName::ParameterRequired),
        // A child without a type counts as a picture (rep).
        (json!({"video_url": MP4, "is_carousel_item": true}), ErrorName::ParameterRequired),
        (json!({"media_type": "REELS"}), ErrorName::ParameterRequired),
        (json!({"media_type": "VIDEO", "video_url": MP4}), ErrorName::VideoTypeRetired),
        (json!({"media_type": "SHOES"}), ErrorName::MediaTypeUnknown),
        (
            json!({"media_type": "REELS", "video_url": MP4, "is_carousel_item": true}),
            ErrorName::ParameterInvalid,
        ),
        (json!({"media_type": "REELS", "upload_type": "fast"}), ErrorName::ParameterNotOneOf),
        (json!({"media_type": "CAROUSEL"}), ErrorName::ParameterRequired),
        (json!({"media_type": "CAROUSEL", "children": "1"}), ErrorName::CarouselSizeWrong),
        (json!({"media_type": "CAROUSEL", "children": vec!["1"; 11]}), ErrorName::CarouselSizeWrong),
        (json!({"media_type": "REELS", "video_url": MP4, "thumb_offset": "x"}), ErrorName::ParameterInvalid),
        (json!({"image_url": JPEG, "caption": "é".repeat(2201)}), ErrorName::CaptionTooLong),
        (json!({"image_url": JPEG, "caption": "#a ".repeat(31)}), ErrorName::TooManyTags),
        (json!({"image_url": JPEG, "caption": "@a ".repeat(21)}), ErrorName::TooManyTags),
        (json!({"image_url": JPEG, "alt_text": "a".repeat(1001)}), ErrorName::ParameterInvalid),
        (json!({"image_url": JPEG, "collaborators": ["a", "b", "c", "d"]}), ErrorName::ParameterInvalid),
        (
            json!({"image_url": JPEG, "is_carousel_item": true, "collaborators": ["a"]}),
            ErrorName::CollaboratorsNotAllowed,
        ),
        (json!({"image_url": JPEG, "user_tags": [{"username": "a"}]}), ErrorName::ParameterRequired),
        (json!({"image_url": JPEG, "user_tags": [{"x": 0, "y": 0}]}), ErrorName::ParameterRequired),
        (
            json!({"image_url": JPEG, "user_tags": [{"username": "a", "x": 2, "y": 0}]}),
            ErrorName::ParameterInvalid,
        ),
        (json!({"image_url": JPEG, "user_tags": "a"}), ErrorName::ParameterInvalid),
        (
            json!({"image_url": JPEG, "user_tags": vec![json!({"username": "a", "x": 0, "y": 0}); 21]}),
            ErrorName::TooManyTags,
        ),
        (json!({"image_url": JPEG, "product_tags": [{"product_id": "1"}]}), ErrorName::ProductPlaceMissing),
        (
            json!({"image_url": JPEG, "product_tags": [{"product_id": "1", "x": 0, "y": 0}]}),
            ErrorName::ProductNotTaggable,
        ),
        (
            json!({"media_type": "REELS", "video_url": MP4, "product_tags": "[{product_id:'1',x:0.5}]"}),
            ErrorName::ProductPlacedOnVideo,
        ),
        (
            json!({"media_type": "REELS", "video_url": MP4, "trial_params": {"graduation_strategy": "SOON"}}),
            ErrorName::ParameterNotOneOf,
        ),
        (
            json!({"image_url": JPEG, "branded_content_sponsor_ids": ["1", "2", "3"]}),
            ErrorName::ParameterInvalid,
        ),
        (json!({"image_url": JPEG, "poll_attachment": {"options": ["a"]}}), ErrorName::ParameterInvalid),
    ] {
        assert_eq!(error(&body).name, name, "{body}");
    }
    // As long, and as many, as may be.
    for caption in ["é".repeat(2200), "#a ".repeat(30), "@a ".repeat(20)] {
        assert_eq!(asked(&json!({"image_url": JPEG, "caption": caption})).unwrap().caption, caption);
    }
}

#[test]
fn details_are_read_in_the_forms_that_clients_send() {
    let body = json!({
        "media_type": "REELS", "video_url": MP4, "caption": "Hi", "share_to_feed": "false", "thumb_offset": 1500,
        "cover_url": JPEG, "audio_name": "Rain", "collaborators": "['@u1','u2']", "is_ai_generated": 1,
        "user_tags": "[{username:'ana'}]", "trial_params": "{graduation_strategy:'MANUAL'}",
        "branded_content_sponsor_ids": "7", "alt_text": "left out", "location_id": 5,
        "poll_attachment": {"option_a": "yes", "option_b": "no"},
    });
    let container = asked(&body).unwrap();
    assert_eq!((container.thumb_offset, container.cover_url.as_deref()), (Some(1500), Some(JPEG)));
    let tag = UserTag { username: "ana".to_owned(), x: None, y: None };
    let details = Details {
        user_tags: vec![tag],
        collaborators: vec!["u1".to_owned(), "u2".to_owned()],
        share_to_feed: Some(false),
        audio_name: Some("Rain".to_owned()),
        graduation_strategy: Some("MANUAL".to_owned()),
        is_ai_generated: true,
        is_paid_partnership: true,
        sponsor_ids: vec!["7".to_owned()],
        poll: vec!["yes".to_owned(), "no".to_owned()],
        location_id: Some("5".to_owned()),
        alt_text: None,
    };
    assert_eq!(container.details, details);
    let stored = serde_json::to_string(&details).unwrap();
    assert_eq!(serde_json::from_str::<Details>(&stored).unwrap(), details);
    assert_eq!(serde_json::to_string(&Details::default()).unwrap(), "{}");
    // A story has no caption, and none is missed.
    let story =
        asked(&json!({"media_type": "STORIES", "image_url": JPEG, "caption": "x".repeat(9000)})).unwrap();
    assert_eq!(story.caption, "");
}

#[test]
fn hashtags_and_mentions_of_a_text() {
    let text = "#Mug #mug2, (#café_au_lait) a#no #1 ##double @ana.b. x@no @ß #";
    assert_eq!(hashtags(text).collect::<Vec<_>>(), ["Mug", "mug2", "café_au_lait", "double"]);
    assert_eq!(mentions(text).collect::<Vec<_>>(), ["ana.b"]);
}
