//! Headers that sign the call.

use super::providers::{FIXED, build, call, hosts, pairs, root};
use keyway::ErrorKind;
use keyway::credentials::Credentials;
use keyway::request::CallBody;
use keyway_spec::template::{DatePart, Function, Now};
use keyway_spec::{HostClass, Node, ProviderSpec, Proxy, Root, Template};
use serde_json::json;

/// A header signed over the call, its parts told apart by `|`.
const SIGNED: &[Node] = &[
    root(Root::Method, ""),
    Node::Text("|"),
    root(Root::Host, ""),
    Node::Text("|"),
    root(Root::Path, ""),
    Node::Text("|"),
    root(Root::Endpoint, ""),
    Node::Text("|"),
    root(Root::Params, ""),
    Node::Text("|"),
    root(Root::UrlCanonicalParams, ""),
    Node::Text("|"),
    root(Root::BodyCanonicalParams, ""),
];

#[test]
fn signing_headers_see_the_final_call() {
    let headers = &[("x-signed", Template::Nodes(SIGNED))];
    let spec = ProviderSpec { proxy: Some(Proxy { headers, ..FIXED.proxy.unwrap() }), ..FIXED };
    let credentials = Credentials::api_key("k3yy");
    for (method, endpoint, body, expected) in [
        (
            "GET",
            "/a b?z=1&a=x/y",
            CallBody::Empty,
            "GET|api.vendor.com|/v1/a%20b|/a b?z=1&a=x/y|a=x%2Fy&key=k3yy&z=1|a=x%2Fy&key=k3yy&z=1|",
        ),
        (
            "POST",
            "/x",
            CallBody::Json(json!({"b": 2, "a": "x y"})),
            r#"POST|api.vendor.com|/v1/x|/x|a=x%20y&b=2|key=k3yy|{"b":2,"a":"x y"}"#,
        ),
        (
            "GET",
            "/x?n=%E9&'a'=1",
            CallBody::Empty,
            "GET|api.vendor.com|/v1/x|/x?n=%E9&'a'=1|%27a%27=1&key=k3yy&n=%E9|%27a%27=1&key=k3yy&n=%E9|",
        ),
        ("PUT", "/x", CallBody::Bytes("q=1&b=2".into()), "PUT|api.vendor.com|/v1/x|/x|b=2&q=1|key=k3yy|q=1&b=2"),
    ] {
        let plan = build(&spec, &[], &credentials, &call(method, endpoint).body(body)).unwrap();
        assert_eq!(plan.headers[0].value.expose(), expected);
    }
    let binary = call("POST", "/x").body(CallBody::Bytes(b"\xff\xfe"[..].into()));
    let error = build(&spec, &[], &credentials, &binary).unwrap_err();
    assert!(error.message().contains("not UTF-8"), "{error}");
    let streamed = call("POST", "/x").body(CallBody::Stream);
    assert_eq!(build(&spec, &[], &credentials, &streamed).unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[test]
fn nested_functions_sign_as_the_vendor_documents() {
    // The signature example of Duo's Admin API documentation.
    const DATE: Node = Node::Now(Now { offset: None, format: &[DatePart::Text("Tue, 21 Aug 2012 17:29:18 -0000")] });
    const MESSAGE: Template = Template::Nodes(&[
        DATE,
        Node::Text("\n"),
        root(Root::Method, ""),
        Node::Text("\n"),
        root(Root::Host, ""),
        Node::Text("\n"),
        root(Root::Path, ""),
        Node::Text("\n"),
        root(Root::Params, ""),
    ]);
    const HEADERS: &[(&str, Template)] = &[(
        "x-signature",
        Template::Nodes(&[Node::Call(
            Function::HmacSha1Hex,
            &[MESSAGE, Template::Nodes(&[root(Root::Credentials, "password")])],
        )]),
    )];
    let spec = ProviderSpec {
        proxy: Some(Proxy {
            base_url: Template::Text("https://api-xxxxxxxx.duosecurity.com"),
            headers: HEADERS,
            ..Proxy::EMPTY
        }),
        hosts: hosts(HostClass::Confined, &["*.duosecurity.com"]),
        ..FIXED
    };
    let credentials = Credentials::basic("DIWJ8X6AEYOR5OMC6TQ1", "Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep");
    let query = pairs(&[("username", "root"), ("realname", "First Last")]);
    let plan = build(&spec, &[], &credentials, &call("POST", "/accounts/v1/account/list").query_pairs(query)).unwrap();
    assert_eq!(plan.headers[0].value.expose().len(), 40);
    let get = call("GET", "/accounts/v1/account/list")
        .query_pairs(pairs(&[("username", "root"), ("realname", "First Last")]));
    let other = build(&spec, &[], &credentials, &get).unwrap();
    assert_ne!(plan.headers[0].value, other.headers[0].value, "the method and the parameters are signed");
}
