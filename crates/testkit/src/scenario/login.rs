//! The two logins: the values that stand for a variant of the API in a scenario that runs once for each.

use graph_api::Host;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::HashMap;

/// Name, value of `sandbox.env` for Instagram Login, the same for Facebook Login.
const VALUES: &[(&str, &str, &str)] = &[
    ("TOKEN", "IG_ACCESS_TOKEN", "PAGE_ACCESS_TOKEN"),
    ("NODE", "IG_ID", "PAGE_ID"),
    ("ACCOUNT", "IG_USERNAME", "PAGE_IG_USERNAME"),
    ("ACCOUNT_ID", "IG_ID", "PAGE_IG_ID"),
    ("CUSTOMER", "IGSID", "PAGE_IGSID"),
    ("SECRET", "INSTAGRAM_APP_SECRET", "APP_SECRET"),
    ("MEDIA_ID", "IG_MEDIA_ID", "PAGE_MEDIA_ID"),
    ("APP_NODE", "INSTAGRAM_APP_ID", "APP_ID"),
];

/// `instagram` or `facebook`, as scenarios and their patterns name a variant.
pub(super) const fn name(host: Host) -> &'static str {
    match host {
        Host::Instagram => "instagram",
        Host::Facebook => "facebook",
    }
}

/// Reads `"variants": ["instagram", "facebook"]`.
pub(super) fn variants<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Host>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let host = |named: &String| Host::BOTH.iter().copied().find(|host| name(*host) == named);
    names
        .iter()
        .map(|named| host(named).ok_or_else(|| serde::de::Error::custom(format!("no variant {named}"))))
        .collect()
}

/// The value with everything in it that is written `{"instagram": …, "facebook": …}` as it is for that host.
pub(super) fn of_host(value: &Value, host: Host) -> Value {
    match value {
        Value::Object(members) => {
            let is_by_host =
                members.len() == 2 && Host::BOTH.iter().all(|host| members.contains_key(name(*host)));
            match members.get(name(host)).filter(|_| is_by_host) {
                Some(own) => of_host(own, host),
                None => members.iter().map(|(key, value)| (key.clone(), of_host(value, host))).collect(),
            }
        }
        Value::Array(items) => items.iter().map(|item| of_host(item, host)).collect(),
        other => other.clone(),
    }
}

/// Adds a variant's values to those of `sandbox.env`, those of the other one with `OTHER_` before their names.
pub(super) fn add(host: Host, values: &mut HashMap<String, String>) {
    values.insert("HOST".to_owned(), host.name().to_owned());
    for (name, instagram, facebook) in VALUES {
        let (own, other) = match host {
            Host::Instagram => (instagram, facebook),
            Host::Facebook => (facebook, instagram),
        };
        for (name, of) in [((*name).to_owned(), own), (format!("OTHER_{name}"), other)] {
            if let Some(value) = values.get(*of).cloned() {
                values.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_the_own_and_of_the_other_login() {
        let mut values =
            HashMap::from([("IGSID", "1"), ("PAGE_IGSID", "2")].map(|(k, v)| (k.to_owned(), v.to_owned())));
        add(Host::Facebook, &mut values);
        assert_eq!((values["CUSTOMER"].as_str(), values["OTHER_CUSTOMER"].as_str()), ("2", "1"));
        assert_eq!(values["HOST"], "graph.facebook.com");
        assert!(!values.contains_key("TOKEN"));
    }

    #[test]
    fn what_differs_between_hosts() {
        let value = json!([{"a": {"instagram": {"b": 1}, "facebook": 2}}, {"instagram": 1, "page": 2}]);
        assert_eq!(of_host(&value, Host::Instagram), json!([{"a": {"b": 1}}, {"instagram": 1, "page": 2}]));
        assert_eq!(of_host(&value, Host::Facebook), json!([{"a": 2}, {"instagram": 1, "page": 2}]));
    }
}
