//! Two requests, or two exchanges, place by place: where they differ.
//!
//! A place is `host`, `query.limit`, `header.accept`, `body.scope`, `access`. What is one text and has parts of its own
//! is taken apart: the parameters of an `authorization` header (`header.authorization.oauth_signature`), the claims of
//! a JWT (`body.assertion.jwt.payload.exp`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use url::{Position, Url};

/// A place at which two sides differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Differing {
    pub(crate) at: At,
    pub(crate) recorded: Option<String>,
    pub(crate) ours: Option<String>,
}

/// Which request of an exchange, `None` for what became of it, and the place.
pub(crate) type At = (Option<usize>, String);

/// Where two sides differ; a side that refuses differs as a whole.
pub(crate) fn differing(recorded: &Value, ours: &Value) -> Vec<Differing> {
    let refused = [recorded, ours].iter().any(|side| side.is_string());
    let (before, after) = (places(recorded), places(ours));
    let all: BTreeSet<&At> = before.keys().chain(after.keys()).collect();
    let all = all.into_iter().filter(|at| !refused || at.1 == REFUSED);
    let text = |side: &BTreeMap<At, String>, at: &At| side.get(at).cloned();
    let differing = all.map(|at| Differing { at: at.clone(), recorded: text(&before, at), ours: text(&after, at) });
    let mut differing: Vec<Differing> = differing.filter(|place| place.recorded != place.ours).collect();
    if differing.is_empty() && !refused && recorded != ours {
        let [recorded, ours] = [recorded, ours].map(|side| Some(side.to_string()));
        differing.push(Differing { at: (None, "order".to_owned()), recorded, ours });
    }
    differing
}

/// The place of a side that sends nothing.
pub(crate) const REFUSED: &str = "refused";

/// Every place of a side, with its text.
pub(crate) fn places(side: &Value) -> BTreeMap<At, String> {
    let mut found = BTreeMap::new();
    if side.is_string() {
        // Why, is said in other words by each side.
        found.insert((None, REFUSED.to_owned()), REFUSED.to_owned());
        return found;
    }
    let requests = side["requests"].as_array().map_or(std::slice::from_ref(side), Vec::as_slice);
    for (number, request) in requests.iter().enumerate() {
        let mut put = |place: String, text: &str| {
            let at = (Some(number), place);
            // What is sent twice has both texts.
            let before = found.remove(&at).map(|before| before + ", ").unwrap_or_default();
            found.insert(at, before + text);
        };
        of_request(request, &mut |place, text| apart(place, text, &mut put));
    }
    for outcome in ["access", "refresh", "expires_at"] {
        let mut put = |place: String, text: &str| _ = found.insert((None, place), text.to_owned());
        if let Some(text) = side[outcome].as_str() {
            apart(outcome.to_owned(), text, &mut put);
        }
    }
    found
}

fn of_request(request: &Value, put: &mut dyn FnMut(String, &str)) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    put("method".to_owned(), &text(&request["method"]));
    match Url::parse(&text(&request["url"])) {
        Ok(url) => {
            put("scheme".to_owned(), url.scheme());
            put("host".to_owned(), &url[Position::BeforeHost..Position::BeforePath]);
            put("path".to_owned(), url.path());
            for (name, value) in url.query_pairs() {
                put(format!("query.{name}"), &value);
            }
        }
        Err(_) => put("host".to_owned(), &text(&request["url"])),
    }
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        put(format!("header.{name}"), &text(value));
    }
    match &request["body"] {
        Value::Null => {}
        // The pairs of a form.
        Value::Array(pairs) if pairs.iter().all(|pair| pair.as_array().is_some_and(|pair| pair.len() == 2)) => {
            for pair in pairs {
                put(format!("body.{}", text(&pair[0])), &text(&pair[1]));
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                put(format!("body.{name}"), &text(value));
            }
        }
        other => put("body".to_owned(), &text(other)),
    }
}

/// A text, or its parts where it is known to have some.
fn apart(place: String, text: &str, put: &mut dyn FnMut(String, &str)) {
    if let Some((parts, scheme)) = claims(text).map(|parts| (parts, "jwt")).or(parameters(text)) {
        for (name, value) in parts {
            put(format!("{place}.{scheme}{name}"), &value);
        }
    } else {
        put(place, text);
    }
}

type Parts = Vec<(String, String)>;

/// The claims of a JWT and its signature.
fn claims(text: &str) -> Option<Parts> {
    let token = text.strip_prefix("Bearer ").unwrap_or(text);
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { return None };
    let mut parts = vec![(".signature".to_owned(), signature.to_owned())];
    for (name, encoded) in [("header", header), ("payload", payload)] {
        let decoded: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
        for (claim, value) in decoded.as_object()? {
            parts.push((format!(".{name}.{claim}"), value.to_string()));
        }
    }
    Some(parts)
}

/// The parameters of a header such as `OAuth a="1", b="2"`.
fn parameters(text: &str) -> Option<(Parts, &str)> {
    let (scheme, parameters) = text.split_once(' ')?;
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((format!(".{}", name.to_lowercase()), value.to_owned()))
    };
    let pairs: Option<Parts> = parameters.split(", ").map(pair).collect();
    let pairs = pairs.filter(|pairs| pairs.len() > 1)?;
    Some((pairs, scheme))
}

#[test]
fn each_difference_is_at_its_place() {
    let request = |url: &str, headers: &Value, body: &Value| {
        let method = "POST";
        json!({"method": method, "url": url, "headers": headers, "body": body})
    };
    let plain = |url: &str| request(url, &Value::Null, &Value::Null);
    let with = |headers: Value, body: Value| request("https://a.example/", &headers, &body);
    let signed = |signature: &str| with(json!({"authorization": signature}), Value::Null);
    let form = |pairs: Value| with(Value::Null, pairs);
    let jwt = |payload: &str, signature: &str| {
        let [header, payload] = ["{}", payload].map(|part| URL_SAFE_NO_PAD.encode(part));
        form(json!({"assertion": format!("{header}.{payload}.{signature}")}))
    };
    let nothing: &[&str] = &[];
    let cases = [
        (plain("https://a.example/x"), plain("https://a.example/x"), nothing),
        (plain("https://a.example/x"), plain("https://b.example:8443/y"), &["host", "path"]),
        (plain("https://a.example/?a=1&b=2"), plain("https://a.example/?a=1&b=3"), &["query.b"]),
        (signed("OAuth a=\"1\", s=\"2\""), signed("OAuth a=\"1\", s=\"3\""), &["header.authorization.OAuth.s"]),
        (signed("Basic YQ=="), signed("Basic Yg=="), &["header.authorization"]),
        (form(json!([["a", "1"]])), form(json!({"a": "2", "b": 1})), &["body.a", "body.b"]),
        (form(json!([["a", "1"], ["b", "2"]])), form(json!([["b", "2"], ["a", "1"]])), &["order"]),
        (form(json!([["a", "1"], ["a", "1"]])), form(json!([["a", "1"]])), &["body.a"]),
        (jwt("{\"exp\":1}", "x"), jwt("{\"exp\":2}", "x"), &["body.assertion.jwt.payload.exp"]),
        (jwt("{\"exp\":1}", "x"), jwt("{\"exp\":1}", "y"), &["body.assertion.jwt.signature"]),
        (plain("https://a.example/x"), Value::from("error: no"), &[REFUSED]),
        (Value::from("error: a"), Value::from("error: b"), nothing),
        (json!({"requests": [], "access": "a"}), json!({"requests": [], "access": "b"}), &["access"]),
    ];
    for (recorded, ours, expected) in cases {
        let found: Vec<String> = differing(&recorded, &ours).into_iter().map(|place| place.at.1).collect();
        assert_eq!(found, expected, "{recorded} {ours}");
    }
}
