use super::*;
use crate::Host;
use serde_json::{Value, json};

fn params(body: &Value) -> Params {
    let mut params = Params::default();
    params.add_json(body.to_string().as_bytes()).unwrap();
    params
}

fn read(body: &Value) -> Result<ProfileChange> {
    ProfileChange::read(&params(body))
}

/// The error's text on the Instagram host.
fn told(body: &Value) -> String {
    read(body).unwrap_err().message(Host::Instagram)
}

fn ask(question: &str) -> Value {
    json!({"question": question, "payload": "P"})
}

/// Both documents' bodies, as JSON and as JSON text in a form.
#[test]
fn documented_samples() {
    let older = r#"[{ "question": "What is your favorite sport?", "payload": "SPORT" },
        { "question": "What is the capital of USA?", "payload": "CAPITAL" } ]"#;
    let menu = r#"[ { "locale": "default", "call_to_actions": [
        { "type": "postback", "title": "Talk to an agent", "payload": "CARE_HELP" },
        { "type": "web_url", "title": "Shop now", "url": "https://www.originalcoastclothing.com/",
          "webview_height_ratio": "full" } ], "composer_input_disabled": false, } ]"#;
    let mut form = Params::default();
    form.add_parts([("ice_breakers".into(), older.into()), ("persistent_menu".into(), menu.into())]).unwrap();
    let change = ProfileChange::read(&form).unwrap();
    let ice_breakers = change.ice_breakers.unwrap();
    assert_eq!(
        serde_json::to_value(&ice_breakers).unwrap(),
        json!([{"call_to_actions": [
            {"question": "What is your favorite sport?", "payload": "SPORT"},
            {"question": "What is the capital of USA?", "payload": "CAPITAL"}], "locale": "default"}])
    );
    assert_eq!(
        serde_json::to_string(&change.persistent_menu.unwrap()[0].call_to_actions).unwrap(),
        r#"[{"type":"postback","title":"Talk to an agent","payload":"CARE_HELP"},{"type":"web_url","title":"Shop now","url":"https://www.originalcoastclothing.com/"}]"#
    );
}

#[test]
fn people_see_their_language_or_the_default() {
    let body = json!({"ice_breakers": [
        {"call_to_actions": [ask("Open?")]},
        {"call_to_actions": [ask("Ouvert ?")], "locale": "fr_FR"}]});
    let all = read(&body).unwrap().ice_breakers.unwrap();
    assert_eq!(for_locale(&all, "fr_FR")[0].question, "Ouvert ?");
    assert_eq!(for_locale(&all, "de_DE")[0].question, "Open?");
    assert!(for_locale::<Question>(&[], "de_DE").is_empty());
}

#[test]
fn limits_are_exact() {
    let questions = |n: usize| json!({"ice_breakers": [{"call_to_actions": vec![ask("Q"); n]}]});
    assert!(read(&questions(4)).is_ok());
    assert_eq!(read(&questions(5)).unwrap_err().name, ErrorName::TooManyCallToActions);
    assert_eq!(
        read(&json!({"ice_breakers": vec![ask("Q"); 5]})).unwrap_err().name,
        ErrorName::TooManyCallToActions
    );
    let asked = |question: String, payload: String| json!({"ice_breakers": [{"question": question, "payload": payload}]});
    assert!(read(&asked("é".repeat(80), "p".repeat(1000))).is_ok());
    assert_eq!(
        told(&asked("é".repeat(81), "p".into())),
        "Length of param ice_breakers[0][question] must be less than or equal to 80"
    );
    assert_eq!(
        told(&asked("q".into(), "p".repeat(1001))),
        "Length of param ice_breakers[0][payload] must be less than or equal to 1000"
    );
    let item = |title: String| json!({"type": "postback", "title": title, "payload": "P"});
    let menu =
        |items: Vec<Value>| json!({"persistent_menu": [{"locale": "default", "call_to_actions": items}]});
    assert!(read(&menu(vec![item("t".repeat(30)); 20])).is_ok());
    assert_eq!(read(&menu(vec![item("t".into()); 21])).unwrap_err().name, ErrorName::TooManyCallToActions);
    assert_eq!(
        told(&menu(vec![item("t".repeat(31))])),
        "Length of param persistent_menu[0][call_to_actions][0][title] must be less than or equal to 30"
    );
}

#[test]
fn what_is_refused_says_where() {
    let menu = |item: Value| json!({"persistent_menu": [{"call_to_actions": [item]}]});
    for (body, text) in [
        (json!({}), "The parameter ice_breakers is required"),
        (json!({"ice_breakers": []}), "param ice_breakers must be non-empty."),
        (json!({"ice_breakers": ""}), "param ice_breakers must be non-empty."),
        (json!({"ice_breakers": "hello"}), "Param ice_breakers must be an array"),
        (json!({"ice_breakers": ["hello"]}), "Param ice_breakers[0] must be a JSON object"),
        (json!({"ice_breakers": [{}]}), "The parameter ice_breakers[0][call_to_actions] is required"),
        (json!({"ice_breakers": [{"question": "Q"}]}), "The parameter ice_breakers[0][payload] is required"),
        (
            json!({"ice_breakers": [{"question": " ", "payload": "P"}]}),
            "param ice_breakers[0][question] must be non-empty.",
        ),
        (
            json!({"ice_breakers": [ask("Q"), {"call_to_actions": [ask("Q")]}]}),
            "Param ice_breakers must be in one format: questions, or call_to_actions",
        ),
        (
            json!({"ice_breakers": [{"call_to_actions": [ask("Q")], "locale": "en_GB"}]}),
            "Param ice_breakers must be a list with the locale default in it",
        ),
        (
            json!({"ice_breakers": [{"call_to_actions": [ask("Q")]}, {"call_to_actions": [ask("Q")]}]}),
            "Param ice_breakers[1][locale] must be a locale that does not stand in the list already",
        ),
        (
            json!({"ice_breakers": [{"call_to_actions": [ask("Q")], "locale": "English"}]}),
            "Param ice_breakers[0][locale] must be a supported locale, such as en_GB",
        ),
        // As quoted by two projects for the menu's own older shape.
        (
            json!({"persistent_menu": [{"type": "postback", "title": "T", "payload": "P"}]}),
            "Invalid keys \"type, title, payload\" were found in param \"persistent_menu[0]\".",
        ),
        (
            menu(json!({"type": "phone_number", "title": "T", "payload": "P"})),
            "Param persistent_menu[0][call_to_actions][0][type] must be one of {postback, web_url} - got \"phone_number\".",
        ),
        (
            menu(json!({"type": "web_url", "title": "T", "url": "shop"})),
            "persistent_menu[0][call_to_actions][0][url] should represent a valid URL",
        ),
        (
            menu(json!({"type": "nested", "title": "T", "call_to_actions": []})),
            "Setting of Nested Persistent Menu has been deprecated for v8.0 and higher",
        ),
        (
            json!({"greeting": [{"locale": "default", "text": "Hi"}], "ice_breakers": [ask("Q")]}),
            "Param greeting must be left out: Instagram has ice_breakers and persistent_menu",
        ),
    ] {
        let got = told(&body);
        assert_eq!(got.strip_prefix("(#100) ").unwrap_or(&got), text, "{body}");
    }
}

#[test]
fn fields_in_every_form() {
    let both = vec![Property::IceBreakers, Property::PersistentMenu];
    for text in [
        "ice_breakers,persistent_menu",
        "[\"ice_breakers\",\"persistent_menu\"]",
        "['ice_breakers','persistent_menu']",
        "ice_breakers, persistent_menu, ice_breakers",
    ] {
        let mut query = Params::default();
        query.add_parts([("fields".to_owned(), text.to_owned())]).unwrap();
        assert_eq!(Property::read_fields(&query).unwrap(), both, "{text}");
        assert_eq!(Property::read_fields(&params(&json!({"fields": text}))).unwrap(), both, "{text}");
    }
    let mut brackets = Params::default();
    brackets.add_form(b"fields[]=ice_breakers&fields[]=persistent_menu").unwrap();
    assert_eq!(Property::read_fields(&brackets).unwrap(), both);
    for (body, text) in [
        (json!({}), "The parameter fields is required"),
        (json!({"fields": "[]"}), "The parameter fields is required"),
        (
            json!({"fields": ["ice_breakers", "greeting"]}),
            "(#100) Param fields[1] must be one of {ice_breakers, persistent_menu} - got \"greeting\".",
        ),
    ] {
        let refused = Property::read_fields(&params(&body)).unwrap_err();
        assert_eq!(refused.message(Host::Instagram), text);
    }
}
