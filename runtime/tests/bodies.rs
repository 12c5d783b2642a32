//! Bodies of calls: forms, multipart forms, and what a provider adds to them, as an upstream gets them.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use http::Method;
use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::transport::Body;
use keyway::{Call, CallBody, ConnectionKey, ErrorKind, Keyway};
use keyway_spec::{Entry, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Value};
use serde_json::json;
use std::collections::BTreeMap;
use support::{Hand, Mock, api_key, get, keyway, reply};

const FORM: &str = "application/x-www-form-urlencoded";

const KEY: Reference = Reference { root: Root::Credentials, path: "apiKey", position: Position::Text };
const INNER: Value = Value::Text(Template::Nodes(&[Node::Reference(KEY)]));
const ADDED: &[Entry] = &[Entry { name: "auth", value: Value::Map(&[Entry { name: "key", value: INNER }]) }];
const FORM_HEADER: &[(&str, Template)] = &[("content-type", Template::Nodes(&[Node::Text(FORM)]))];

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn connected(mock: &Mock, proxy: impl FnOnce(Proxy) -> Proxy) -> Keyway {
    let spec = api_key(mock.address);
    let proxy = spec.proxy.map(proxy);
    let keyway = keyway(Box::leak(Box::new(ProviderSpec { proxy, ..*spec })), &Hand::new());
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key(), config, metadata, Credentials::api_key("k"), Trust::User).await.unwrap();
    keyway
}

fn post(body: CallBody, content_type: Option<&str>) -> Call {
    let headers = content_type.map(|value| ("Content-Type".to_owned(), value.to_owned()));
    get("/things").method(Method::POST).headers(headers).body(body)
}

fn form(pairs: &[(&str, &str)]) -> CallBody {
    CallBody::Form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[tokio::test]
async fn bodies_arrive_in_the_shape_that_their_type_names() {
    let mock = Mock::start(|_| reply(200, "")).await;
    let plain = connected(&mock, |proxy| proxy).await;
    let forms = connected(&mock, |proxy| Proxy { headers: FORM_HEADER, ..proxy }).await;
    let object = || CallBody::Json(json!({"a": "x y", "b": {"c": [1]}}));
    for (keyway, body, said, expected) in [
        (&plain, form(&[("a", "x y"), ("a", "&")]), None, (FORM, "a=x+y&a=%26")),
        (
            &plain,
            form(&[("a", "1")]),
            Some("application/x-www-form-urlencoded; charset=utf-8"),
            ("application/x-www-form-urlencoded; charset=utf-8", "a=1"),
        ),
        (&plain, object(), None, ("application/json", r#"{"a":"x y","b":{"c":[1]}}"#)),
        (&plain, object(), Some(FORM), (FORM, "a=x+y&b%5Bc%5D%5B0%5D=1")),
        (&forms, object(), None, (FORM, "a=x+y&b%5Bc%5D%5B0%5D=1")),
        (&forms, object(), Some("application/json"), ("application/json", r#"{"a":"x y","b":{"c":[1]}}"#)),
        (
            &plain,
            CallBody::Bytes("--b--".into()),
            Some("multipart/form-data; boundary=b"),
            ("multipart/form-data; boundary=b", "--b--"),
        ),
    ] {
        keyway.send(&key(), post(body, said), None).await.unwrap();
        let seen = mock.seen().pop().unwrap();
        assert_eq!((seen.header("content-type"), seen.body.as_str()), expected);
    }
    for (keyway, body, said) in [
        (&forms, CallBody::Json(json!([1])), None),
        (&plain, form(&[]), Some("application/json")),
        (&plain, object(), Some("multipart/form-data")),
        (&plain, form(&[]), Some("multipart/form-data; boundary=b")),
    ] {
        let error = keyway.send(&key(), post(body, said), None).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)), "{said:?}");
    }
}

#[tokio::test]
async fn a_providers_values_are_added_to_any_form() {
    let mock = Mock::start(|_| reply(200, "")).await;
    let keyway = connected(&mock, |proxy| Proxy { body: ADDED, ..proxy }).await;
    let multipart = "multipart/form-data; boundary=\"b 1\"";
    let own = "--b 1\r\ncontent-disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n\0\r\n";
    for (body, said, expected) in [
        (CallBody::Empty, None, r#"{"auth":{"key":"k"}}"#.to_owned()),
        (CallBody::Empty, Some(FORM), "auth%5Bkey%5D=k".to_owned()),
        (form(&[("a", "1")]), None, "a=1&auth%5Bkey%5D=k".to_owned()),
        (CallBody::Bytes("a=%zz".into()), Some(FORM), "a=%zz&auth%5Bkey%5D=k".to_owned()),
        (CallBody::Json(json!({"a": 1})), Some(FORM), "a=1&auth%5Bkey%5D=k".to_owned()),
        (
            CallBody::Bytes(r#"{"a":1}"#.into()),
            Some("application/scim+json"),
            r#"{"a":1,"auth":{"key":"k"}}"#.to_owned(),
        ),
        (
            CallBody::Bytes(format!("{own}--b 1--\r\n").into()),
            Some(multipart),
            format!("{own}--b 1\r\ncontent-disposition: form-data; name=\"auth[key]\"\r\n\r\nk\r\n--b 1--\r\n"),
        ),
    ] {
        keyway.send(&key(), post(body, said), None).await.unwrap();
        assert_eq!(mock.seen().pop().unwrap().body, expected, "{said:?}");
    }
    for (body, said) in [
        (CallBody::Bytes("no end".into()), Some(multipart)),
        (CallBody::Bytes("--b--".into()), Some("multipart/form-data")),
        (CallBody::Bytes("<a/>".into()), Some("application/xml")),
        (CallBody::Stream, Some(multipart)),
        (CallBody::Stream, None),
    ] {
        let stream = matches!(body, CallBody::Stream).then(|| Body::full("x"));
        let error = keyway.send(&key(), post(body, said), stream).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)), "{said:?}");
    }
}
