//! The decoders of the wire contract: pure functions.

use graph_api::batch::Body;
use graph_api::ids::{ConversationKey, MessageKey, NodeKind, decimal};
use graph_api::locale::Locale;
use graph_api::media::{AttachmentKind, MediaFormat, Probe};
use graph_api::profile::{ProfileChange, Property};
use graph_api::scopes::ScopeSet;
use graph_api::send::{Action, SendRequest, read_upload};
use graph_api::{Host, Params, Version, fields as list, flow as flows, signature, time};
use serde_json::{Value, json};

/// A query string or form body.
pub fn params_form(data: &[u8]) {
    let mut params = Params::default();
    if params.add_form(data).is_ok() {
        every_reader(&params);
    }
}

/// A JSON body.
pub fn params_json(data: &[u8]) {
    let mut params = Params::default();
    if params.add_json(data).is_ok() {
        every_reader(&params);
    }
    // The same members as parts of a multipart body.
    if let Ok(Value::Object(members)) = serde_json::from_slice(data) {
        let parts = members.into_iter().map(|(name, value)| (name, value.to_string()));
        let _ = Params::default().add_parts(parts);
    }
}

/// Whatever a parameter is read as, no U+0000 comes out of it.
fn every_reader(params: &Params) {
    let names: Vec<&str> = params.names().collect();
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "a name stands twice");
    for name in names {
        assert!(!name.contains('\0'));
        if let Ok(Some(text)) = params.text(name) {
            assert!(!text.contains('\0'));
        }
        if let Ok(Some(object)) = params.object(name) {
            assert!(!holds_nul(&Value::Object(object.into_owned())));
        }
        for word in params.words(name).ok().flatten().unwrap_or_default() {
            assert!(!word.is_empty() && !word.contains('\0'));
        }
        let _ = params.flag(name);
        assert!(params.without(&[name]).raw(name).is_none());
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

/// Whether two values are the same, but for the last digits of fractions, which JSON text does not keep.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((m, a), (n, b))| m == n && same(a, b))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            a == b || (a - b).abs() <= a.abs() * 1e-12
        }
        (a, b) => a == b,
    }
}

fn from_json(data: &[u8]) -> Option<Params> {
    let mut params = Params::default();
    params.add_json(data).ok().map(|()| params)
}

/// JSON in the spellings of the field, as a parameter holds it: what is read is read again as the same.
pub fn relaxed_json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let object = |text: &str| {
        let mut params = Params::default();
        params.add_text("x", text).ok()?;
        params.object("x").ok().flatten().map(|object| Value::Object(object.into_owned()))
    };
    if let Some(value) = object(text) {
        let again = object(&value.to_string()).expect("JSON is relaxed JSON");
        assert!(same(&again, &value), "{again} {value}");
    }
}

/// A list of fields: what is written reads back.
pub fn fields(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match list::parse(text) {
        Ok(fields) => assert_eq!(list::parse(&list::write(&fields)), Ok(fields)),
        Err(error) => assert!(error.message(Host::Facebook).len() < 4000),
    }
}

/// Ids of conversations, messages and nodes: what is read is what was written.
pub fn ids(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(key) = ConversationKey::parse(text) {
        assert_eq!(ConversationKey::parse(&key.id()), Some(key));
    }
    if let Some(key) = MessageKey::parse(text) {
        assert_eq!(MessageKey::parse(&key.mid()), Some(key));
    }
    if let Some(id) = decimal(text) {
        let kind = NodeKind::of(id);
        assert!(kind.is_none_or(|kind| id >= kind.range().0));
    }
    let _ = text.parse::<webhooks::EventKey>();
}

/// A send, with the limits of what it sends.
pub fn send(data: &[u8]) {
    let Some(params) = from_json(data) else { return };
    if let Ok(SendRequest { action: Action::Message { message, .. }, .. }) = SendRequest::read(&params) {
        let _ = message.check();
    }
    let _ = read_upload(&params);
}

/// A welcome message flow: its text reads back as the same messages.
pub fn flow(data: &[u8]) {
    let Some(params) = from_json(data) else { return };
    for host in Host::BOTH {
        let _ = flows::FlowChange::read_update(&params, *host);
        let Ok(change) = flows::FlowChange::read_new(&params, *host) else { continue };
        let _ = change.check();
        let messages = change.messages.unwrap_or_default();
        let text = flows::write(&messages);
        let _ = flows::receiving(&text);
        let again = json!({
            "name": "again", "eligible_platforms": ["instagram"],
            "welcome_message_flow": serde_json::from_str::<Value>(&text).expect("a flow's text is JSON"),
        });
        let again = from_json(again.to_string().as_bytes()).expect("an object");
        let again = flows::FlowChange::read_new(&again, *host).expect("a flow that was read reads again");
        assert_eq!(flows::write(&again.messages.unwrap_or_default()), text);
    }
}

/// A messenger profile.
pub fn profile(data: &[u8]) {
    let Some(params) = from_json(data) else { return };
    let _ = ProfileChange::read(&params);
    let _ = Property::read_fields(&params);
}

/// Ads and their creatives.
pub fn ads(data: &[u8]) {
    let Some(params) = from_json(data) else { return };
    let _ = graph_api::ads::CreativeRequest::read(&params);
    let _ = graph_api::ads::AdRequest::read(&params);
    let _ = graph_api::ads::AdChange::read(&params);
}

/// A batch, with references to answers that are whatever the batch itself is.
pub fn batch(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut params = Params::default();
    if params.add_text("batch", text).is_err() {
        return;
    }
    let Ok(entries) = graph_api::batch::read(&params) else { return };
    assert!(!entries.is_empty() && entries.len() <= graph_api::limits::BATCH);
    let answer = |_: &str| serde_json::from_str(text).ok();
    for (at, entry) in entries.iter().enumerate() {
        for name in entry.needs() {
            assert!(entries[..at].iter().any(|earlier| earlier.name.as_deref() == Some(&*name)));
        }
        let _ = entry.url(&answer);
        if let Ok(Body::Json(members)) = entry.body(&answer) {
            assert!(matches!(entry.body, Body::Json(_)), "{members:?}");
        }
    }
}

/// What a file is, and how large its picture: the same, however its bytes arrive.
pub fn media(data: &[u8]) {
    let whole = MediaFormat::of(data.get(..Probe::HEAD).unwrap_or(data));
    let mut at_once = Probe::default();
    at_once.feed(data);
    let mut in_bits = Probe::default();
    data.chunks(7).for_each(|bytes| in_bits.feed(bytes));
    assert_eq!((at_once.format(), at_once.image_size()), (in_bits.format(), in_bits.image_size()));
    assert_eq!(at_once.format(), whole);
    if let Some(format) = whole {
        for kind in
            [AttachmentKind::Image, AttachmentKind::Video, AttachmentKind::Audio, AttachmentKind::File]
        {
            let _ = format.mime_as(kind);
        }
    }
}

/// The small ones: versions, permissions, instants, languages, hosts, signatures.
pub fn words(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(Some(version)) = Version::parse(text) {
        assert_eq!(Version::parse(&version.to_string()), Ok(Some(version)));
        assert!(version.served() >= Version::parse("v21.0").unwrap().unwrap());
    }
    let scopes = ScopeSet::parse(text);
    assert_eq!(ScopeSet::parse(&scopes.to_string()), scopes);
    if let Some(at) = time::parse(text) {
        let _ = (time::graph(at), time::rfc3339(at), time::token_error(at));
    }
    let _ = (Locale::parse(text), Host::from_header(text), AttachmentKind::parse(text));
    assert!(!signature::verify("a secret", b"a body", text));
    assert!(signature::read_signed_request("a secret", text).is_none());
    let payload = json!({ "text": text });
    let signed = signature::signed_request("a secret", &payload);
    assert_eq!(signature::read_signed_request("a secret", &signed), Some(payload));
    assert!(signature::read_signed_request("another", &signed).is_none());
}
