use super::*;
use serde_json::json;

fn form(text: &str) -> Params {
    let mut params = Params::default();
    params.add_form(text.as_bytes()).unwrap();
    params
}

fn body(value: &Value) -> Params {
    let mut params = Params::default();
    params.add_json(value.to_string().as_bytes()).unwrap();
    params
}

/// The same send, in each of the forms that programs in the field use.
#[test]
fn one_send_in_every_form() {
    let wanted = json!({"id": "1012345678901234"});
    for params in [
        body(&json!({"recipient": {"id": "1012345678901234"}})),
        body(&json!({"recipient": "{\"id\":\"1012345678901234\"}"})),
        form("recipient=%7B%22id%22%3A%221012345678901234%22%7D"),
        form("recipient[id]=1012345678901234"),
        form("recipient%5Bid%5D=1012345678901234"),
        form("recipient={'id':'1012345678901234'}"),
    ] {
        assert_eq!(*params.object("recipient").unwrap().unwrap(), *wanted.as_object().unwrap());
    }
    // A bare number stays a number; who reads the id takes both.
    let relaxed = form("recipient={id: 1012345678901234}");
    assert_eq!(relaxed.object("recipient").unwrap().unwrap()["id"], json!(1_012_345_678_901_234_i64));
}

#[test]
fn the_query_wins_over_the_body() {
    let mut params = form("a=query&b=2");
    params.add_json(br#"{"a":"body","c":3}"#).unwrap();
    assert_eq!(params.text("a").unwrap().unwrap(), "query");
    assert_eq!(params.text("c").unwrap().unwrap(), "3");
    assert_eq!(params.names().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn words_and_flags() {
    for params in [
        form("f=messages,%20comments,"),
        form("f=[\"messages\",\"comments\"]"),
        form("f=['messages','comments']"),
        form("f[]=messages&f[]=comments"),
        form("f[0]=messages&f[1]=comments"),
        body(&json!({"f": ["messages", "comments"]})),
        body(&json!({"f": "messages,comments"})),
    ] {
        assert_eq!(params.words("f").unwrap().unwrap(), ["messages", "comments"], "{params:?}");
    }
    assert_eq!(body(&json!({"f": null})).words("f").unwrap(), None);
    assert!(body(&json!({"f": {"a": 1}})).words("f").is_err());
    assert!(body(&json!({"f": [{"a": 1}]})).words("f").is_err());
    for (value, wanted) in
        [("true", Some(true)), ("1", Some(true)), ("false", Some(false)), ("0", Some(false)), ("", None)]
    {
        assert_eq!(form(&format!("x={value}")).flag("x").unwrap(), wanted);
    }
    assert_eq!(body(&json!({"x": true})).flag("x").unwrap(), Some(true));
    assert!(form("x=maybe").flag("x").is_err());
}

#[test]
fn what_is_wrong_is_named() {
    let named = |error: GraphError| error.message(crate::Host::Instagram);
    assert!(named(form("recipient=5").object("recipient").unwrap_err()).contains("recipient"));
    assert!(named(form("recipient=").object("recipient").unwrap_err()).contains("recipient"));
    assert!(named(form("recipient={}").object("recipient").unwrap_err()).contains("recipient"));
    assert!(named(body(&json!({"recipient": []})).object("recipient").unwrap_err()).contains("recipient"));
    assert!(named(body(&json!({"tag": {}})).text("tag").unwrap_err()).contains("tag"));
    assert!(named(form("").required_text("url").unwrap_err()).contains("url"));
    assert_eq!(form("").object("recipient").unwrap(), None);
    assert_eq!(body(&json!({"recipient": null})).object("recipient").unwrap(), None);
}

#[test]
fn the_null_character_is_refused_everywhere() {
    let mut params = Params::default();
    assert!(params.add_form(b"a=x%00y").is_err());
    assert!(params.add_form(b"a[b]=x%00y").is_err());
    assert!(params.add_json(br#"{"a":{"b":["x\u0000"]}}"#).is_err());
    assert!(params.add_json(br#"{"a\u0000":1}"#).is_err());
    assert!(params.add_parts([("a".to_owned(), "\0".to_owned())]).is_err());
    assert_eq!(params, Params::default());
    // An escaped backslash before the digits is no null character.
    assert!(params.add_json(br#"{"a":"\\u0000"}"#).is_ok());
    assert!(form("a={\"b\":\"\\u0000\"}").object("a").is_err());
}

#[test]
fn malformed_bodies_are_errors_and_empty_ones_are_not() {
    let mut params = Params::default();
    for wrong in ["{", "[1]", "\"x\"", "5", "null", "{\"a\":1,}", "\u{feff}{}"] {
        assert!(params.add_json(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(params.add_json(b"{\"a\":\"\xff\"}").is_err());
    assert!(params.add_json("[".repeat(100_000).as_bytes()).is_err());
    for empty in ["", "  \n", "{}"] {
        params.add_json(empty.as_bytes()).unwrap();
    }
    assert_eq!(params, Params::default());
    assert!(params.add_form("a&".repeat(5000).as_bytes()).is_err());
    assert!(params.add_form("a[]=&".repeat(5000).as_bytes()).is_err());
    let many: String = (0..5000).map(|n| format!("a{n}=1&")).collect();
    assert!(params.add_form(many.as_bytes()).is_err());
}

#[test]
fn brackets_of_all_kinds() {
    let params = form("m[text]=hi&m[quick][0][t]=a&m[quick][1][t]=b&m[x][]=1&[y]=2&z[=3&w]=4");
    assert_eq!(
        params.raw("m"),
        Some(&Param::Json(json!({"text": "hi", "quick": [{"t": "a"}, {"t": "b"}], "x": ["1"]})))
    );
    assert_eq!(params.text("[y]").unwrap().unwrap(), "2");
    assert_eq!(params.text("z[").unwrap().unwrap(), "3");
    let deep = format!("a{}=1", "[b]".repeat(500));
    assert!(Params::default().add_form(deep.as_bytes()).is_err());
}
