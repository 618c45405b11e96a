use super::*;
use serde_json::json;

fn params(body: &Value) -> Params {
    let mut params = Params::default();
    params.add_json(body.to_string().as_bytes()).unwrap();
    params
}

/// The documented sample: parts of a form, JSON with a comma too many.
#[test]
fn the_documented_creative() {
    let mut form = Params::default();
    form.add_parts([
        ("name".to_owned(), "Sample ad creative".to_owned()),
        (
            "object_story_spec".to_owned(),
            r#"{ "page_id": "100000000000001", "link_data": { "message": "Mugs for summer",
                "picture": "https://shop.example/mug.jpg",
                "call_to_action": {"type": "INSTAGRAM_MESSAGE", "value": {"app_destination": "INSTAGRAM_DIRECT"}} } }"#
                .to_owned(),
        ),
        (
            "asset_feed_spec".to_owned(),
            r#"{ "additional_data": { "partner_app_welcome_message_flow_id": "2100000000000001", } }"#.to_owned(),
        ),
    ])
    .unwrap();
    let creative = CreativeRequest::read(&form).unwrap();
    assert_eq!(
        (creative.name.as_str(), creative.page_id.as_str()),
        ("Sample ad creative", "100000000000001")
    );
    assert_eq!(creative.flow_id.as_deref(), Some("2100000000000001"));
    assert_eq!(creative.seen.title, "Mugs for summer");
    assert_eq!(creative.seen.photo_url.as_deref(), Some("https://shop.example/mug.jpg"));
    assert_eq!(creative.object_story_spec["page_id"], "100000000000001");
}

#[test]
fn the_title_is_the_headline_else_the_text_else_the_name() {
    let title = |spec: Value| {
        let body = json!({"name": "Name", "object_story_spec": spec});
        CreativeRequest::read(&params(&body)).unwrap().seen.title
    };
    assert_eq!(title(json!({"page_id": 1, "link_data": {"name": "Head", "message": "Text"}})), "Head");
    assert_eq!(title(json!({"page_id": 1, "video_data": {"title": "Head", "message": "Text"}})), "Head");
    assert_eq!(title(json!({"page_id": 1, "photo_data": {"caption": "Text"}})), "Text");
    assert_eq!(title(json!({"page_id": 1})), "Name");
}

#[test]
fn what_is_refused_says_where() {
    let told = |refused: GraphError| refused.message(crate::Host::Facebook);
    let picture = json!({"object_story_spec": {"page_id": "1", "link_data": {"picture": "mug.jpg"}}});
    for (body, text) in [
        (json!({}), "(#100) The parameter object_story_spec is required"),
        (
            json!({"object_story_spec": {"link_data": {}}}),
            "(#100) The parameter object_story_spec[page_id] is required",
        ),
        (picture, "(#100) object_story_spec[link_data][picture] should represent a valid URL"),
    ] {
        assert_eq!(told(CreativeRequest::read(&params(&body)).unwrap_err()), text);
    }
    let ad = json!({"name": "Ad", "adset_id": 1, "creative": {"creative_id": 2}, "status": "paused"});
    assert_eq!(AdRequest::read(&params(&ad)).unwrap().status, AdStatus::Paused);
    for name in ["name", "adset_id", "creative", "status"] {
        let mut body = ad.clone();
        body.as_object_mut().unwrap().remove(name);
        let refused = told(AdRequest::read(&params(&body)).unwrap_err());
        assert_eq!(refused, format!("(#100) The parameter {name} is required"));
    }
    let mut ended = ad;
    ended["status"] = "DELETED".into();
    assert_eq!(AdRequest::read(&params(&ended)).unwrap_err().name, ErrorName::ParameterNotOneOf);
    assert_eq!(AdChange::read(&params(&json!({}))).unwrap_err().name, ErrorName::ParameterRequired);
    assert_eq!(
        AdChange::read(&params(&json!({"status": "x"}))).unwrap_err().name,
        ErrorName::ParameterNotOneOf
    );
}
