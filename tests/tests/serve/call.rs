//! Operations by name: what reaches the upstream, what is refused before anything is sent, and the page that shows
//! them.

use crate::setup::{SERVER_KEY, start, without_own_script};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyway_tests::catalogue::{DOWN, KEY, TENANT};
use keyway_tests::client::Client;
use keyway_tests::mock::API_KEY;
use serde_json::{Value, json};

const LIST: &str = "/call/mock-key/issues.list";

/// A client that names the connection alone: the path names the integration.
async fn connected() -> (crate::setup::Server, Client) {
    let server = start().await;
    server.key_connection("acme").await;
    let client = server.client.with("connection-id", "acme");
    (server, client)
}

#[tokio::test]
async fn parameters_arrive_where_the_entry_has_them() {
    let (_server, client) = connected().await;
    for (path, body, target, sent) in [
        (
            LIST,
            json!({"owner": "octo/cat", "repo": "a b", "labels": ["x,y", "z"], "state": "open", "per_page": 5, "page": 2}),
            "GET /api/echo/repos/octo%2Fcat/a%20b/issues?labels=x%2Cy,z&state=open&page=2&per_page=5",
            "",
        ),
        (
            "/call/mock-key/issues.create",
            json!({"title": "x", "labels": ["a"]}),
            "POST /api/echo/issues",
            r#"{"title":"x","labels":["a"]}"#,
        ),
    ] {
        let answer = client.json("POST", path, &body).await.unwrap();
        let echo = answer.json();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (200, ""), "{}", answer.text());
        assert_eq!(format!("{} {}", echo["method"].as_str().unwrap(), echo["target"].as_str().unwrap()), target);
        assert_eq!((&echo["body"], &echo["headers"]["x-api-key"]), (&json!(sent), &json!(API_KEY)));
        for name in ["authorization", "connection-id", "provider-config-key"] {
            assert!(echo["headers"].get(name).is_none(), "{name} was passed on");
        }
    }
}

#[tokio::test]
async fn headers_mean_what_they_mean_on_the_proxy() {
    let (server, client) = connected().await;
    let body = json!({"owner": "o", "repo": "r"});
    let passed = client.with("accept", "text/csv").with("Nango-Proxy-X-One", "1").with("accept-language", "de");
    let echo = passed.json("POST", LIST, &body).await.unwrap().json();
    let headers = &echo["headers"];
    assert_eq!((&headers["x-one"], &headers["accept-language"]), (&json!("1"), &json!("de")));
    assert_eq!(headers["accept"], "application/vnd.mock+json", "the entry's wins over one that clients send unasked");
    let prefixed = client.with("keyway-proxy-accept", "text/csv");
    assert_eq!(prefixed.json("POST", LIST, &body).await.unwrap().json()["headers"]["accept"], "text/csv");

    let create = "/call/mock-key/issues.create";
    let made = client.json("POST", create, &json!({"title": "x"})).await.unwrap().json();
    assert_eq!(made["headers"]["idempotency-key"].as_str().map(str::len), Some(36), "{made}");
    let own = client.with("keyway-proxy-idempotency-key", "mine");
    let made = own.json("POST", create, &json!({"title": "x"})).await.unwrap().json();
    assert_eq!(made["headers"]["idempotency-key"], "mine");

    let once = client.json("POST", "/call/mock-key/fail.once", &json!({"name": "a"})).await.unwrap();
    assert_eq!(once.status, 503, "a call is sent once unless `Retries` says otherwise");
    let again = client.with("retries", "1").json("POST", "/call/mock-key/fail.once", &json!({"name": "b"})).await;
    assert_eq!(again.unwrap().json()["calls"], 2);

    // A renamed integration is named in the path, or by the header beside the provider's key.
    let integration = json!({"provider": KEY, "key": "second"});
    assert_eq!(server.client.json("POST", "/integrations", &integration).await.unwrap().status, 201);
    server.import(&json!({"integration": "second", "connection_id": "acme", "credentials": {"apiKey": API_KEY}})).await;
    let header = client.with("provider-config-key", "second");
    for (client, path) in
        [(&client, "/call/second/issues.list"), (&header, LIST), (&header, "/call/second/issues.list")]
    {
        let answer = client.json("POST", path, &body).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    let other = header.json("POST", "/call/mock-oauth/issues.list", &body).await.unwrap();
    assert_eq!((other.status.as_u16(), other.header("keyway-error")), (400, "invalid_request"), "{}", other.text());
}

#[tokio::test]
async fn answers_of_the_upstream_pass_as_they_are() {
    let (_server, client) = connected().await;
    let teapot = client.json("POST", "/call/mock-key/teapots.read", &json!({"status": 418})).await.unwrap();
    assert_eq!((teapot.status.as_u16(), teapot.text().as_str()), (418, "as you wished"));
    assert_eq!((teapot.header("x-upstream"), teapot.header("keyway-error")), ("mock", ""));
    let empty = client.json("POST", "/call/mock-key/teapots.read", &json!({"status": 204})).await.unwrap();
    assert_eq!((empty.status.as_u16(), empty.body.len()), (204, 0));
    let head = client.send("POST", "/call/mock-key/heads.read", "").await.unwrap();
    assert_eq!((head.status.as_u16(), head.body.len(), head.header("x-upstream")), (200, 0, "mock"));
    // The connection is still good for another call.
    assert_eq!(client.send("POST", "/call/mock-key/heads.read", "{}").await.unwrap().status, 200);
}

#[tokio::test]
async fn every_wrong_parameter_is_told_and_nothing_is_sent() {
    let (server, client) = connected().await;
    let before = server.mock.requests();
    let body = json!({"owner": "..", "state": "opne", "labels": "hunter2", "per_pge": 5});
    let answer = client.json("POST", LIST, &body).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (422, "invalid_parameters"));
    let error = &answer.json()["error"];
    assert_eq!(error["code"], "invalid_parameters");
    let problem = |parameter: &str, problem: &str, message: &str| json!({"parameter": parameter, "problem": problem, "message": message});
    assert_eq!(
        error["problems"],
        json!([
            problem("repo", "missing", "is missing: give a text, a part of the path"),
            problem("state", "wrong_value", "must be one of `open`, `closed`; did you mean `open`?"),
            problem("labels", "wrong_kind", "must be a list of texts"),
            problem("per_pge", "unknown", "is no parameter of `issues.list`; did you mean `per_page`?"),
            problem("owner", "wrong_path", "must not be `.` or `..`"),
        ])
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("`issues.list` of `mock-key`: `repo` is missing"), "{message}");
    assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    for (path, body, status, code) in [
        (LIST, "[]", 400, "invalid_request"),
        (LIST, "{", 400, "invalid_request"),
        (LIST, "", 422, "invalid_parameters"),
        ("/call/mock-key/issues.list?page=2", "{}", 400, "invalid_request"),
        ("/call/mock-key/issues.lsit", "{}", 404, "unknown_operation"),
        ("/call/mock-key/..%2Fproxy", "{}", 404, "unknown_operation"),
        ("/call/mock-down/issues.list", "{}", 404, "unknown_operation"),
        ("/call/nothing/issues.list", "{}", 404, "unknown_integration"),
        ("/call/mock-oauth/issues.list", "{}", 404, "unknown_integration"),
        ("/call/mock-key", "{}", 404, "not_found"),
    ] {
        let answer = client.send("POST", path, body).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.header("keyway-error")),
            (status, code),
            "{path}: {}",
            answer.text()
        );
    }
    let large = client.send("POST", LIST, vec![b' '; 1024 * 1024 + 1]).await.unwrap();
    assert_eq!((large.status.as_u16(), large.header("keyway-error")), (413, "body_too_large"));
    assert_eq!(client.get(LIST).await.unwrap().status, 405);
    let good = json!({"owner": "o", "repo": "r"});
    for (client, code) in [
        (server.client.clone(), "invalid_headers"),
        (server.client.with("connection-id", "nobody"), "unknown_connection"),
        (client.with("retries", "x"), "invalid_headers"),
        (client.with("base-url-override", "https://evil.example"), "host_not_allowed"),
    ] {
        let answer = client.json("POST", LIST, &good).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (400, code), "{}", answer.text());
    }
    assert_eq!(server.mock.requests(), before, "nothing reached the upstream");
}

#[tokio::test]
async fn the_reference_shows_the_operations_of_an_integration() {
    let (server, _) = connected().await;
    let page = server.client.get("/integrations/mock-key/reference").await.unwrap();
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let html = page.text();
    for part in [
        "<h2>issues.list</h2>",
        "<code>GET /echo/repos/{owner}/{repo}/issues</code>",
        "<p>Lists the issues of a repository.</p>",
        "href=\"https://docs.example.com/issues\"",
        &format!("curl '{}{LIST}' \\", server.origin),
        "-d '{&quot;owner&quot;:&quot;...&quot;,&quot;repo&quot;:&quot;...&quot;}'",
        "<code>open</code> <code>closed</code>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let rest = without_own_script(&page);
    assert!(!rest.contains("<script") && !html.contains(API_KEY) && !html.contains(SERVER_KEY), "{html}");
    let none = server.client.get(&format!("/integrations/{TENANT}/reference")).await.unwrap();
    assert!(none.text().contains("lists no operations"), "{}", none.text());
    assert_eq!(server.client.get("/integrations/nothing/reference").await.unwrap().status, 404);
}

#[tokio::test]
async fn a_person_opens_the_reference_with_the_api_key_as_the_password() {
    let server = start().await;
    let basic = |password: &str| format!("Basic {}", STANDARD.encode(format!("me:{password}")));
    let path = format!("/integrations/{DOWN}/reference");
    let asked = server.browser.get(&path).await.unwrap();
    let challenges: Vec<&str> =
        asked.headers.get_all("www-authenticate").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!((asked.status.as_u16(), challenges.len()), (401, 2), "{challenges:?}");
    assert!(challenges[1].starts_with("Basic realm="), "{challenges:?}");
    for (password, status) in [(SERVER_KEY, 200), ("wrong-wrong-wrong-wrong", 401), ("", 401)] {
        let person = server.browser.with("authorization", &basic(password));
        assert_eq!(person.get(&path).await.unwrap().status, status, "{password}");
    }
    let person = server.browser.with("authorization", &basic(SERVER_KEY));
    for other in ["/integrations", "/providers", "/proxy/x"] {
        assert_eq!(person.get(other).await.unwrap().status, 401, "{other}");
    }
}

#[tokio::test]
async fn a_provider_lists_its_operations_for_machines() {
    let server = start().await;
    let shown = server.client.get("/providers/mock-key").await.unwrap().json();
    let list = shown["operations"].as_array().unwrap();
    let names: Vec<&str> = list.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["fail.once", "heads.read", "issues.create", "issues.list", "teapots.read"]);
    assert_eq!((&list[3]["verb"], &list[3]["parameters"][2]["values"]), (&json!("get"), &json!(["open", "closed"])));
    assert_eq!(list[2]["body"], Value::from("json"));
}
