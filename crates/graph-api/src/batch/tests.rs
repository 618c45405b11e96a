use super::*;
use serde_json::json;

fn entries(batch: &Value) -> Result<Vec<Entry>> {
    let mut params = Params::default();
    params.add_json(json!({ "batch": batch }).to_string().as_bytes()).unwrap();
    read(&params)
}

fn told(batch: &Value) -> String {
    entries(batch).unwrap_err().message(crate::Host::Facebook)
}

#[test]
fn documented_samples() {
    let batch = json!([
        {"method": "GET", "name": "get-friends", "relative_url": "me/friends?limit=5"},
        {"method": "GET", "relative_url": "?ids={result=get-friends:$.data.*.id}"},
    ]);
    let read = entries(&batch).unwrap();
    assert_eq!(read[1].needs(), ["get-friends"]);
    let friends = json!({"data": [{"id": "1"}, {"id": "2"}]});
    assert_eq!(read[1].url(&|_| Some(friends.clone())).unwrap(), "?ids=1,2");
    // As text, and as a form has it.
    let mut params = Params::default();
    let text = r#"[{"method":"POST","relative_url":"me/feed","body":"message=Hi&link=a%26b"}]"#;
    params.add_text("batch", text).unwrap();
    let read = super::read(&params).unwrap();
    assert_eq!(read[0].body, Body::Text("message=Hi&link=a%26b".into()));
}

#[test]
fn what_is_wrong_with_the_whole() {
    let get = json!({"method": "GET", "relative_url": "me"});
    for (batch, message) in [
        (json!([]), "(#100) param batch must be non-empty."),
        (json!("x"), "(#100) Param batch must be an array"),
        (json!([1]), "(#100) Param batch[0] must be a JSON object"),
        (json!([&get, {"relative_url": "me"}]), "(#100) The parameter batch[1][method] is required"),
        (json!([{"method": "GET"}]), "(#100) The parameter batch[0][relative_url] is required"),
        (
            json!([{"method": "GET", "relative_url": "me", "headers": "x"}]),
            "(#100) Param batch[0][headers] must be a list of headers",
        ),
        (
            json!([{"method": "GET", "relative_url": "me", "omit_response_on_success": "maybe"}]),
            "(#100) Param batch[0][omit_response_on_success] must be a boolean",
        ),
        (
            json!([{"method": "GET", "relative_url": "me", "attached_files": "file1"}]),
            "(#100) Param batch[0][attached_files] must be absent",
        ),
        (json!(vec![&get; 51]), "Too many requests in batch message. Maximum batch size is 50"),
        (
            json!([{"method": "GET", "relative_url": "me", "depends_on": "f"}]),
            "Request 0 cannot depend on an  unresolved request with  name f. Requests can only depend on preceding requests",
        ),
        (
            json!([{"method": "GET", "relative_url": "{result=b:$.id}"}, {"method": "GET", "name": "b", "relative_url": "me"}]),
            "Request 0 cannot depend on an  unresolved request with  name b. Requests can only depend on preceding requests",
        ),
    ] {
        assert_eq!(told(&batch), message);
    }
    assert_eq!(entries(&json!(vec![&get; 50])).unwrap().len(), 50);
    assert_eq!(super::read(&Params::default()).unwrap_err().name, ErrorName::ParameterRequired);
}

#[test]
fn paths_lead_to_texts() {
    let value = json!({"data": [{"id": "1", "n": 3}, {"id": "2", "from": {"id": "9"}}], "a.b": true});
    for (path, found) in [
        ("$", vec![value.to_string()]),
        ("$.data[0].id", vec!["1".to_owned()]),
        ("$.data[1].from.id", vec!["9".into()]),
        ("$.data.*.id", vec!["1".into(), "2".into()]),
        ("$.data[*].n", vec!["3".into()]),
        ("$..id", vec!["1".into(), "2".into(), "9".into()]),
        ("$['a.b']", vec!["true".into()]),
        ("$[\"data\"][1]['id']", vec!["2".into()]),
        ("$.data[7].id", vec![]),
        ("$.data.id", vec![]),
        ("$.nothing", vec![]),
    ] {
        assert_eq!(Path::parse(path).unwrap().texts(&value), found, "{path}");
    }
    for wrong in
        ["", "data", "$data", "$.", "$..", "$[", "$[]", "$[-1]", "$[x]", "$.data[?(@.id)]", &"$.a".repeat(50)]
    {
        assert_eq!(Path::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Path::parse(&format!("${}", ".a".repeat(33))), None);
}

#[test]
fn values_are_written_as_their_place_needs_it() {
    let answer = |_: &str| Some(json!({"message": "a&b=c {x}", "id": "1"}));
    let entry = |body: Value| {
        let batch = json!([
            {"method": "GET", "name": "n", "relative_url": "me"},
            {"method": "POST", "relative_url": "{result=n:$.id}/feed?m={result=n:$.message}", "body": body}
        ]);
        entries(&batch).unwrap().remove(1)
    };
    let form = entry(json!("message={result=n:$.message}&x={result=}"));
    assert_eq!(form.url(&answer).unwrap(), "1/feed?m=a%26b%3Dc%20%7Bx%7D");
    assert_eq!(form.body(&answer).unwrap(), Body::Text("message=a%26b%3Dc%20%7Bx%7D&x={result=}".into()));
    let object = entry(json!({"message": {"text": "{result=n:$.message}", "n": [1, "{result=n:$.id}"]}}));
    let Body::Json(members) = object.body(&answer).unwrap() else { panic!("an object") };
    assert_eq!(Value::Object(members), json!({"message": {"text": "a&b=c {x}", "n": [1, "1"]}}));
    // What nobody answered is nothing.
    assert_eq!(form.url(&|_| None).unwrap(), "/feed?m=");
    assert_eq!(entry(json!("a={result=n:id}")).body(&answer).unwrap_err().name, ErrorName::ParameterInvalid);
}
