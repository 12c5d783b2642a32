//! The form of a connect session: what it shows, what it refuses, and that nothing a customer enters becomes markup.

use crate::setup::{Server, start, start_with_config, without_own_script};
use form_urlencoded::Serializer;
use keyway_server::Brand;
use keyway_tests::catalogue::{HOSTED, KEY, OAUTH, TENANT};
use keyway_tests::client::Answer;
use keyway_tests::mock::{API_KEY, CLIENT_ID, CLIENT_SECRET};
use serde_json::{Value, json};

const HOSTILE: &str = "\"><script>alert(1)</script>'&lt;";

async fn session(server: &Server, integration: &str) -> Value {
    let body = json!({"integration": integration, "connection_id": "acme"});
    let answer = server.client.json("POST", "/connect/sessions", &body).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn submit(server: &Server, integration: &str, token: &Value, values: &[(&str, &str)]) -> Answer {
    let token = token.as_str().unwrap();
    let body = Serializer::new(String::new()).append_pair("token", token).extend_pairs(values).finish();
    let browser = server.browser.with("content-type", "application/x-www-form-urlencoded");
    browser.send("POST", &format!("/connect/{integration}"), body).await.unwrap()
}

#[tokio::test]
async fn a_form_asks_for_the_fields_and_stores_what_fits() {
    let server = start().await;
    let session = session(&server, KEY).await;
    for _ in 0..2 {
        let page = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
        assert_eq!(page.status, 200, "looking uses nothing up: {}", page.text());
        let input = "<input type=\"password\" name=\"credentials[apiKey]\" required";
        assert!(page.text().contains(input) && page.text().contains("<h1>Connect Key</h1>"), "{}", page.text());
        assert!(!without_own_script(&page).contains("<script"), "{}", page.text());
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    }
    let refused = submit(&server, KEY, &session["token"], &[("credentials[apiKey]", "wrong-key")]).await;
    assert_eq!(refused.status, 400);
    let problem = "<span class=\"problem\" id=\"field-1-problem\">API key does not have the expected form</span>";
    assert!(refused.text().contains(problem) && !refused.text().contains("wrong-key"), "{}", refused.text());
    assert!(refused.text().contains("<a href=\"#field-1\">API key does not have"), "{}", refused.text());
    let empty = submit(&server, KEY, &session["token"], &[]).await;
    assert!(empty.text().contains("API key is missing"), "{}", empty.text());
    let done = submit(&server, KEY, &session["token"], &[("credentials[apiKey]", API_KEY)]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(server.calling(KEY, "acme").get("/proxy/key").await.unwrap().header("keyway-error"), "");
    let again = submit(&server, KEY, &session["token"], &[("credentials[apiKey]", API_KEY)]).await;
    assert_eq!(again.status, 200, "a second click sees the same: {}", again.text());
    let other = [("credentials[apiKey]", "mock-another-key")];
    let again = submit(&server, KEY, &session["token"], &other).await;
    assert!(again.status == 400 && again.text().contains("invalid_state"), "{}", again.text());
    // A customer cannot make a link: the page says whom to ask, the JSON goes on to speak to the operator.
    assert!(
        again.text().contains("This link is not good any more: it was used already")
            && again.text().contains("ask for a new one")
    );
    assert!(!again.text().contains("make a new one"), "{}", again.text());
    let body = json!({"token": session["token"], "credentials": {"apiKey": "mock-another-key"}});
    let told = server.browser.json("POST", &format!("/connect/{KEY}"), &body).await.unwrap();
    assert!(told.text().contains("this session is unknown, used already"), "{}", told.text());
}

#[tokio::test]
async fn pages_of_customers_have_the_operators_look_and_their_policy_allows_it() {
    let brand = || Brand::new().name("Acme & Co")?.logo(b"<svg/>")?.colour("#2b4fd8")?.colour_dark("#9db2ff");
    let server = start_with_config(|config| config.brand(brand().unwrap())).await;
    let session = session(&server, KEY).await;
    let page = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    for part in ["Acme &amp; Co", "src=\"data:image/svg+xml;base64,", "--accent:#2b4fd8", "credentials[apiKey]"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let policy = page.header("content-security-policy");
    assert!(policy.contains("; img-src data:; ") && policy.contains("form-action 'self'"), "{policy}");
    assert_eq!(policy.matches("'sha256-").count(), 3, "{policy}");
    assert_eq!(page.header("content-length"), page.text().len().to_string());
    let failed = server.browser.get(&format!("/connect/{KEY}?token=nothing")).await.unwrap();
    assert!(failed.status == 400 && failed.text().contains("Acme &amp; Co"), "{}", failed.text());
}

#[tokio::test]
async fn a_script_submits_json_once_and_for_its_own_integration() {
    let server = start().await;
    let token = session(&server, KEY).await["token"].clone();
    let _other = session(&server, TENANT).await;
    let body = |key: &str| json!({"token": token, "credentials": {"apiKey": key}});
    for (target, key, status) in [
        ("/connect/mock-tenant", API_KEY, 400),
        ("/connect/mock-key", "wrong-key", 400),
        ("/connect/mock-key", API_KEY, 201),
        ("/connect/mock-key", API_KEY, 201),
        ("/connect/mock-key", "mock-another-key", 400),
    ] {
        let answer = server.browser.json("POST", target, &body(key)).await.unwrap();
        assert_eq!(answer.status, status, "{target} {key}: {}", answer.text());
        assert!(!answer.text().contains("wrong-key") && !answer.text().contains(API_KEY));
    }
}

#[tokio::test]
async fn a_session_is_no_oracle_for_guesses() {
    let server = start().await;
    let token = session(&server, KEY).await["token"].clone();
    let body = json!({"token": token, "credentials": {"apiKey": "guess"}});
    let mut codes = Vec::new();
    for _ in 0..12 {
        let answer = server.browser.json("POST", "/connect/mock-key", &body).await.unwrap();
        codes.push(answer.header("keyway-error").to_owned());
    }
    assert_eq!(codes.iter().filter(|code| *code == "invalid_value").count(), 11, "{codes:?}");
    assert_eq!(codes.last().unwrap(), "invalid_state");
}

#[tokio::test]
async fn nothing_that_comes_from_outside_becomes_markup() {
    let server = start().await;
    let session = session(&server, TENANT).await;
    let link = session["url"].as_str().unwrap();
    let query = Serializer::new(String::new()).append_pair("params[tenant]", HOSTILE).finish();
    let name = Serializer::new(String::new()).append_pair(&format!("config[{HOSTILE}]"), "x").finish();
    let prefilled = server.browser.get(&format!("{link}&{query}")).await.unwrap();
    assert!(prefilled.text().contains("&lt;script&gt;"), "it is shown again, as text: {}", prefilled.text());
    let pairs: Vec<(String, String)> = form_urlencoded::parse(name.as_bytes()).into_owned().collect();
    let values = [("config[tenant]", HOSTILE), (pairs[0].0.as_str(), "x")];
    let named = submit(&server, TENANT, &session["token"], &values).await;
    assert_eq!(named.status, 400, "{}", named.text());
    for page in [prefilled, named] {
        assert!(
            !without_own_script(&page).contains("<script") && page.text().contains("value=\"&quot;&gt;&lt;script"),
            "{}",
            page.text()
        );
    }
}

#[tokio::test]
async fn a_redirect_that_lacks_a_value_asks_for_it_first() {
    let server = start().await;
    let body = json!({"provider": HOSTED, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "allowed_hosts": ["sso.example.com"]});
    assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    let session = session(&server, HOSTED).await;
    let page = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("name=\"config[host]\"") && page.header("set-cookie").is_empty());
    // Plain HTTP is allowed here, and a browser holds the redirect after the form against the policy too.
    assert!(page.header("content-security-policy").ends_with("form-action 'self' https: http:"));
    let left = submit(&server, HOSTED, &session["token"], &[("config[host]", "sso.example.com")]).await;
    assert_eq!(left.status, 303, "{}", left.text());
    assert!(left.header("location").starts_with("https://sso.example.com/authorize?"));
    assert!(left.header("set-cookie").contains("HttpOnly"));
}

#[tokio::test]
async fn credentials_are_not_taken_where_a_redirect_brings_them() {
    let server = start().await;
    server.oauth_integration().await;
    let session = session(&server, OAUTH).await;
    let body = json!({"token": session["token"], "credentials": {"access_token": "stolen"}});
    let answer = server.browser.json("POST", "/connect/mock-oauth", &body).await.unwrap();
    assert_eq!(answer.status, 501, "{}", answer.text());
}
