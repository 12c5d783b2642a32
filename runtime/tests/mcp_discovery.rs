//! Discovery of an MCP server's authorization server: the challenge, the well-known places, redirects, several servers.

#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::client::Authorize;
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway::integration::IntegrationRecord;
use keyway::{Catalogue, EgressPolicy, Keyway};
use keyway_spec::{Auth, Field, HostSet, Hosts, ProviderSpec};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::{Hand, Mock, Reply, Seen, reply};
use url::Url;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";
const AS_WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

fn spec() -> &'static ProviderSpec {
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

/// Begins a flow for the server at `path` of a mock: the parameters of the page, or the error.
async fn asked(mock: &Mock, path: &str, scopes: &[&str]) -> keyway::Result<BTreeMap<String, String>> {
    let record = IntegrationRecord::without_scopes("acme", spec().key).scopes(scopes.iter().copied());
    let keyway = Keyway::builder()
        .catalogue([spec()].into_iter().collect::<Catalogue>())
        .clock(Hand::new())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record)
        .build()
        .unwrap();
    let request = Authorize::new(ConnectionKey::new("acme", "c"), "https://app.test/callback")
        .config(ConfigMap::from([("mcp_server_url".to_owned(), mock.url(path))]));
    let started = keyway.authorize(request).await?;
    Ok(Url::parse(&started.url).unwrap().query_pairs().into_owned().collect())
}

fn base(seen: &Seen) -> String {
    format!("http://{}", seen.header("host"))
}

fn resource(base: &str, path: &str, authorities: &[&str]) -> Reply {
    let authorities: Vec<String> = authorities.iter().map(|path| format!("{base}{path}")).collect();
    reply(200, json!({"resource": format!("{base}{path}"), "authorization_servers": authorities}).to_string())
}

/// The metadata of the authorization server at `path`, with other members laid over it.
fn authority(base: &str, path: &str, other: &Value) -> Reply {
    let mut document = json!({
        "issuer": format!("{base}{path}"),
        "authorization_endpoint": format!("{base}{path}/authorize"),
        "token_endpoint": format!("{base}{path}/token"),
        "registration_endpoint": format!("{base}{path}/register"),
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    });
    for (name, value) in other.as_object().unwrap() {
        document[name.as_str()] = value.clone();
    }
    reply(200, document.to_string())
}

fn client(name: &str) -> Reply {
    reply(201, json!({"client_id": name}).to_string())
}

#[tokio::test]
async fn the_place_that_a_challenge_names_comes_before_the_well_known_ones() {
    for guards_get in [true, false] {
        let mock = Mock::start(move |seen| {
            let base = base(seen);
            let challenge = format!(r#"Bearer realm="a, b", scope="tools:call", resource_metadata="{base}/own""#);
            match (seen.method.as_str(), seen.path()) {
                ("GET", "/t/mcp") if !guards_get => reply(405, ""),
                (_, "/t/mcp") => reply(401, "").header("www-authenticate", challenge),
                (_, "/own") => resource(&base, "/t/mcp", &["/as"]),
                // Another resource of the same host, which tokens must not be asked for.
                (_, WELL_KNOWN) => resource(&base, "", &["/as"]),
                (_, path) if path == format!("{AS_WELL_KNOWN}/as") => {
                    authority(&base, "/as", &json!({"scopes_supported": ["everything"]}))
                }
                (_, "/as/register") => client("i"),
                _ => reply(404, ""),
            }
        })
        .await;
        let asked = asked(&mock, "/t/mcp", &[]).await.unwrap();
        assert_eq!(asked["resource"], mock.url("/t/mcp"), "{guards_get}");
        assert_eq!(asked["scope"], "tools:call", "the challenge's scope comes before what anybody lists");
        assert!(mock.seen_at(WELL_KNOWN).is_empty());
        let registered: Value = serde_json::from_str(&mock.seen_at("/as/register")[0].body).unwrap();
        assert_eq!(registered["scope"], "tools:call", "what is asked for is registered");
    }
}

#[tokio::test]
async fn a_server_that_streams_to_anybody_is_not_waited_for() {
    let mock = Mock::start(|seen| {
        let base = base(seen);
        match seen.path() {
            // Far more than what is sent, so the answer never ends.
            "/mcp" => reply(200, "data: {}\n\n").header("content-type", "text/event-stream; charset=utf-8").endless(),
            path if path == format!("{WELL_KNOWN}/mcp") => resource(&base, "/mcp", &["/as"]),
            path if path == format!("{AS_WELL_KNOWN}/as") => authority(&base, "/as", &json!({})),
            "/as/register" => client("i"),
            _ => reply(404, ""),
        }
    })
    .await;
    let asked = tokio::time::timeout(std::time::Duration::from_secs(20), asked(&mock, "/mcp", &[])).await;
    assert_eq!(asked.expect("as soon as the head is there").unwrap()["client_id"], "i");
}

#[tokio::test]
async fn a_final_slash_stays_in_the_place_of_the_metadata() {
    let mock = Mock::start(|seen| {
        let base = base(seen);
        match seen.path() {
            path if path == format!("{WELL_KNOWN}/mcp/") => resource(&base, "/mcp/", &["/with"]),
            path if path == format!("{WELL_KNOWN}/mcp") => resource(&base, "/mcp", &["/without"]),
            path if path == format!("{AS_WELL_KNOWN}/with") => authority(&base, "/with", &json!({})),
            "/with/register" => client("i"),
            _ => reply(404, ""),
        }
    })
    .await;
    assert_eq!(asked(&mock, "/mcp/", &[]).await.unwrap()["resource"], mock.url("/mcp/"));
}

#[tokio::test]
async fn documents_that_have_moved_are_followed_without_anything_of_anybody() {
    for status in [301, 302, 303, 307, 308] {
        let mock = Mock::start(move |seen| {
            let base = base(seen);
            let moved = |to: &str| reply(status, "moved").header("location", to);
            match seen.path() {
                path if path == format!("{WELL_KNOWN}/mcp") => moved("/documents/resource"),
                "/documents/resource" => resource(&base, "/mcp", &["/as"]),
                path if path == format!("{AS_WELL_KNOWN}/as") => moved(&format!("{base}/one")),
                "/one" => moved("two"),
                "/two" => authority(&base, "/as", &json!({})),
                "/as/register" => client("i"),
                _ => reply(404, ""),
            }
        })
        .await;
        let asked = asked(&mock, "/mcp", &[]).await.unwrap();
        assert_eq!(asked["resource"], mock.url("/mcp"), "{status}");
        for seen in mock.seen() {
            for name in ["authorization", "cookie"] {
                assert_eq!(seen.header(name), "", "{}", seen.target);
            }
        }
    }
}

#[tokio::test]
async fn redirects_are_bounded_and_lead_nowhere_that_is_not_allowed() {
    let round = Mock::start(|seen| match seen.path() {
        path if path.starts_with("/.well-known") => reply(302, "").header("location", seen.path()),
        _ => reply(404, ""),
    })
    .await;
    let error = asked(&round, "/mcp", &[]).await.unwrap_err();
    assert!(error.message().contains("publishes no metadata"), "{error}");
    let longest = round.seen_at(&format!("{WELL_KNOWN}/mcp")).len();
    assert!((2..=10).contains(&longest), "{longest} requests for one document");
    let inside = Mock::start(|_| reply(302, "").header("location", "http://169.254.169.254/latest/meta-data")).await;
    let error = asked(&inside, "/mcp", &[]).await.unwrap_err();
    assert!(error.message().contains("169.254.169.254"), "{error}");
}

#[tokio::test]
async fn every_authorization_server_is_tried_until_one_can_be_used() {
    let mock = Mock::start(|seen| {
        let base = base(seen);
        let closed = json!({"registration_endpoint": null});
        let pushed = json!({"require_pushed_authorization_requests": true});
        match seen.path() {
            path if path == format!("{WELL_KNOWN}/mcp") => {
                let named = ["/gone", "/pushed", "/closed", "/good"].map(|path| format!("{base}{path}"));
                reply(200, json!({"resource": format!("{base}/mcp"), "authorization_servers": named}).to_string())
            }
            path if path == format!("{WELL_KNOWN}/none") => resource(&base, "/none", &["/closed", "/gone"]),
            path if path == format!("{WELL_KNOWN}/down") => {
                // The first does not even listen.
                let named = ["http://127.0.0.1:1".to_owned(), format!("{base}/good")];
                reply(200, json!({"resource": format!("{base}/down"), "authorization_servers": named}).to_string())
            }
            path if path == format!("{AS_WELL_KNOWN}/pushed") => authority(&base, "/pushed", &pushed),
            path if path == format!("{AS_WELL_KNOWN}/closed") => authority(&base, "/closed", &closed),
            path if path == format!("{AS_WELL_KNOWN}/good") => authority(&base, "/good", &json!({})),
            "/good/register" => client("good"),
            _ => reply(404, ""),
        }
    })
    .await;
    for path in ["/mcp", "/down"] {
        assert_eq!(asked(&mock, path, &[]).await.unwrap()["client_id"], "good", "{path}");
    }
    let error = asked(&mock, "/none", &[]).await.unwrap_err();
    assert!(error.message().contains("registers no clients"), "what is wrong with the first: {error}");
}

#[tokio::test]
async fn a_refresh_token_is_asked_for_where_the_server_lists_how() {
    let offline = json!({"scopes_supported": ["openid", "offline_access"]});
    let with = |more: Value| {
        let mut members = offline.clone();
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        members
    };
    for (members, scopes, scope, prompt) in [
        (offline.clone(), &[][..], "tools offline_access", Some("consent")),
        (offline.clone(), &["own"], "own offline_access", Some("consent")),
        (json!({"scopes_supported": ["openid"]}), &[], "tools", None),
        (with(json!({"prompt_values_supported": ["none", "login"]})), &[], "tools offline_access", None),
        // A parameter of the endpoint's own is not sent twice (RFC 6749 section 3.1).
        (with(json!({"authorization_endpoint": "$base/a?prompt=login"})), &[], "tools offline_access", Some("login")),
    ] {
        let (shown, members) = (members.to_string(), members.to_string());
        let mock = Mock::start(move |seen| {
            let base = base(seen);
            match seen.path() {
                "/mcp" => reply(401, "").header("www-authenticate", r#"Bearer scope="tools""#),
                path if path == AS_WELL_KNOWN => {
                    let members: Value = serde_json::from_str(&members.replace("$base", &base)).unwrap();
                    authority(&base, "", &members)
                }
                "/register" => client("i"),
                _ => reply(404, ""),
            }
        })
        .await;
        let asked = asked(&mock, "/mcp", scopes).await.unwrap();
        assert_eq!((asked["scope"].as_str(), asked.get("prompt").map(String::as_str)), (scope, prompt), "{shown}");
    }
}

#[tokio::test]
async fn what_a_server_demands_and_is_not_supported_is_named() {
    for (challenge, resource, server, says) in [
        ("Bearer", json!({}), json!({"require_pushed_authorization_requests": true}), "RFC 9126"),
        ("Bearer", json!({}), json!({"require_signed_request_object": true}), "RFC 9101"),
        ("Bearer", json!({"dpop_bound_access_tokens_required": true}), json!({}), "RFC 9449"),
        (r#"DPoP algs="ES256""#, json!({}), json!({}), "RFC 9449"),
    ] {
        let mock = Mock::start(move |seen| {
            let base = base(seen);
            match seen.path() {
                "/mcp" => reply(401, "").header("www-authenticate", challenge),
                path if path == format!("{WELL_KNOWN}/mcp") => {
                    let mut document = json!({"resource": format!("{base}/mcp"), "authorization_servers": [base]});
                    document.as_object_mut().unwrap().extend(resource.as_object().unwrap().clone());
                    reply(200, document.to_string())
                }
                AS_WELL_KNOWN => authority(&base, "", &server),
                "/register" => client("i"),
                _ => reply(404, ""),
            }
        })
        .await;
        let error = asked(&mock, "/mcp", &[]).await.unwrap_err();
        assert_eq!(error.kind(), keyway::ErrorKind::Unsupported, "{says}: {error}");
        assert!(error.message().contains(says), "{error}");
        assert!(mock.seen_at("/register").is_empty(), "{says}");
    }
}
