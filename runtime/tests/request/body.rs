//! Bodies: which methods have one, and what the provider merges into it.

use super::providers::{FIXED, build, call, config, fixed, pairs, root, sent};
use keyway::credentials::Credentials;
use keyway::request::CallBody;
use keyway_spec::{Entry, Position, ProviderSpec, Proxy, Root, Template, Value};
use serde_json::json;

#[test]
fn bodies_go_with_the_methods_that_have_one() {
    for (method, body, refused) in [
        ("GET", CallBody::Json(json!({})), true),
        ("HEAD", CallBody::Bytes("x".into()), true),
        ("GET", CallBody::Stream, true),
        ("GET", CallBody::Bytes("".into()), false),
        ("POST", CallBody::Stream, false),
        ("DELETE", CallBody::Json(json!({"a": 1})), false),
        ("OPTIONS", CallBody::Bytes("x".into()), false),
        ("PROPFIND", CallBody::Bytes("<propfind/>".into()), false),
        ("QUERY", CallBody::JsonText("{}".into()), false),
        ("SEARCH", CallBody::Stream, false),
        ("TRACE", CallBody::Empty, true),
        ("CONNECT", CallBody::Empty, true),
    ] {
        let result = fixed(&call(method, "/x").body(body));
        assert_eq!(result.is_err(), refused, "{method}: {result:?}");
    }
}

#[test]
fn the_providers_values_are_merged_into_bodies() {
    const BODY: &[Entry] = &[
        Entry { name: "key", value: Value::Text(Template::Nodes(&[root(Root::Credentials, "apiKey")])) },
        Entry { name: "on", value: Value::Bool(true) },
        Entry {
            name: "nested",
            value: Value::Map(&[Entry {
                name: "v",
                value: Value::Text(Template::Nodes(&[config("version", Position::Text)])),
            }]),
        },
    ];
    let spec = ProviderSpec { proxy: Some(Proxy { body: BODY, ..FIXED.proxy.unwrap() }), ..FIXED };
    let form = pairs(&[("content-type", "application/x-www-form-urlencoded")]);
    let run = |method: &str, body: CallBody, headers: &[(String, String)], version: &str| {
        let call = call(method, "/x").body(body).headers(headers.to_vec());
        build(&spec, &[("version", version)], &Credentials::api_key("k3yy"), &call).map(|plan| match plan.body {
            CallBody::Json(value) => value.to_string(),
            CallBody::Bytes(bytes) | CallBody::JsonText(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            CallBody::Form(pairs) => format!("{pairs:?}"),
            CallBody::Empty => String::new(),
            CallBody::Stream => "stream".to_owned(),
            other => panic!("a body that this test does not know: {other:?}"),
        })
    };
    let json = |value| CallBody::Json(value);
    for (method, body, headers, version, expected) in [
        ("GET", CallBody::Empty, &[] as &[_], "", Some("")),
        ("POST", CallBody::Empty, &[], "", Some(r#"{"key":"k3yy","on":true,"nested":{"v":""}}"#)),
        (
            "POST",
            json(json!({"a": 1, "key": "x"})),
            &[],
            "2",
            Some(r#"{"a":1,"key":"k3yy","on":true,"nested":{"v":"2"}}"#),
        ),
        (
            "POST",
            CallBody::Bytes(r#"{"a":1}"#.into()),
            &[],
            "2",
            Some(r#"{"a":1,"key":"k3yy","on":true,"nested":{"v":"2"}}"#),
        ),
        (
            "QUERY",
            CallBody::Bytes(r#"{"id":10000000000000000000001,"p":1.50,"p":1,"key":"x","s":"\u00e9"}"#.into()),
            &[],
            "2",
            Some(
                r#"{"id":10000000000000000000001,"p":1.50,"p":1,"key":"k3yy","s":"\u00e9","on":true,"nested":{"v":"2"}}"#,
            ),
        ),
        ("PROPFIND", CallBody::Empty, &[], "2", Some("")),
        ("PROPFIND", CallBody::Bytes("<propfind/>".into()), &[], "2", None),
        ("POST", CallBody::Bytes("a=1".into()), &form, "2", Some("a=1&key=k3yy&on=true&nested%5Bv%5D=2")),
        ("POST", json(json!([1])), &[], "2", None),
        ("POST", CallBody::Stream, &[], "2", None),
    ] {
        let result = run(method, body, headers, version);
        assert_eq!(result.as_deref().ok(), expected, "{method}");
    }
}

#[test]
fn a_json_body_has_its_content_type_unless_the_caller_names_one() {
    let body = CallBody::Json(json!({}));
    let text = fixed(&call("POST", "/x").body(CallBody::JsonText("{}".into()))).unwrap();
    assert_eq!(sent(&text).last(), Some(&("content-type", "application/json", false)));
    let plan = fixed(&call("POST", "/x").body(body.clone())).unwrap();
    assert_eq!(sent(&plan).last(), Some(&("content-type", "application/json", false)));
    let headers = pairs(&[("Content-Type", "application/vnd.api+json")]);
    let plan = fixed(&call("POST", "/x").body(body).headers(headers)).unwrap();
    assert_eq!(sent(&plan).last(), Some(&("content-type", "application/vnd.api+json", false)));
}
