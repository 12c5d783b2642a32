//! From a provider, a connection and a call to a request: what is sent, and what is refused. In one file because every
//! table builds on the same three providers.
#![allow(clippy::unwrap_used)] // a test: what cannot be built should stop it

use keyway::clock::Moment;
use keyway::credentials::{Credentials, Token};
use keyway::egress::EgressPolicy;
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::mask::mask;
use keyway::planned::PlannedHeader;
use keyway::request::{Call, CallBody, Plan, USER_AGENT, egress, plan};
use keyway::{Error, ErrorKind, Secret};
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::template::{DatePart, Function, Now};
use keyway_spec::{
    Auth, Entry, Field, HostClass, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template,
    Value,
};
use serde_json::json;
use std::collections::BTreeMap;

const fn config(path: &'static str, position: Position) -> Node {
    Node::Reference(Reference { root: Root::ConnectionConfig, path, position })
}

const fn root(root: Root, path: &'static str) -> Node {
    Node::Reference(Reference { root, path, position: Position::Text })
}

const fn hosts(class: HostClass, patterns: &'static [&'static str]) -> Hosts {
    Hosts { api: HostSet::new(class, patterns), ..Hosts::EMPTY }
}

/// A fixed host with a path, a header, a query parameter and body values that need the key.
const FIXED: ProviderSpec = ProviderSpec {
    key: "fixed",
    auth: Auth::ApiKey,
    connection_config: &[Field { name: "version", optional: true, ..Field::EMPTY }],
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.vendor.com/v1/"),
        headers: &[
            ("x-key", Template::Nodes(&[root(Root::Credentials, "apiKey")])),
            ("x-version", Template::Nodes(&[config("version", Position::Text)])),
            ("user-agent", Template::Text("App")),
        ],
        query: &[("key", Template::Nodes(&[root(Root::Credentials, "apiKey")]))],
        ..Proxy::EMPTY
    }),
    hosts: hosts(HostClass::Fixed, &["api.vendor.com"]),
    ..ProviderSpec::EMPTY
};

/// A customer's label under the vendor's domain, HTTP Basic.
const CONFINED: ProviderSpec = ProviderSpec {
    key: "confined",
    auth: Auth::Basic,
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[
            Node::Text("https://"),
            config("subdomain", Position::HostLabel),
            Node::Text(".vendor.com/api/"),
            config("account", Position::Segment),
        ]),
        ..Proxy::EMPTY
    }),
    hosts: hosts(HostClass::Confined, &["*.vendor.com"]),
    ..ProviderSpec::EMPTY
};

/// A customer's own server.
const OPEN: ProviderSpec = ProviderSpec {
    key: "open",
    auth: Auth::None,
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[config("url", Position::Origin), Node::Text("/api")]),
        ..Proxy::EMPTY
    }),
    hosts: hosts(HostClass::Open, &["*:*"]),
    ..ProviderSpec::EMPTY
};

const OAUTH2: OAuth2 = OAuth2 { authorization: Authorization::EMPTY, token: TokenEndpoint::EMPTY, outbound: None };

fn build(spec: &ProviderSpec, values: &[(&str, &str)], credentials: &Credentials, call: &Call) -> Result<Plan, Error> {
    let config = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let integration = IntegrationRecord::default().allowed_hosts(["other.com"]);
    let moment =
        Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid: "11111111-2222-4333-8444-555555555555".into() };
    let inputs = Inputs {
        spec,
        integration: &integration,
        config: &config,
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials,
        moment: &moment,
    };
    let plan = plan(&inputs, call)?;
    egress(&inputs, EgressPolicy::default(), call).check_url(&plan.url.0)?;
    Ok(plan)
}

fn call(method: &str, endpoint: &str) -> Call {
    Call::new(method.parse().unwrap(), endpoint)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn fixed(call: &Call) -> Result<Plan, Error> {
    build(&FIXED, &[], &Credentials::api_key("s3cret"), call)
}

/// What is sent beside the headers that every request has.
fn sent(plan: &Plan) -> Vec<(&str, &str, bool)> {
    let own = |header: &&PlannedHeader| [USER_AGENT, "*/*"].contains(&header.value.expose());
    let said = plan.headers.iter().filter(|header| !own(header));
    said.map(|header| (&*header.name, header.value.expose(), header.injected)).collect()
}

#[test]
fn endpoints_stay_below_the_base_and_as_they_are_written() {
    for (endpoint, expected) in [
        ("/", Ok("https://api.vendor.com/v1?key=s3cret")),
        ("things", Ok("https://api.vendor.com/v1/things?key=s3cret")),
        ("/things?a=b%20c", Ok("https://api.vendor.com/v1/things?a=b%20c&key=s3cret")),
        ("?a=1", Ok("https://api.vendor.com/v1?a=1&key=s3cret")),
        ("/a//b/", Ok("https://api.vendor.com/v1/a//b/?key=s3cret")),
        ("/a/..b/.../c.", Ok("https://api.vendor.com/v1/a/..b/.../c.?key=s3cret")),
        ("/a%2F..%2fb/%e9%zz", Ok("https://api.vendor.com/v1/a%2F..%2fb/%e9%zz?key=s3cret")),
        ("/:@!$&'()*+,;=|~", Ok("https://api.vendor.com/v1/:@!$&'()*+,;=|~?key=s3cret")),
        ("/items/ ", Ok("https://api.vendor.com/v1/items/%20?key=s3cret")),
        ("@evil.net/x", Ok("https://api.vendor.com/v1/@evil.net/x?key=s3cret")),
        ("/x?key=caller&key=twice", Ok("https://api.vendor.com/v1/x?key=s3cret")),
        ("/x?a=1&k%65y=caller&b=2&key", Ok("https://api.vendor.com/v1/x?a=1&key=s3cret&b=2")),
        ("/x#fragment", Ok("https://api.vendor.com/v1/x?key=s3cret")),
        ("/x?a#fragment?b", Ok("https://api.vendor.com/v1/x?a&key=s3cret")),
        ("/${credentials.apiKey}||x", Ok("https://api.vendor.com/v1/$%7Bcredentials.apiKey%7D||x?key=s3cret")),
        ("https://api.vendor.com/v1/things", Ok("https://api.vendor.com/v1/things?key=s3cret")),
        ("HTTPS://API.vendor.com:443/v1", Ok("https://api.vendor.com/v1?key=s3cret")),
        ("https://api.vendor.com/v1?a=1", Ok("https://api.vendor.com/v1?a=1&key=s3cret")),
        ("https://api.vendor.com/v12/things", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com/v1/../x", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com:8443/v1/x", Err(ErrorKind::InvalidRequest)),
        ("https://user@api.vendor.com/v1/x", Err(ErrorKind::InvalidRequest)),
        ("http://api.vendor.com/v1/x", Err(ErrorKind::InvalidRequest)),
        ("https://evil.net/x?a=1", Ok("https://api.vendor.com/v1/https://evil.net/x?a=1&key=s3cret")),
        ("https://api.vendor.com.evil.net", Ok("https://api.vendor.com/v1/https://api.vendor.com.evil.net?key=s3cret")),
        ("https://api.vendor.com@evil.net", Ok("https://api.vendor.com/v1/https://api.vendor.com@evil.net?key=s3cret")),
        ("https://${host}/x", Ok("https://api.vendor.com/v1/https://$%7Bhost%7D/x?key=s3cret")),
        ("https://evil.net/../../../../x", Err(ErrorKind::InvalidRequest)),
        ("", Err(ErrorKind::InvalidRequest)),
    ] {
        let url = fixed(&call("GET", endpoint)).map(|plan| plan.target().into_owned()).map_err(|error| error.kind());
        assert_eq!(url.as_deref(), expected.as_ref().copied(), "{endpoint:?}");
    }
}

#[test]
fn a_path_that_would_become_another_is_refused_with_the_reason() {
    for (endpoint, reason) in [
        ("/a/../b", "`..` segment"),
        ("/a/..", "`..` segment"),
        ("/things/.", "`..` segment"),
        ("..", "`..` segment"),
        ("/./things", "`..` segment"),
        ("/../admin", "`..` segment"),
        ("/../v12", "`..` segment"),
        ("/%2e%2E/admin", "`..` segment"),
        ("/a/.%2e/b?x=1", "`..` segment"),
        ("/a/%2E", "`..` segment"),
        ("https://api.vendor.com/v1/a/%2e%2e", "`..` segment"),
        ("/..\\admin", "`%5C`"),
        ("/a\\b", "`%5C`"),
        ("\\x", "`%5C`"),
        ("//evil.net/x", "begins with `//`"),
        ("///x", "begins with `//`"),
        ("https://api.vendor.com/v1//x", "begins with `//`"),
        ("/.\t./admin", "control character"),
        ("/a\r\nb", "control character"),
        ("/x?a=\n", "control character"),
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let error = fixed(&call(method, endpoint)).unwrap_err();
            assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)), "{endpoint:?}");
            assert!(error.message().contains(reason), "{endpoint:?}: {error}");
        }
    }
    // In a query they mean nothing.
    let plan = fixed(&call("GET", "/x?path=/a/../b&q=..\\c&r=//d")).unwrap();
    assert_eq!(plan.target(), "https://api.vendor.com/v1/x?path=/a/../b&q=..\\c&r=//d&key=s3cret");
}

#[test]
fn a_query_leaves_as_it_came_and_parameters_are_appended() {
    let bare = ProviderSpec { proxy: Some(Proxy { query: &[], ..FIXED.proxy.unwrap() }), ..FIXED };
    for query in [
        "q=caf%E9&flag&&x",
        "$filter=name%20eq%20'O''Neil'",
        "sort[0]=a&filter[b]={c}|d^e`f",
        "a=b+c&d=%2B&e=1;f=2&g=h/i:j@k?l",
        "%7e=~&a=b=c&=&%zz",
        "a=1&a=1",
        "",
    ] {
        let endpoint = format!("/x?{query}");
        let alone = build(&bare, &[], &Credentials::api_key("s3cret"), &call("GET", &endpoint)).unwrap();
        assert_eq!(alone.target(), format!("https://api.vendor.com/v1{endpoint}"));
        let added = fixed(&call("GET", &endpoint)).unwrap();
        let separator = if query.is_empty() { "" } else { "&" };
        assert_eq!(added.target(), format!("https://api.vendor.com/v1{endpoint}{separator}key=s3cret"));
    }
    // What no request line can hold is encoded.
    let plan = fixed(&call("GET", "/x?q=a b\"<ü>")).unwrap();
    assert_eq!(plan.target(), "https://api.vendor.com/v1/x?q=a%20b%22%3C%C3%BC%3E&key=s3cret");
}

#[test]
fn parameters_are_set_over_the_endpoints_and_the_provider_wins() {
    let query = pairs(&[("a", "3"), ("b", "x y&~*+"), ("b", "z"), ("key", "caller")]);
    let plan = fixed(&call("GET", "/x?a=1&c=2&a=2").query_pairs(query)).unwrap();
    assert_eq!(plan.query.as_ref().map(Secret::expose), Some("a=3&c=2&b=x+y%26%7E*%2B&b=z&key=s3cret"));
}

#[test]
fn a_value_in_a_path_is_encoded_as_a_segment() {
    for (value, expected) in [
        ("a/b", "a%2Fb"),
        ("12:AB-c_d.e~f", "12:AB-c_d.e~f"),
        ("@!$&'()*+,;=", "@!$&'()*+,;="),
        ("a b%c?d#e[f]\"<>^`{|}ä", "a%20b%25c%3Fd%23e%5Bf%5D%22%3C%3E%5E%60%7B%7C%7D%C3%A4"),
    ] {
        let values = [("subdomain", "acme"), ("account", value)];
        let plan = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x")).unwrap();
        assert_eq!(plan.target(), format!("https://acme.vendor.com/api/{expected}/x"), "{value}");
    }
}

#[test]
fn a_request_names_its_program_and_takes_any_type() {
    let bare = ProviderSpec { proxy: Some(Proxy { headers: &[], ..FIXED.proxy.unwrap() }), ..FIXED };
    let credentials = Credentials::api_key("s3cret");
    for (spec, headers, passed, expected) in [
        (&bare, vec![], vec![], vec![("user-agent", "acme/1"), ("accept", "*/*")]),
        (&bare, vec![("User-Agent", "mine/2")], vec![], vec![("user-agent", "mine/2"), ("accept", "*/*")]),
        (&FIXED, vec![("User-Agent", "mine/2")], vec![], vec![("user-agent", "App"), ("accept", "*/*")]),
        (
            &bare,
            vec![],
            vec![("accept", "a/b"), ("accept", "c/d")],
            vec![("accept", "a/b"), ("accept", "c/d"), ("user-agent", "acme/1")],
        ),
        (&bare, vec![("accept", "e/f")], vec![("accept", "a/b")], vec![("accept", "e/f"), ("user-agent", "acme/1")]),
        (
            &FIXED,
            vec![],
            vec![("user-agent", "node"), ("range", "bytes=0-1")],
            vec![("user-agent", "App"), ("range", "bytes=0-1"), ("accept", "*/*")],
        ),
    ] {
        let call = call("GET", "/").headers(pairs(&headers)).passed(pairs(&passed));
        let plan = build(spec, &[], &credentials, &call).unwrap().named("acme/1");
        let sent = plan.headers.iter().map(|header| (&*header.name, header.value.expose()));
        assert_eq!(sent.filter(|(name, _)| *name != "x-key").collect::<Vec<_>>(), expected, "{headers:?} {passed:?}");
    }
    let framing = call("GET", "/").passed(pairs(&[("content-length", "3")]));
    assert_eq!(fixed(&framing).unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[test]
fn callers_win_over_the_provider_except_for_the_user_agent() {
    let headers = pairs(&[("X-Key", "mine"), ("User-Agent", "curl"), ("Accept", "a"), ("accept", "b")]);
    let plan = fixed(&call("GET", "/x").headers(headers)).unwrap();
    assert_eq!(
        sent(&plan),
        [("x-key", "mine", true), ("user-agent", "App", true), ("accept", "a", false), ("accept", "b", false)]
    );
}

#[test]
fn a_header_of_an_optional_value_appears_with_it() {
    let credentials = Credentials::api_key("k3yy");
    for (values, expected) in [(vec![], 2), (vec![("version", "")], 2), (vec![("version", "7")], 3)] {
        let plan = build(&FIXED, &values, &credentials, &call("GET", "/")).unwrap();
        assert_eq!(sent(&plan).len(), expected, "{values:?}");
    }
}

#[test]
fn headers_that_do_not_fit_are_refused_by_name() {
    for (name, value, expected) in [
        ("x-a", "a\r\nx-b: c", "`x-a`"),
        ("x-a", "a\0", "`x-a`"),
        ("x-a", "a\u{7f}", "`x-a`"),
        ("x a", "b", "`x a`"),
        ("Host", "evil.net", "`host`"),
        ("content-length", "5", "`content-length`"),
        ("Proxy-Authenticate", "Basic", "`proxy-authenticate`"),
    ] {
        let headers = pairs(&[(name, value)]);
        let error = fixed(&call("GET", "/").headers(headers)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.message().contains(expected), "{error}");
    }
    let error = build(&FIXED, &[], &Credentials::api_key("s3cret\nx: y"), &call("GET", "/")).unwrap_err();
    assert!(error.message().contains("`x-key`") && !error.to_string().contains("s3cret"), "{error}");
}

#[test]
fn a_missing_credential_is_named() {
    let error = build(&FIXED, &[], &Credentials::default(), &call("GET", "/")).unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::MissingValue, Some(false)));
    assert!(error.message().contains("`credentials.apiKey`"), "{error}");
}

#[test]
fn modes_have_their_header() {
    let token = Token::new("t0k");
    let token = Credentials::default().token(token);
    let oauth2 = ProviderSpec { auth: Auth::OAuth2(OAUTH2), ..OPEN };
    let basic = ProviderSpec { auth: Auth::Basic, ..OPEN };
    let values = [("url", "https://git.acme.com")];
    for (spec, credentials, expected) in [
        (OPEN, Credentials::default(), Ok(vec![])),
        (oauth2, token, Ok(vec![("authorization", "Bearer t0k", true)])),
        (oauth2, Credentials::default(), Err(ErrorKind::MissingValue)),
        (
            basic,
            Credentials::basic("Aladdin", "open sesame"),
            Ok(vec![("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", true)]),
        ),
        (basic, Credentials::default(), Err(ErrorKind::MissingValue)),
        (ProviderSpec { auth: Auth::Tba, ..OPEN }, Credentials::default(), Err(ErrorKind::MissingValue)),
    ] {
        let plan = build(&spec, &values, &credentials, &call("GET", "/"));
        let headers = plan.as_ref().map(sent).map_err(Error::kind);
        assert_eq!(headers, expected, "{}", spec.auth.mode());
    }
}

#[test]
fn an_empty_authorization_sends_none() {
    let headers = pairs(&[("Authorization", "")]);
    let values = [("subdomain", "acme"), ("account", "7")];
    let plan = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/").headers(headers)).unwrap();
    assert_eq!(sent(&plan), []);
}

#[test]
fn no_value_moves_a_credential_to_another_host_or_path() {
    let attacks = [
        "evil.com/",
        "evil.com#",
        "evil.com?",
        "evil.com\\",
        "a@evil.com",
        "evil.com:443/",
        "evil.com%2F",
        "evil.com%00",
        "evil.com\t",
        "\u{ff0f}evil.com",
        "evil.com\u{3002}",
        "..",
        "a..b",
        "",
        " ",
        "[::1]",
        "127.0.0.1/",
        "x:8443",
    ];
    for value in attacks {
        let values = [("subdomain", value), ("account", "7")];
        let result = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x"));
        assert!(result.is_err(), "{value:?} as a host label gave {result:?}");
    }
    for value in attacks.iter().chain(&["../../x", "a/b", "%2e%2e", "?a", "#b"]) {
        let values = [("subdomain", "acme"), ("account", *value)];
        let Ok(plan) = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x")) else { continue };
        let url = &plan.url.0;
        assert_eq!(url.host_str(), Some("acme.vendor.com"), "{value:?}");
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        assert!(matches!(segments.as_slice(), ["api", _, "x"]) && url.query().is_none(), "{value:?} gave {url}");
    }
    for value in [
        "https://u:p@git.acme.com",
        "https://git.acme.com?x=",
        "https://git.acme.com#",
        "http://git.acme.com",
        "https://127.0.0.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://localhost",
        "https://intranet",
        "https://169.254.169.254/latest",
        "https://metadata.google.internal",
        "https://git.acme.com/..",
        "file:///etc",
        "//git.acme.com",
        "https:/git.acme.com",
        "https://git.acme.com\\@evil.com",
    ] {
        let result = build(&OPEN, &[("url", value)], &Credentials::default(), &call("GET", "/x"));
        assert!(result.is_err(), "{value:?} as an origin gave {result:?}");
    }
    for (value, expected) in [
        ("https://git.acme.com:8443", "https://git.acme.com:8443/api/x"),
        ("https://git.acme.com:8443/", "https://git.acme.com:8443/api/x"),
        ("https://git.acme.com:8443/base", "https://git.acme.com:8443/base/api/x"),
        ("https://git.acme.com:8443/base/", "https://git.acme.com:8443/base//api/x"),
    ] {
        let plan = build(&OPEN, &[("url", value)], &Credentials::default(), &call("GET", "/x"));
        assert_eq!(plan.unwrap().url.0.as_str(), expected);
    }
}

#[test]
fn no_pair_of_hostile_characters_moves_the_host_or_the_path() {
    let hostile: Vec<char> = "/\\?#@:.%-_a1[] \t\n\0|;&=\u{3002}\u{ff0f}\u{ad}é".chars().collect();
    let credentials = Credentials::basic("u", "p");
    let mut built = 0;
    for before in &hostile {
        for after in &hostile {
            for value in
                [format!("{before}{after}"), format!("{before}evil.com{after}"), format!("evil{before}{after}com")]
            {
                for values in
                    [[("subdomain", value.as_str()), ("account", "7")], [("subdomain", "acme"), ("account", &value)]]
                {
                    let Ok(plan) = build(&CONFINED, &values, &credentials, &call("GET", "/x")) else { continue };
                    let url = &plan.url.0;
                    let segments: Vec<&str> = url.path_segments().unwrap().collect();
                    let below =
                        matches!(segments.as_slice(), ["api", _, "x"]) && url.query().is_none() && url.port().is_none();
                    assert!(below && url.host_str().unwrap().ends_with(".vendor.com"), "{values:?} gave {url}");
                    built += 1;
                }
            }
        }
    }
    assert!(built > 500, "only {built} values fit: the test refuses everything");
}

#[test]
fn a_base_that_misses_a_value_is_an_error_that_names_it() {
    let error = build(&CONFINED, &[("account", "7")], &Credentials::basic("u", "p"), &call("GET", "/")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingValue);
    assert!(error.message().contains("`connectionConfig.subdomain`"), "{error}");
}

#[test]
fn an_override_stays_inside_the_hosts_and_is_no_template() {
    let with = |base: &str| call("GET", "/x").base_url_override(base);
    for (base, expected) in [
        ("https://api.vendor.com/v2/", Ok("https://api.vendor.com/v2/x?key=s3cret")),
        ("https://other.com", Ok("https://other.com/x?key=s3cret")),
        ("https://evil.net", Err(ErrorKind::HostNotAllowed)),
        ("https://api.vendor.com@evil.net", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com/a/..", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com?x=", Err(ErrorKind::InvalidRequest)),
        ("ftp://api.vendor.com", Err(ErrorKind::InvalidRequest)),
        ("https://${connectionConfig.version}.vendor.com", Err(ErrorKind::HostNotAllowed)),
    ] {
        let url = fixed(&with(base)).map(|plan| plan.url.0.to_string()).map_err(|error| error.kind());
        assert_eq!(url.as_deref(), expected.as_ref().copied(), "{base}");
    }
    let error = build(&ProviderSpec::EMPTY, &[], &Credentials::default(), &call("GET", "/")).unwrap_err();
    assert!(error.message().contains("has no base URL"), "{error}");
}

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

#[test]
fn nothing_that_is_shown_holds_the_secret() {
    let credentials = Credentials::api_key("s3cret");
    let plan = fixed(&call("GET", "/x")).unwrap();
    assert!(!format!("{plan:?}").contains("s3cret"), "{plan:?}");
    let shown = mask(&plan, credentials.secrets());
    assert_eq!(shown.url, "https://api.vendor.com/v1/x?key=***");
    assert_eq!(shown.headers, pairs(&[("x-key", "***"), ("user-agent", "App"), ("accept", "*/*")]));
}

#[test]
fn planning_is_a_function() {
    let values: BTreeMap<&str, &str> = BTreeMap::from([("subdomain", "acme"), ("account", "7")]);
    let values: Vec<(&str, &str)> = values.into_iter().collect();
    let run = || {
        let plan = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x")).unwrap();
        (plan.url.0, plan.headers.into_iter().map(|header| header.value).collect::<Vec<_>>())
    };
    assert_eq!(run(), run());
}
