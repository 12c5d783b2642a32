//! The code flow of MCP servers against a mock that is server, authorization server and API at once.

#![allow(clippy::unwrap_used)]

mod support;

use keyway::client::Authorize;
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway::integration::IntegrationRecord;
use keyway::{Catalogue, EgressPolicy, ErrorKind, Keyway, Secret};
use keyway_spec::auth::{Authorization, ClientRegistration, McpOAuth2, TokenEndpoint};
use keyway_spec::{Auth, Entry, Field, HostSet, Hosts, ProviderSpec, Template, Value as SpecValue};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::{Hand, Mock, Reply, Seen, back, oauth2, reply, template};
use url::Url;

/// A test's change to one document of an otherwise well-behaved server.
type Bend = fn(&Seen, &mut Value);

fn unbent(_: &Seen, _: &mut Value) {}

/// A server with a path, whose authorization server is at `/as` of the same host.
async fn server(bend: Bend) -> Mock {
    Mock::start(move |seen| {
        let base = format!("http://{}", seen.header("host"));
        let mut document = match seen.path() {
            "/.well-known/oauth-protected-resource/mcp" => json!({
                "resource": format!("{base}/mcp"),
                "authorization_servers": [format!("{base}/as")],
                "scopes_supported": ["tools", "files"],
            }),
            "/.well-known/oauth-authorization-server/as" => json!({
                "issuer": format!("{base}/as"),
                "authorization_endpoint": format!("{base}/as/authorize"),
                "token_endpoint": format!("{base}/as/token"),
                "registration_endpoint": format!("{base}/as/register"),
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "authorization_response_iss_parameter_supported": true,
            }),
            "/as/register" => json!({"client_id": "registered"}),
            "/as/token" => json!({"access_token": "granted", "refresh_token": "again", "expires_in": 3600}),
            _ => return reply(404, "{}"),
        };
        bend(seen, &mut document);
        answer(&document)
    })
    .await
}

/// A document, or what a test put in its place: `{"$status": ..., "$location": ...}`.
fn answer(document: &Value) -> Reply {
    match document["$status"].as_u64() {
        None => reply(200, document.to_string()),
        Some(status) => {
            let location = document["$location"].as_str().unwrap_or_default();
            reply(u16::try_from(status).unwrap(), "{}").header("location", location)
        }
    }
}

fn generic() -> &'static ProviderSpec {
    static ANY: HostSet = HostSet::Open(&["*:*"]);
    static FIELDS: [Field; 1] = [Field { name: "mcp_server_url", title: "URL", ..Field::EMPTY }];
    static SPEC: ProviderSpec = ProviderSpec {
        key: "acme-mcp",
        display_name: "Acme",
        auth: Auth::McpOAuth2Generic,
        connection_config: &FIELDS,
        hosts: Hosts { authorize: ANY, token: ANY, ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    };
    &SPEC
}

fn keyway(spec: &'static ProviderSpec, clock: &Hand, client_id: Option<&str>) -> Keyway {
    let mut record = IntegrationRecord::without_scopes("acme", spec.key);
    record.client_id = client_id.map(str::to_owned);
    record.client_secret = client_id.map(|_| Secret::from("operator-secret-canary"));
    Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .clock(clock.clone())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .client_metadata("https://keyway.test/oauth/client-metadata".parse().unwrap())
        .integration_record(record)
        .build()
        .unwrap()
}

fn request(config: &[(&str, &str)]) -> Authorize {
    Authorize::new(ConnectionKey::new("acme", "c"), "https://app.test/callback")
        .config(config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<ConfigMap>())
}

fn query(url: &str) -> BTreeMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

fn to(mock: &Mock) -> Authorize {
    request(&[("mcp_server_url", &mock.url("/mcp"))])
}

#[tokio::test]
async fn a_server_is_discovered_a_client_registered_and_both_are_used_for_refreshes() {
    let mock = server(unbent).await;
    let clock = Hand::new();
    let keyway = keyway(generic(), &clock, None);
    let started = keyway.authorize(to(&mock)).await.unwrap();
    assert!(started.url.starts_with(&mock.url("/as/authorize?")), "{}", started.url);
    let asked = query(&started.url);
    assert_eq!(asked["client_id"], "registered");
    assert_eq!(asked["scope"], "tools files");
    assert_eq!(asked["resource"], mock.url("/mcp"));
    assert_eq!(asked["code_challenge_method"], "S256");
    let registration: Value = serde_json::from_str(&mock.seen_at("/as/register")[0].body).unwrap();
    assert_eq!(registration["redirect_uris"], json!([started.redirect_uri]));
    assert_eq!(asked["redirect_uri"], started.redirect_uri);
    assert_eq!(registration["token_endpoint_auth_method"], "none");
    assert_eq!(registration["scope"], "tools files");

    let callback = format!("state={}&code=c&iss={}", started.state.expose(), mock.url("/as"));
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    clock.advance(3600);
    keyway.fetch(&ConnectionKey::new("acme", "c")).await.unwrap();
    let tokens = mock.seen_at("/as/token");
    let grants: Vec<String> = tokens.iter().map(|seen| seen.form()["grant_type"].clone()).collect();
    assert_eq!(grants, ["authorization_code", "refresh_token"]);
    for seen in &tokens {
        let form = seen.form();
        assert_eq!((form["client_id"].as_str(), form["resource"].as_str()), ("registered", mock.url("/mcp").as_str()));
        assert!(!form.contains_key("client_secret"), "{form:?}");
    }
}

#[tokio::test]
async fn the_metadata_is_also_found_by_the_challenge_of_the_server() {
    let mock = Mock::start(|seen| {
        let base = format!("http://{}", seen.header("host"));
        match seen.path() {
            "/mcp" => {
                let challenge = format!(r#"Bearer error="invalid_token", resource_metadata="{base}/elsewhere""#);
                reply(401, "").header("www-authenticate", challenge)
            }
            "/elsewhere" => reply(200, json!({"resource": base, "authorization_servers": [base]}).to_string()),
            "/.well-known/openid-configuration" => {
                let document = json!({
                    "issuer": base, "authorization_endpoint": format!("{base}/a"), "token_endpoint": format!("{base}/t"),
                    "registration_endpoint": format!("{base}/r"), "code_challenge_methods_supported": ["plain", "S256"],
                    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                });
                reply(200, document.to_string())
            }
            "/r" => reply(201, json!({"client_id": "i", "client_secret": "s"}).to_string()),
            "/t" => reply(200, json!({"access_token": "granted"}).to_string()),
            _ => reply(404, "not json"),
        }
    })
    .await;
    let keyway = keyway(generic(), &Hand::new(), None);
    let started = keyway.authorize(to(&mock)).await.unwrap();
    let callback = format!("state={}&code=c", started.state.expose());
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    // "i:s" in Base64.
    assert_eq!(mock.seen_at("/t")[0].header("authorization"), "Basic aTpz");
}

#[tokio::test]
async fn an_operators_client_is_used_without_its_secret() {
    let mock = server(unbent).await;
    let keyway = keyway(generic(), &Hand::new(), Some("operators"));
    let started = keyway.authorize(to(&mock)).await.unwrap();
    assert_eq!(query(&started.url)["client_id"], "operators");
    let callback = format!("state={}&code=c&iss={}", started.state.expose(), mock.url("/as"));
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    assert!(mock.seen_at("/as/register").is_empty());
    assert!(!format!("{:?}", mock.seen()).contains("canary"), "a secret of the operator left");
}

#[tokio::test]
async fn a_hosted_document_takes_the_place_of_a_registration() {
    let mock = server(|seen, document| {
        if seen.path().ends_with("/as") {
            document["client_id_metadata_document_supported"] = true.into();
        }
    })
    .await;
    let keyway = keyway(generic(), &Hand::new(), None);
    let started = keyway.authorize(to(&mock)).await.unwrap();
    let issuer = started.redirect_uri.rsplit('/').next().unwrap();
    let id = format!("https://keyway.test/oauth/client-metadata/acme/{issuer}");
    assert_eq!(query(&started.url)["client_id"], id);
    assert!(mock.seen_at("/as/register").is_empty());
    let base = "https://app.test/callback";
    let document = keyway.client_metadata("acme", Some(issuer), base).await.unwrap();
    assert_eq!(document["client_id"], id);
    assert_eq!(document["redirect_uris"], json!([started.redirect_uri]));
    for (key, issuer) in [("other", Some(issuer)), ("acme", None), ("acme", Some("..")), ("acme", Some("x"))] {
        let error = keyway.client_metadata(key, issuer, base).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownIntegration, "{key} {issuer:?}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_trusted_is_refused_before_anybody_is_sent_anywhere() {
    let bends: [(&str, Bend, &str); 10] = [
        (
            "registration refused",
            |s, d| {
                if s.path() == "/as/register" {
                    *d = json!({"$status": 400});
                }
            },
            "registered no client",
        ),
        (
            "another issuer",
            |s, d| {
                if s.path().ends_with("server/as") {
                    d["issuer"] = "https://bank.test".into();
                }
            },
            "another issuer",
        ),
        (
            "no issuer",
            |s, d| {
                if s.path().ends_with("server/as") {
                    d["issuer"] = Value::Null;
                }
            },
            "another issuer",
        ),
        (
            "another resource",
            |s, d| {
                if s.path().ends_with("resource/mcp") {
                    d["resource"] = "https://bank.test/mcp".into();
                }
            },
            "another resource",
        ),
        (
            "no S256",
            |s, d| {
                if s.path().ends_with("server/as") {
                    d["code_challenge_methods_supported"] = json!(["plain"]);
                }
            },
            "S256",
        ),
        (
            "no token endpoint",
            |s, d| {
                if s.path().ends_with("server/as") {
                    d["token_endpoint"] = Value::Null;
                }
            },
            "token_endpoint",
        ),
        (
            "no registration",
            |s, d| {
                if s.path().ends_with("server/as") {
                    d["registration_endpoint"] = "no url".into();
                }
            },
            "registers no clients",
        ),
        (
            "a token endpoint that hands out a cloud's credentials",
            |s, d| {
                if s.path().ends_with("server/as") {
                    d["token_endpoint"] = "http://169.254.169.254/token".into();
                }
            },
            "169.254.169.254",
        ),
        (
            "an authorization server at such an address",
            |s, d| {
                if s.path().ends_with("resource/mcp") {
                    d["authorization_servers"] = json!(["http://169.254.169.254"]);
                }
            },
            "169.254.169.254",
        ),
        (
            "a redirect to one",
            |s, d| {
                if s.path().ends_with("server/as") {
                    *d = json!({"$status": 302, "$location": "http://169.254.169.254/"});
                }
            },
            "169.254.169.254",
        ),
    ];
    for (what, bend, says) in bends {
        let mock = server(bend).await;
        let error = keyway(generic(), &Hand::new(), None).authorize(to(&mock)).await.unwrap_err();
        assert!(error.message().contains(says), "{what}: {error}");
        assert!(mock.seen_at("/as/token").is_empty(), "{what}");
    }
}

#[tokio::test]
async fn discovery_is_bounded_in_size() {
    let mock = Mock::start(|_| reply(200, format!(r#"{{"resource":"{}"}}"#, "x".repeat(2 << 20)))).await;
    let error = keyway(generic(), &Hand::new(), None).authorize(to(&mock)).await.unwrap_err();
    assert!(error.message().contains("larger than"), "{error}");
    assert!(mock.seen().len() <= 2, "the server itself, and the first well-known place");
}

#[tokio::test]
async fn plain_http_and_private_hosts_are_refused_unless_allowed() {
    let spec = generic();
    let strict = Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .integration_record(IntegrationRecord::without_scopes("acme", spec.key))
        .build()
        .unwrap();
    for url in
        ["http://mcp.test/", "https://127.0.0.1/mcp", "https://localhost/mcp", "https://[::1]/", "ftp://mcp.test/"]
    {
        let error = strict.authorize(request(&[("mcp_server_url", url)])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostNotAllowed, "{url}: {error}");
    }
}

#[tokio::test]
async fn an_answer_of_another_authorization_server_redeems_nothing() {
    let mock = server(unbent).await;
    for iss in ["", "&iss=https%3A%2F%2Fbank.test"] {
        let keyway = keyway(generic(), &Hand::new(), None);
        let started = keyway.authorize(to(&mock)).await.unwrap();
        let callback = format!("state={}&code=c{iss}", started.state.expose());
        let error = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AuthorizationDenied, "{error}");
    }
    assert!(mock.seen_at("/as/token").is_empty());
}

#[tokio::test]
async fn a_known_server_gets_a_registered_client_that_stays_with_the_connection() {
    let mock = server(unbent).await;
    let base = *oauth2(mock.address);
    let spec: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec {
        auth: Auth::McpOAuth2(McpOAuth2 {
            authorization: Authorization { url: Some(template(mock.url("/as/authorize"))), ..Authorization::EMPTY },
            token: TokenEndpoint { url: template(mock.url("/as/token")), ..TokenEndpoint::EMPTY },
            registration: ClientRegistration::Dynamic {
                url: Box::leak(mock.url("/as/register").into_boxed_str()),
                params: &[
                    Entry {
                        name: "response_types",
                        value: SpecValue::List(&[SpecValue::Text(Template::Text("code"))]),
                    },
                    Entry { name: "client_name", value: SpecValue::Text(Template::Text("the entry's name")) },
                    Entry { name: "software_id", value: SpecValue::Text(Template::Text("acme-suite")) },
                    Entry {
                        name: "redirect_uris",
                        value: SpecValue::List(&[SpecValue::Text(Template::Text("https://evil.test"))]),
                    },
                ],
            },
        }),
        ..base
    }));
    let clock = Hand::new();
    let keyway = keyway(spec, &clock, None);
    let started = keyway.authorize(request(&[]).scopes(vec!["read".to_owned()])).await.unwrap();
    assert_eq!(query(&started.url)["client_id"], "registered");
    let registration: Value = serde_json::from_str(&mock.seen_at("/as/register")[0].body).unwrap();
    assert_eq!(registration["response_types"], json!(["code"]));
    assert_eq!(registration["client_name"], "the entry's name");
    assert_eq!(registration["software_id"], "acme-suite");
    assert_eq!(registration["redirect_uris"], json!([started.redirect_uri]), "where browsers come back to");
    assert_eq!(registration["scope"], "read", "what will be asked for");
    let callback = format!("state={}&code=c", started.state.expose());
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    clock.advance(3600);
    keyway.fetch(&ConnectionKey::new("acme", "c")).await.unwrap();
    let clients: Vec<String> = mock.seen_at("/as/token").iter().map(|seen| seen.form()["client_id"].clone()).collect();
    assert_eq!(clients, ["registered", "registered"]);
    assert_eq!(mock.seen_at("/as/register").len(), 1);
}
