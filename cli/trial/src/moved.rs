//! An entry whose URLs were moved to a loopback address, as an overlay over its file.
//!
//! `https://api.acme.com/v1` becomes `http://127.0.0.1:4000/api.acme.com/v1`: the host is the first segment of the
//! path, templates in it included, so that hosts stay apart from each other. The vendor that is made of such an entry
//! agrees with a runtime that was given the same overlay, signatures over URLs and links between pages included. A
//! template for a whole origin stays: its value is the address itself.

use keyway_compiler::resolve::Resolved;
use keyway_compiler::schema::to_json;
use keyway_compiler::syntax::{Mapping, Node};
use serde_json::{Map, Value};
use std::net::SocketAddr;

/// Keys whose values are URLs that the runtime or a browser calls.
const URL_KEYS: [&str; 8] = [
    "authorization_url",
    "base_url",
    "base_url_override",
    "refresh_url",
    "registration_url",
    "request_url",
    "token_url",
    "url",
];
/// Keys below which URLs are addresses of pages for people.
const NOT_CALLED: [&str; 2] = ["allow", "sources"];

/// The overlay: whole values of the entry's keys in which a URL was moved, since an alias replaces what it inherits by
/// whole values. Empty where no URL can be moved.
pub fn overlay(entry: &Resolved, address: SocketAddr) -> Map<String, Value> {
    let members = entry.body.iter().filter_map(|member| {
        let (value, moved) = value(&member.key.name, &member.value, address);
        moved.then(|| (member.key.name.clone(), value))
    });
    Map::from_iter([(entry.key.name.clone(), Value::Object(members.collect()))])
}

/// A value with its URLs moved, and whether there were any. The depth is bounded by the parser.
fn value(key: &str, node: &Node, address: SocketAddr) -> (Value, bool) {
    if NOT_CALLED.contains(&key) {
        return (to_json(node), false);
    }
    if let Some(mapping) = node.as_mapping() {
        return map(key, mapping, address);
    }
    if let Some(items) = node.as_sequence() {
        let (items, moved): (Vec<Value>, Vec<bool>) = items.iter().map(|item| value(key, item, address)).unzip();
        return (Value::Array(items), moved.contains(&true));
    }
    match node.as_str().filter(|_| URL_KEYS.contains(&key)).and_then(|url| moved(url, address)) {
        Some(url) => (Value::String(url), true),
        None => (to_json(node), false),
    }
}

fn map(key: &str, mapping: &Mapping, address: SocketAddr) -> (Value, bool) {
    let mut any = false;
    let members = mapping.iter().map(|member| {
        // A map of token URLs has the names of requests as its keys.
        let own = if key == "token_url" { key } else { member.key.name.as_str() };
        let (value, moved) = value(own, &member.value, address);
        any |= moved;
        (member.key.name.clone(), value)
    });
    (Value::Object(members.collect()), any)
}

/// A template of a URL, moved; of alternatives, each. `None` where nothing of it can be.
fn moved(template: &str, address: SocketAddr) -> Option<String> {
    let (mut text, mut any, here) = (String::new(), false, address.to_string());
    for (at, alternative) in template.split("||").enumerate() {
        if at > 0 {
            text.push_str("||");
        }
        let url = alternative.trim_start();
        let before = alternative.get(..alternative.len() - url.len()).unwrap_or_default();
        text.push_str(before);
        match url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) {
            Some(rest) => {
                any = true;
                text.extend(["http://", &here, "/", rest]);
            }
            None => text.push_str(url),
        }
    }
    any.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_url_becomes_the_first_segment_of_its_path() {
        for (template, expected) in [
            ("https://api.acme.com/v1", Some("http://127.0.0.1:4000/api.acme.com/v1")),
            ("https://api.acme.com", Some("http://127.0.0.1:4000/api.acme.com")),
            ("http://api.acme.com:8080/v1?a=b", Some("http://127.0.0.1:4000/api.acme.com:8080/v1?a=b")),
            (
                "https://${connectionConfig.sub}.acme.com/x",
                Some("http://127.0.0.1:4000/${connectionConfig.sub}.acme.com/x"),
            ),
            ("${connectionConfig.a} || https://b.com", Some("${connectionConfig.a} || http://127.0.0.1:4000/b.com")),
            ("${connectionConfig.instance_url}/x", None),
            ("/relative", None),
        ] {
            let address = "127.0.0.1:4000".parse().unwrap();
            assert_eq!(moved(template, address).as_deref(), expected, "{template}");
        }
    }
}
