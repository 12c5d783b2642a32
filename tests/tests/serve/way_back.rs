//! The way back to the app: its addresses are those of the session and no others, they outlive the redirect to the
//! vendor, and every page of the session has them.

use crate::setup::{Server, start, start_with, without_own_script};
use form_urlencoded::Serializer;
use http::header::{LOCATION, SET_COOKIE};
use keyway::egress::EgressPolicy;
use keyway_tests::catalogue::{KEY, OAUTH};
use keyway_tests::client::{Answer, Client};
use keyway_tests::mock::API_KEY;
use serde_json::{Value, json};

const RETURN_URL: &str = "https://app.example/settings?tab=1";
const FORM: &str = "application/x-www-form-urlencoded";

async fn made(server: &Server, more: &Value) -> Answer {
    let mut body = json!({"integration": KEY, "connection_id": "acme"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.client.json("POST", "/connect/sessions", &body).await.unwrap()
}

async fn session(server: &Server, more: &Value) -> Value {
    let answer = made(server, more).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn way_back() -> Value {
    json!({"return_url": RETURN_URL, "origins": ["https://app.example", "https://Other.example:443"]})
}

async fn submit(server: &Server, session: &Value, key: &str) -> Answer {
    let body = Serializer::new(String::new()).append_pair("credentials[apiKey]", key).finish();
    let target = session["url"].as_str().unwrap();
    server.browser.with("content-type", FORM).send("POST", target, body).await.unwrap()
}

/// The page's link back to the app.
fn link(integration: &str, end: &str) -> String {
    let query = format!("tab=1&amp;integration={integration}&amp;connection_id=acme&amp;status={end}");
    format!("<a class=\"button\" href=\"https://app.example/settings?{query}>Back to the app</a>")
}

/// The news for the pages of the session's origins.
fn news(integration: &str, status: &str, error: &str) -> String {
    format!(
        "data-tell=\"https://app.example https://other.example\" data-status=\"{status}\" \
         data-integration=\"{integration}\" data-connection=\"acme\" data-error=\"{error}\""
    )
}

/// Checks a page of the session of [`way_back`], which has these parts.
fn assert_page(page: &Answer, status: u16, parts: &[String]) {
    assert_eq!(page.status, status, "{}", page.text());
    let policy = page.header("content-security-policy");
    assert!(policy.contains("; frame-ancestors https://app.example https://other.example; "), "{policy}");
    let rest = without_own_script(page);
    for part in parts {
        assert!(rest.contains(part), "{part}: {rest}");
    }
    assert!(!rest.contains("<script") && !rest.contains("postMessage"), "{rest}");
}

/// A browser at the vendor, with its cookie, and where the vendor sends it back to.
async fn at_the_vendor(server: &Server, more: &Value) -> (Client, url::Url, String) {
    let mut more = more.clone();
    more["integration"] = json!(OAUTH);
    let session = session(server, &more).await;
    let left = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(left.status, 302, "{}", left.text());
    let cookie = left.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned();
    let page: url::Url = left.header(LOCATION.as_str()).parse().unwrap();
    let state = page.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    (server.browser.with("cookie", &cookie), page, state)
}

async fn agreed(server: &Server, page: &url::Url) -> String {
    server.browser.get(page.as_str()).await.unwrap().header(LOCATION.as_str()).to_owned()
}

#[tokio::test]
async fn addresses_that_are_none_of_the_web_are_refused_where_the_session_is_made() {
    let server = start_with(|builder| builder.egress(EgressPolicy::default())).await;
    let made_key = server.client.json("POST", "/integrations", &json!({"provider": KEY})).await.unwrap();
    assert!(made_key.status == 201 || made_key.status == 409, "{}", made_key.text());
    let eleven: Vec<String> = (0..11).map(|number| format!("https://app{number}.example")).collect();
    for (more, refused) in [
        (json!({"return_url": RETURN_URL}), ""),
        (json!({"return_url": null, "origins": null}), ""),
        (json!({"return_url": "http://localhost:3000/done", "origins": ["http://127.0.0.1:3000"]}), ""),
        (json!({"origins": eleven[..10]}), ""),
        (json!({"origins": eleven}), "invalid_value"),
        (json!({"return_url": "http://app.example/"}), "invalid_value"),
        (json!({"return_url": "javascript:alert(1)"}), "invalid_value"),
        (json!({"return_url": "//app.example/"}), "invalid_value"),
        (json!({"return_url": "/settings"}), "invalid_value"),
        (json!({"return_url": ""}), "invalid_value"),
        (json!({"return_url": "https://me:secret@app.example/"}), "invalid_value"),
        (json!({"return_url": "https://app.example/#x"}), "invalid_value"),
        (json!({"return_url": format!("https://app.example/{}", "a".repeat(2048))}), "invalid_value"),
        (json!({"return_url": 1}), "invalid_request"),
        (json!({"origins": ["https://app.example/"]}), "invalid_value"),
        (json!({"origins": ["http://app.example"]}), "invalid_value"),
        (json!({"origins": ["*"]}), "invalid_value"),
        (json!({"origins": ["https://*.example"]}), "invalid_value"),
        (json!({"origins": ["https://app.example; script-src *"]}), "invalid_value"),
        (json!({"origins": "https://app.example"}), "invalid_request"),
        (json!({"return_to": RETURN_URL}), "invalid_request"),
    ] {
        let answer = made(&server, &more).await;
        let status = if refused.is_empty() { 201 } else { 400 };
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (status, refused), "{more}");
        assert!(!answer.text().contains("secret"), "a refusal names members and no values: {}", answer.text());
    }
    // A server that allows plain HTTP allows it here too.
    let server = start().await;
    let plain = json!({"return_url": "http://app.example/", "origins": ["http://app.example"]});
    assert_eq!(made(&server, &plain).await.status, 201);
}

#[tokio::test]
async fn a_form_leads_back_when_the_account_is_connected_and_when_it_cannot_be() {
    let server = start().await;
    let session = session(&server, &way_back()).await;
    let form = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    assert_page(&form, 200, &[]);
    assert!(!form.text().contains("Back to the app"), "it is not over: {}", form.text());
    assert_page(&submit(&server, &session, "wrong-key").await, 400, &["aria-invalid".to_owned()]);
    for _ in 0..2 {
        // A second click sees the same.
        let connected = submit(&server, &session, API_KEY).await;
        let said = ["<h1>Connected to Key</h1>", "<dd>Key</dd>", "<dd>acme</dd>"].map(str::to_owned);
        assert_page(&connected, 200, &said);
        assert_page(&connected, 200, &[link(KEY, "connected\" data-go"), news(KEY, "connected", "")]);
    }
    let failed = [link(KEY, "failed&amp;error=invalid_state\""), news(KEY, "failed", "invalid_state")];
    assert_page(&submit(&server, &session, "mock-another-key").await, 400, &failed);
    assert_page(&server.browser.get(session["url"].as_str().unwrap()).await.unwrap(), 400, &failed);
}

#[tokio::test]
async fn a_flow_leads_back_from_the_vendor() {
    let server = start().await;
    server.oauth_integration().await;
    let (browser, page, _) = at_the_vendor(&server, &way_back()).await;
    let callback = agreed(&server, &page).await;
    for _ in 0..2 {
        let connected = browser.get(&callback).await.unwrap();
        assert_page(&connected, 200, &[link(OAUTH, "connected\" data-go"), news(OAUTH, "connected", "")]);
    }
    let again = browser.get(&format!("{callback}&return_url=https%3A%2F%2Felsewhere.example%2F")).await.unwrap();
    assert_page(&again, 400, &[link(OAUTH, "failed&amp;error=invalid_state\"")]);
    assert!(!again.text().contains("elsewhere"), "{}", again.text());

    let (browser, _, state) = at_the_vendor(&server, &way_back()).await;
    let refused = format!("{}?error=access_denied&state={state}", server.callback(OAUTH).await);
    let failed = [
        "<h1>Not connected to OAuth</h1>".to_owned(),
        link(OAUTH, "failed&amp;error=authorization_denied\""),
        news(OAUTH, "failed", "authorization_denied"),
    ];
    assert_page(&browser.get(&refused).await.unwrap(), 400, &failed);
}

#[tokio::test]
async fn another_browser_does_not_learn_the_way() {
    let server = start().await;
    server.oauth_integration().await;
    let (_, page, state) = at_the_vendor(&server, &way_back()).await;
    let callback = agreed(&server, &page).await;
    let token_of_a_page = format!("/connect/{KEY}?token={state}");
    for (browser, target) in [
        (&server.browser, callback.as_str()),
        (&server.browser.with("cookie", "keyway_oauth_0123456789abcdef=x"), callback.as_str()),
        (&server.browser, token_of_a_page.as_str()),
    ] {
        let answer = browser.get(target).await.unwrap();
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(!answer.text().contains("app.example"), "{}", answer.text());
        assert!(answer.header("content-security-policy").contains("; frame-ancestors 'none'; "));
    }
}

#[tokio::test]
async fn without_a_way_back_no_page_is_framed_and_no_link_brings_one() {
    let server = start().await;
    let session = session(&server, &json!({})).await;
    let url = session["url"].as_str().unwrap();
    for target in [url.to_owned(), format!("{url}&return_url=https%3A%2F%2Felsewhere.example%2F&origins=*")] {
        let page = server.browser.get(&target).await.unwrap();
        let policy = page.header("content-security-policy");
        assert!(policy.contains("; frame-ancestors 'none'; "), "{policy}");
        assert!(!page.text().contains("elsewhere"), "{}", page.text());
    }
    let connected = submit(&server, &session, API_KEY).await;
    assert!(connected.text().contains("You can close this window."), "{}", connected.text());
    assert!(!connected.text().contains("<script") && !connected.text().contains("Back to the app"));
}

#[tokio::test]
async fn the_app_of_origins_alone_is_told_and_the_person_stays() {
    let server = start().await;
    let session = session(&server, &json!({"origins": ["http://localhost:3000"]})).await;
    let connected = submit(&server, &session, API_KEY).await;
    let rest = without_own_script(&connected);
    assert!(rest.contains("data-tell=\"http://localhost:3000\" data-status=\"connected\""), "{rest}");
    assert!(!rest.contains("data-go") && rest.contains("You can close this window."), "{rest}");
}

#[tokio::test]
async fn a_hostile_name_stays_a_value_on_the_way_back() {
    let hostile = "\"><script>alert(1)</script>&status=connected#";
    let server = start().await;
    let mut more = way_back();
    more["connection_id"] = json!(hostile);
    more["return_url"] = json!(format!("https://app.example/?a={hostile}").replace('#', ""));
    let session = session(&server, &more).await;
    let page = submit(&server, &session, API_KEY).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let rest = without_own_script(&page);
    assert!(!rest.contains("<script"), "{rest}");
    let href = rest.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let href: url::Url = href.parse().unwrap();
    let pairs: Vec<(String, String)> = href.query_pairs().into_owned().collect();
    assert_eq!((href.host_str(), href.fragment()), (Some("app.example"), None), "{href}");
    assert!(pairs.contains(&("connection_id".to_owned(), hostile.to_owned())), "{pairs:?}");
}
