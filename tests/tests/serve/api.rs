//! The routes that manage: providers, integrations, connections.

use crate::setup::{start, start_with};
use keyway::clock::{Clock, System, Timestamp};
use keyway_tests::catalogue::{KEY, OAUTH};
use keyway_tests::mock::{API_KEY, CLIENT_SECRET};
use serde_json::{Value, json};

#[tokio::test]
async fn every_route_but_health_and_the_browsers_wants_the_api_key() {
    let server = start().await;
    let stranger = &server.browser;
    let wrong = stranger.with("authorization", "Bearer not-the-api-key-at-all");
    for (method, path) in [
        ("GET", "/providers"),
        ("GET", "/providers/mock-key"),
        ("POST", "/integrations"),
        ("GET", "/integrations"),
        ("PATCH", "/integrations/x"),
        ("DELETE", "/integrations/x"),
        ("POST", "/connections"),
        ("GET", "/connections"),
        ("GET", "/connections/x"),
        ("DELETE", "/connections/x"),
        ("POST", "/connect/sessions"),
        ("GET", "/integrations/x/reference"),
        ("POST", "/call/x/y"),
        ("GET", "/proxy/x"),
        ("PROPFIND", "/proxy"),
    ] {
        for client in [stranger, &wrong] {
            let answer = client.send(method, path, "").await.unwrap();
            assert_eq!(answer.status, 401, "{method} {path}");
            assert_eq!(answer.json()["error"]["code"], "unauthorized", "{method} {path}");
        }
    }
    assert_eq!(stranger.get("/health").await.unwrap().json()["status"], "ok");
}

#[tokio::test]
async fn unknown_routes_and_methods_are_json_errors() {
    let server = start().await;
    for (method, path, status, code) in [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("PUT", "/integrations", 405, "method_not_allowed"),
        ("POST", "/health", 405, "method_not_allowed"),
        ("GET", "/providers/nothing", 404, "unknown_provider"),
        ("GET", "/providers/%ff", 400, "invalid_request"),
        ("GET", "/integrations/nothing", 404, "unknown_integration"),
        ("DELETE", "/integrations/nothing", 404, "unknown_integration"),
        ("GET", "/connections/x", 400, "missing_value"),
        ("GET", "/connections/x?integration=nothing", 404, "unknown_connection"),
        ("DELETE", "/connections/x?integration=nothing", 404, "unknown_connection"),
        ("GET", "/connections?limit=0", 400, "invalid_request"),
        ("GET", "/connections?page=2", 400, "invalid_request"),
        ("GET", "/connections?after=x", 400, "invalid_request"),
        ("GET", "/connections?reconnect_needed=1", 400, "invalid_request"),
        ("GET", "/connections/x?integration=nothing&refresh=yes", 400, "invalid_request"),
    ] {
        let answer = server.client.send(method, path, "").await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (status, code), "{method} {path}");
        assert_eq!(answer.json()["error"]["code"], code, "{method} {path}");
        assert!(answer.json()["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn providers_say_what_a_form_needs() {
    let server = start().await;
    let list = server.client.get("/providers").await.unwrap().json();
    let keys: Vec<&str> =
        list["providers"].as_array().unwrap().iter().filter_map(|item| item["key"].as_str()).collect();
    assert_eq!(keys, ["mock-body", "mock-down", "mock-hosted", KEY, OAUTH, "mock-tenant"]);
    let key = server.client.get("/providers/mock-key").await.unwrap().json();
    assert_eq!((&key["auth_mode"], &key["needs_client"]), (&json!("API_KEY"), &json!(false)));
    assert_eq!(key["credentials"][0]["name"], "apiKey");
    assert_eq!(key["credentials"][0]["pattern"], "^mock-");
}

#[tokio::test]
async fn an_integration_lives_and_never_shows_its_secrets() {
    let server = start().await;
    let client = &server.client;
    let body = json!({
        "provider": OAUTH, "key": "first", "client_id": "id", "client_secret": CLIENT_SECRET,
        "scopes": ["a"], "custom": {"webhookSecret": "hush-hush"},
    });
    let made = client.json("POST", "/integrations", &body).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    let again = client.json("POST", "/integrations", &body).await.unwrap();
    assert_eq!((again.status.as_u16(), again.header("keyway-error")), (409, "already_exists"));
    let changed = client.json("PATCH", "/integrations/first", &json!({"scopes": ["b", "c"], "client_id": null})).await;
    let changed = changed.unwrap().json();
    assert_eq!((&changed["scopes"], &changed["client_id"]), (&json!(["b", "c"]), &Value::Null));
    assert_eq!((&changed["client_secret_set"], &changed["custom_set"]), (&json!(true), &json!(["webhookSecret"])));
    for text in [made.text(), changed.to_string(), client.get("/integrations").await.unwrap().text()] {
        assert!(text.contains("first") && !text.contains(CLIENT_SECRET) && !text.contains("hush-hush"), "{text}");
    }
    assert_eq!(client.send("DELETE", "/integrations/first", "").await.unwrap().status, 204);
    assert_eq!(client.get("/integrations/first").await.unwrap().status, 404);
}

#[tokio::test]
async fn an_integration_created_without_scopes_has_the_entrys() {
    let server = start().await;
    let mut body = json!({"provider": OAUTH, "key": "default", "client_id": "id", "client_secret": CLIENT_SECRET});
    let made = server.client.json("POST", "/integrations", &body).await.unwrap();
    assert_eq!(made.json()["scopes"], json!(["mock.read"]), "{}", made.text());
    (body["key"], body["scopes"]) = (json!("none"), json!([]));
    let none = server.client.json("POST", "/integrations", &body).await.unwrap();
    assert_eq!(none.json()["scopes"], json!([]), "{}", none.text());
}

#[tokio::test]
async fn renaming_an_integration_keeps_its_connections() {
    let server = start().await;
    let client = &server.client;
    server.key_connection("acme").await;
    let renamed = client.json("PATCH", "/integrations/mock-key", &json!({"key": "renamed"})).await.unwrap();
    assert_eq!((renamed.status.as_u16(), &renamed.json()["key"]), (200, &json!("renamed")), "{}", renamed.text());
    assert_eq!(server.calling("renamed", "acme").get("/proxy/private").await.unwrap().status, 200);
    assert_eq!(server.calling(KEY, "acme").get("/proxy/private").await.unwrap().status, 404);
}

#[tokio::test]
async fn only_fetching_a_connection_shows_its_credentials() {
    let server = start().await;
    let client = &server.client;
    let body = json!({
        "integration": KEY, "connection_id": "a/b c", "metadata": {"plan": [1]},
        "credentials": {"type": "API_KEY", "apiKey": API_KEY},
    });
    let made = client.json("POST", "/connections", &body).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    let listed = client.get("/connections?integration=mock-key").await.unwrap();
    assert_eq!(listed.json()["connections"][0]["connection_id"], "a/b c");
    assert!(!made.text().contains(API_KEY) && !listed.text().contains(API_KEY));
    let target = "/connections/a%2Fb%20c?integration=mock-key";
    let fetched = client.get(target).await.unwrap();
    assert_eq!(fetched.json()["credentials"], json!({"type": "API_KEY", "apiKey": API_KEY}));
    assert_eq!((&fetched.json()["metadata"], fetched.header("cache-control")), (&json!({"plan": [1]}), "no-store"));
    let deleted = client.send("DELETE", target, "").await.unwrap();
    assert_eq!((deleted.status.as_u16(), deleted.header("keyway-revocation")), (204, "not-described"));
    assert_eq!(client.get(target).await.unwrap().header("keyway-error"), "unknown_connection");
}

#[tokio::test]
async fn a_listing_is_read_page_by_page() {
    let server = start().await;
    for id in ["a", "b", "c", "d", "e"] {
        server.key_connection(id).await;
    }
    server.plain_connection("mock-body", "z").await;
    for (filter, expected) in [
        ("", vec!["mock-body/z", "mock-key/a", "mock-key/b", "mock-key/c", "mock-key/d", "mock-key/e"]),
        ("&integration=mock-key", vec!["mock-key/a", "mock-key/b", "mock-key/c", "mock-key/d", "mock-key/e"]),
        ("&integration=none", vec![]),
        ("&id_prefix=c", vec!["mock-key/c"]),
        ("&id_prefix=C", vec![]),
        ("&id_prefix=&reconnect_needed=false&integration=mock-body", vec!["mock-body/z"]),
        ("&reconnect_needed=true", vec![]),
    ] {
        let (mut found, mut after) = (Vec::new(), String::new());
        for _ in 0..10 {
            let page = server.client.get(&format!("/connections?limit=2{filter}{after}")).await.unwrap().json();
            for item in page["connections"].as_array().unwrap() {
                let (integration, id) =
                    (item["integration"].as_str().unwrap(), item["connection_id"].as_str().unwrap());
                found.push(format!("{integration}/{id}"));
            }
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(found, expected, "{filter}");
    }
    // A page that is exactly full is the last one where nothing follows.
    for (limit, more) in [(5, true), (6, false), (7, false)] {
        let page = server.client.get(&format!("/connections?limit={limit}")).await.unwrap().json();
        assert_eq!((page["connections"].as_array().unwrap().len(), page["next"].is_string()), (limit.min(6), more));
    }
}

#[tokio::test]
async fn a_filtered_listing_goes_on_when_its_integration_is_renamed() {
    let server = start().await;
    for id in ["a", "b", "c"] {
        server.key_connection(id).await;
    }
    let client = &server.client;
    let first = client.get("/connections?integration=mock-key&limit=2").await.unwrap().json();
    let after = first["next"].as_str().unwrap();
    // Before the old name in the order of keys, and after it.
    for (old, new) in [("mock-key", "a-name"), ("a-name", "z-name")] {
        let renamed = client.json("PATCH", &format!("/integrations/{old}"), &json!({"key": new})).await.unwrap();
        assert_eq!(renamed.status, 200);
        let second = client.get(&format!("/connections?integration={new}&limit=2&after={after}")).await.unwrap().json();
        assert_eq!((&second["connections"][0]["connection_id"], &second["next"]), (&json!("c"), &Value::Null), "{new}");
    }
    // A cursor of one list is none of another.
    let whole = client.get("/connections?limit=1").await.unwrap().json();
    let (whole, none) = (whole["next"].as_str().unwrap(), "/connections?limit=2&after=");
    for target in [format!("{none}{after}"), format!("{none}{whole}&integration=z-name")] {
        assert_eq!(client.get(&target).await.unwrap().header("keyway-error"), "invalid_request", "{target}");
    }
}

#[tokio::test]
async fn unknown_query_parameters_are_refused_everywhere() {
    let server = start().await;
    for (method, target) in [
        ("GET", "/health"),
        ("GET", "/providers"),
        ("GET", "/providers/mock-key"),
        ("GET", "/integrations"),
        ("POST", "/integrations"),
        ("GET", "/integrations/mock-key"),
        ("PATCH", "/integrations/mock-key"),
        ("DELETE", "/integrations/mock-key"),
        ("GET", "/connections"),
        ("POST", "/connections"),
        ("GET", "/connections/a"),
        ("DELETE", "/connections/a"),
        ("POST", "/connect/sessions"),
        ("GET", "/oauth/client-metadata/mock-key"),
    ] {
        let answer = server.client.send(method, &format!("{target}?limits=1"), "{}").await.unwrap();
        assert_eq!(answer.status, 400, "{method} {target}");
        assert!(answer.text().contains("unknown query parameter `limits`"), "{method} {target}: {}", answer.text());
    }
}

#[tokio::test]
async fn instants_have_one_precision() {
    let server = start().await;
    let token = json!({"access_token": "t", "expires_at": "2030-01-31T12:00:00Z"});
    let body = json!({"integration": OAUTH, "connection_id": "a", "credentials": token, "verify": false});
    server.oauth_integration().await;
    let made = server.client.json("POST", "/connections", &body).await.unwrap().json();
    let listed = server.client.get("/connections").await.unwrap().json();
    let target = format!("/connections/a?integration={OAUTH}");
    let shown = server.client.get(&target).await.unwrap().json();
    let session = json!({"integration": OAUTH, "connection_id": "b"});
    let session = server.client.json("POST", "/connect/sessions", &session).await.unwrap().json();
    assert_eq!(made["expires_at"], "2030-01-31T12:00:00.000Z");
    for instant in [
        &made["created_at"],
        &made["updated_at"],
        &listed["connections"][0]["created_at"],
        &listed["connections"][0]["expires_at"],
        &shown["updated_at"],
        &shown["credentials"]["expires_at"],
        &session["expires_at"],
    ] {
        let text = instant.as_str().unwrap();
        assert_eq!((text.len(), &text[19..20], &text[23..]), ("2030-01-31T12:00:00.000Z".len(), ".", "Z"), "{text}");
    }
}

#[tokio::test]
async fn a_mistake_of_an_import_is_one_message_that_names_the_member() {
    let server = start().await;
    for (credentials, code, expected) in [
        (
            json!({"apikey": "k"}),
            "invalid_value",
            "`credentials.apikey` is not a field of this provider: it is spelt `apiKey`",
        ),
        (
            json!({"api_key": "k"}),
            "invalid_value",
            "`credentials.api_key` is not a field of this provider: it is spelt `apiKey`",
        ),
        (
            json!({"apiKey": API_KEY, "x": "y"}),
            "invalid_value",
            "`credentials.x` is not a field of this provider: it has `apiKey`",
        ),
        (json!({}), "missing_value", "`credentials.apiKey` is missing"),
        (json!({"apiKey": ""}), "missing_value", "`credentials.apiKey` is missing"),
        (json!({"apiKey": 7}), "invalid_request", "`credentials.apiKey` must be a string"),
        (json!("k"), "invalid_request", "`credentials` must be an object"),
    ] {
        let body = json!({"integration": KEY, "connection_id": "a", "credentials": credentials});
        let answer = server.client.json("POST", "/connections", &body).await.unwrap().json();
        let error = &answer["error"];
        assert_eq!(error["code"], code, "{answer}");
        let message = error["message"].as_str().unwrap();
        assert!(message.trim_start_matches("mock-key: ") == expected, "{message}");
    }
}

#[tokio::test]
async fn credentials_are_proved_unless_an_operator_vouches_for_them() {
    let vendor = crate::vendor::start().await;
    let server = crate::setup::start_with(|builder| builder.catalogue(crate::vendor::providers(vendor))).await;
    let body = json!({"provider": "vendor-plugin", "client_id": "client", "client_secret": "client-secret"});
    assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    for (verify, status, code) in [
        (Value::Null, 400, "not_verified"),
        (json!(true), 400, "not_verified"),
        (json!("no"), 400, "invalid_request"),
        (json!(false), 201, ""),
    ] {
        let body = json!({"integration": "vendor-plugin", "connection_id": "acme", "verify": verify,
            "credentials": {"username": "plugin", "password": "wrong"}});
        let answer = server.client.json("POST", "/connections", &body).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (status, code), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_lifetime_that_cannot_be_meant_is_refused_on_import() {
    let server = start().await;
    server.oauth_integration().await;
    for (expires_in, status) in [
        (json!(1), 201),
        (json!(3600), 201),
        (json!(null), 201),
        (json!(3_153_600_000_i64), 201),
        (json!(0), 400),
        (json!(-1), 400),
        (json!(3_153_600_001_i64), 400),
        (json!(i64::MAX), 400),
        (json!(u64::MAX), 400),
        (json!(1e300), 400),
        (json!("3600"), 400),
    ] {
        let alone = json!({"access_token": "a", "refresh_token": "r", "expires_in": expires_in});
        let mut beside = alone.clone();
        beside["expires_at"] = json!("2030-01-31T12:00:00Z");
        for credentials in [alone, beside] {
            let body = json!({"integration": OAUTH, "connection_id": "user-1", "credentials": credentials});
            let answer = server.client.json("POST", "/connections", &body).await.unwrap();
            assert_eq!(answer.status, status, "{body}: {}", answer.text());
            assert_eq!(answer.text().contains("expires_in"), status == 400, "{body}: {}", answer.text());
        }
    }
}

/// A clock that stands still.
#[derive(Debug)]
struct Frozen(Timestamp);

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn random(&self, bytes: &mut [u8]) -> keyway::Result<()> {
        System.random(bytes)
    }
}

#[tokio::test]
async fn a_lifetime_counts_from_the_time_of_the_runtimes_clock() {
    for (now, expected) in
        [("2031-01-31T12:00:00Z", "2031-01-31T13:00:00.000Z"), ("1999-12-31T23:30:00Z", "2000-01-01T00:30:00.000Z")]
    {
        let server = start_with(|builder| builder.clock(Frozen(now.parse().unwrap()))).await;
        server.oauth_integration().await;
        let body = json!({"integration": OAUTH, "connection_id": "user-1",
            "credentials": {"access_token": "a", "refresh_token": "r", "expires_in": 3600}});
        let answer = server.client.json("POST", "/connections", &body).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.json()["expires_at"], expected);
    }
}

#[tokio::test]
async fn an_integration_says_what_follows_an_unknown_outcome() {
    let server = start().await;
    server.oauth_integration().await;
    let path = format!("/integrations/{OAUTH}");
    for (given, status, shown) in [
        (json!({}), 200, json!(null)),
        (json!({"unknown_outcome": "final"}), 200, json!("final")),
        (json!({"unknown_outcome": "maybe"}), 400, json!("final")),
        (json!({"client_id": "other"}), 200, json!("final")),
        (json!({"unknown_outcome": "retry"}), 200, json!("retry")),
        (json!({"unknown_outcome": null}), 200, json!(null)),
    ] {
        let answer = server.client.json("PATCH", &path, &given).await.unwrap();
        assert_eq!(answer.status, status, "{given}: {}", answer.text());
        assert_eq!(server.client.get(&path).await.unwrap().json()["unknown_outcome"], shown, "{given}");
    }
}
