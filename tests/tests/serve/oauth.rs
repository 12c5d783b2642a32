//! The authorization code flow in a browser, and what happens when the token dies.

use crate::setup::{Server, start, start_below, start_on_one_runtime};
use http::header::{LOCATION, SET_COOKIE};
use keyway_tests::catalogue::{HOSTED, OAUTH};
use keyway_tests::client::{Answer, Client};
use keyway_tests::mock::{CLIENT_ID, CLIENT_SECRET};
use serde_json::json;
use std::sync::{Arc, Mutex};

/// Follows one redirect of a browser: the location, and the cookie pair that came with it.
fn redirect(answer: &Answer) -> (String, String) {
    assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.text());
    let cookie = answer.header(SET_COOKIE.as_str()).split(';').next().unwrap_or_default();
    (answer.header(LOCATION.as_str()).to_owned(), cookie.to_owned())
}

async fn session(server: &Server, integration: &str, id: &str) -> String {
    let body = json!({"integration": integration, "connection_id": id});
    let answer = server.client.json("POST", "/connect/sessions", &body).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert!(answer.json()["expires_at"].is_string(), "{}", answer.text());
    answer.json()["url"].as_str().unwrap().to_owned()
}

/// Goes as far as the callback's URL. Gives it back with the browser's cookie.
async fn agree(server: &Server, id: &str) -> (String, String) {
    let link = session(server, OAUTH, id).await;
    let (authorize, cookie) = redirect(&server.browser.get(&link).await.unwrap());
    let (callback, _) = redirect(&server.browser.get(&authorize).await.unwrap());
    (callback, cookie)
}

async fn connect(server: &Server, id: &str) {
    let (callback, cookie) = agree(server, id).await;
    let page = server.browser.with("cookie", &cookie).get(&callback).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
}

fn as_browser(server: &Server, cookie: &str) -> Client {
    server.browser.with("cookie", cookie)
}

#[tokio::test]
async fn a_customer_connects_in_the_browser() {
    let server = start().await;
    server.oauth_integration().await;
    let link = session(&server, OAUTH, "user-42").await;
    let begun = server.browser.get(&link).await.unwrap();
    let attributes = begun.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/oauth/callback", "Max-Age=3600"] {
        assert!(attributes.contains(attribute), "{attributes}");
    }
    assert_eq!((begun.header("cache-control"), begun.header("referrer-policy")), ("no-store", "no-referrer"));
    let (authorize, cookie) = redirect(&begun);
    assert!(authorize.contains("code_challenge_method=S256") && !authorize.contains(CLIENT_SECRET), "{authorize}");
    let (callback, _) = redirect(&server.browser.get(&authorize).await.unwrap());
    let page = as_browser(&server, &cookie).get(&callback).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("connected") && page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.header("set-cookie").contains("Max-Age=0"));
    let called = server.calling(OAUTH, "user-42").get("/proxy/private").await.unwrap();
    assert_eq!(called.status, 200, "{}", called.text());
}

#[tokio::test]
async fn a_server_below_a_path_knows_its_own_redirect_uri() {
    let server = start_below("/below/here/", |builder| builder).await;
    server.oauth_integration().await;
    // What the proxy in front does.
    let stripped = |url: &str| url.replace("/below/here", "");
    let link = session(&server, OAUTH, "user-42").await;
    assert!(link.contains("/below/here/oauth/connect/"), "{link}");
    let begun = server.browser.get(&stripped(&link)).await.unwrap();
    assert!(begun.header("set-cookie").contains("Path=/below/here/oauth/callback"), "{}", begun.header("set-cookie"));
    let (authorize, cookie) = redirect(&begun);
    let (callback, _) = redirect(&server.browser.get(&authorize).await.unwrap());
    assert!(callback.contains("/below/here/oauth/callback/"), "{callback}");
    let page = as_browser(&server, &cookie).get(&stripped(&callback)).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
}

#[tokio::test]
async fn a_foreign_browsers_callback_is_refused() {
    let server = start().await;
    server.oauth_integration().await;
    let (_, other_cookie) = agree(&server, "other").await;
    for cookie in ["", other_cookie.as_str(), "keyway_oauth_0123456789abcdef=x"] {
        let (callback, _) = agree(&server, "user-42").await;
        let before = server.mock.requests();
        let page = as_browser(&server, cookie).get(&callback).await.unwrap();
        assert_eq!(page.status, 400, "{cookie}: {}", page.text());
        assert!(page.text().contains("invalid_state"), "{}", page.text());
        assert_eq!(server.mock.requests(), before, "the code was not exchanged");
    }
    let listed = server.client.get("/connections").await.unwrap().json();
    assert_eq!(listed["connections"], json!([]));
}

#[tokio::test]
async fn links_and_callbacks_work_once() {
    let server = start().await;
    server.oauth_integration().await;
    let link = session(&server, OAUTH, "user-42").await;
    let preview = server.browser.send("HEAD", &link, "").await.unwrap();
    assert_eq!(preview.status, 405, "a preview does not use the link up");
    // So does one that reads, and a second click: the link is used up when a connection is made.
    let (abandoned, abandoned_cookie) = redirect(&server.browser.get(&link).await.unwrap());
    let (authorize, cookie) = redirect(&server.browser.get(&link).await.unwrap());
    let elsewhere = server.browser.get(&link.replace("/mock-oauth?", "/other?")).await.unwrap();
    assert_eq!(elsewhere.status, 400, "another integration's path does not use it up: {}", elsewhere.text());
    let (callback, _) = redirect(&server.browser.get(&authorize).await.unwrap());
    let browser = as_browser(&server, &cookie);
    assert_eq!(browser.get(&callback).await.unwrap().status, 200);
    let requests = server.mock.requests();
    assert_eq!(browser.get(&callback).await.unwrap().status, 200, "a second click sees the same");
    assert_eq!(browser.get(&format!("{callback}&more=1")).await.unwrap().status, 400);
    let again = server.browser.get(&link).await.unwrap();
    assert_eq!(again.status, 400, "{}", again.text());
    let (late, _) = redirect(&server.browser.get(&abandoned).await.unwrap());
    let late = as_browser(&server, &abandoned_cookie).get(&late).await.unwrap();
    assert!(late.status == 400 && late.text().contains("used already"), "{}", late.text());
    assert_eq!(server.mock.requests(), requests, "no code was exchanged twice");
}

#[tokio::test]
async fn two_flows_in_one_browser_do_not_disturb_each_other() {
    let server = start().await;
    server.oauth_integration().await;
    let (first, first_cookie) = agree(&server, "one").await;
    let (second, second_cookie) = agree(&server, "two").await;
    let browser = as_browser(&server, &format!("{first_cookie}; {second_cookie}"));
    assert_eq!(browser.get(&first).await.unwrap().status, 200);
    assert_eq!(browser.get(&second).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_refusal_at_the_provider_is_a_page() {
    let server = start().await;
    server.oauth_integration().await;
    let link = session(&server, OAUTH, "user-42").await;
    let (authorize, cookie) = redirect(&server.browser.get(&link).await.unwrap());
    let authorize: url::Url = authorize.parse().unwrap();
    let state = authorize.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let callback = server.callback(OAUTH).await;
    let callback = format!("{callback}?error=access_denied&error_description=%3Cb%3Eno&state={state}");
    let page = as_browser(&server, &cookie).get(&callback).await.unwrap();
    assert_eq!(page.status, 400);
    assert!(page.text().contains("authorization_denied") && !page.text().contains("<b>"), "{}", page.text());
}

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_the_token_endpoint_says_stands_on_the_page_and_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = start_on_one_runtime().await;
    server.oauth_integration().await;
    let (callback, cookie) = agree(&server, "user-42").await;
    let (path, query) = callback.split_once('?').unwrap();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(name, value)| match &*name {
        "code" => (name, "code-canary".into()),
        _ => (name, value),
    });
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let page = as_browser(&server, &cookie).get(&format!("{path}?{query}")).await.unwrap();
    assert_eq!(page.status, 424, "{}", page.text());
    assert!(page.text().contains("`invalid_grant`: not one of &lt;ours&gt;"), "{}", page.text());
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("`invalid_grant`: not one of <ours>"), "{logged}");
    for shown in [page.text(), logged] {
        assert!(!shown.contains("code-canary") && !shown.contains(CLIENT_SECRET), "{shown}");
    }
}

#[tokio::test]
async fn a_link_that_cannot_begin_is_a_page() {
    let server = start().await;
    server.oauth_integration().await;
    for (target, status) in [
        ("/oauth/connect/mock-oauth".to_owned(), 400),
        ("/oauth/connect/mock-oauth?token=made-up".to_owned(), 400),
        ("/oauth/connect/mock-oauth?token=t&subdomain=x".to_owned(), 400),
        (session(&server, OAUTH, "x").await.replace("/mock-oauth?", "/other?"), 400),
    ] {
        let page = server.browser.get(&target).await.unwrap();
        assert_eq!(page.status, status, "{target}: {}", page.text());
        assert!(page.header("content-type").starts_with("text/html"), "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_calls_with_a_dead_token_refresh_once() {
    let server = start().await;
    server.oauth_integration().await;
    // The first tokens are given out as good for a second, which passes.
    server.mock.set_lifetime(1);
    connect(&server, "user-42").await;
    server.mock.set_lifetime(3600);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    server.mock.expire_tokens();
    let client = server.calling(OAUTH, "user-42");
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get("/proxy/private").await.unwrap().status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(server.mock.refreshes(), 1);
}

#[tokio::test]
async fn fetching_a_connection_gives_a_fresh_token() {
    let server = start().await;
    server.oauth_integration().await;
    server.mock.set_lifetime(1);
    connect(&server, "user-42").await;
    server.mock.set_lifetime(3600);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let fetched = server.client.get("/connections/user-42?integration=mock-oauth").await.unwrap().json();
    assert_eq!(server.mock.refreshes(), 1);
    assert_eq!(fetched["credentials"]["type"], "OAUTH2");
    assert!(fetched["credentials"]["access_token"].as_str().is_some_and(|token| token.starts_with("access-")));
    assert_eq!(fetched["reconnect_needed"], false);
    for (query, status, refreshes) in
        [("", 200, 1), ("&refresh=false", 200, 1), ("&refresh=true", 200, 2), ("&refresh=", 400, 2)]
    {
        let shown = server.client.get(&format!("/connections/user-42?integration=mock-oauth{query}")).await.unwrap();
        assert_eq!((shown.status.as_u16(), server.mock.refreshes()), (status, refreshes), "{query}");
    }
}

#[tokio::test]
async fn an_imported_token_that_cannot_be_renewed_asks_for_a_new_connection() {
    let server = start().await;
    server.oauth_integration().await;
    server
        .import(&json!({
            "integration": OAUTH, "connection_id": "user-42",
            "credentials": {"access_token": "dead", "refresh_token": "made-up", "expires_at": "2020-01-01T00:00:00Z"},
        }))
        .await;
    let called = server.calling(OAUTH, "user-42").get("/proxy/private").await.unwrap();
    assert_eq!(called.status, 424, "{}", called.text());
    assert!(!called.text().contains("made-up"), "{}", called.text());
}

#[tokio::test]
async fn an_operators_secret_never_goes_to_a_host_that_a_customer_named() {
    let server = start().await;
    let body = json!({"provider": HOSTED, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    let server = &server;
    let come_back = async |host: &str| {
        let link = session(server, HOSTED, "acme").await;
        let answer = server.browser.get(&format!("{link}&params[host]={host}")).await.unwrap();
        if !answer.status.is_redirection() {
            // Refused before the customer was sent anywhere.
            return answer.text();
        }
        let (authorize, cookie) = redirect(&answer);
        let authorize: url::Url = authorize.parse().unwrap();
        let get = |name: &str| authorize.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned();
        let callback = format!("{}?code=c&state={}", get("redirect_uri"), get("state"));
        as_browser(server, &cookie).get(&callback).await.unwrap().text()
    };
    // The mock speaks no TLS, so an exchange that is allowed to begin cannot end.
    let host = server.mock.address().to_string();
    for named in ["evil.example.com", &host] {
        let page = come_back(named).await;
        assert!(page.contains("secret_host_not_allowed"), "{named}: {page}");
    }
    let allow = json!({"allowed_hosts": [host]});
    assert_eq!(server.client.json("PATCH", "/integrations/mock-hosted", &allow).await.unwrap().status, 200);
    assert!(come_back(&host).await.contains("upstream_unreachable"));
    assert!(come_back("evil.example.com").await.contains("secret_host_not_allowed"));
}
