//! Other origins, cookies and the end of a session, as a browser has them.

use crate::audit;
use crate::catalogue::{FLOW, catalogue};
use crate::chromium::{DESK, NO_SCRIPT, with};
use crate::person::Person;
use crate::server::{API_KEY, Server};
use crate::vendor::Vendor;
use serde_json::json;
use thirtyfour::prelude::*;
use url::form_urlencoded::byte_serialize;

/// Signs in, to a page.
pub(crate) async fn sign_in(person: &Person, server: &Server, path: &str) {
    person.open(&format!("{}{path}", server.url)).await;
    person.enter("api_key", API_KEY).await;
    person.press("Sign in").await;
    person.see("Sign out").await;
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn a_form_of_another_origin_changes_nothing_although_the_operator_is_signed_in() {
    with(DESK, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        sign_in(person, &server, "/console/providers").await;
        // Of another site, to which no cookie goes, and of another port of the same host, to which it does.
        for (origin, refusal) in [(vendor.other_site(), "your session is over"), (vendor.url(), "from another site")] {
            for (path, fields) in [
                ("/console/integrations", format!("provider={FLOW}&key={FLOW}")),
                ("/console/connect", format!("integration={FLOW}&connection_id=theirs")),
                ("/sign-out", String::new()),
            ] {
                let action = encoded(&format!("{}{path}", server.url));
                person.open(&format!("{origin}/attack/form?{fields}&action={action}")).await;
                person.press("Win a prize").await;
                person.see(refusal).await;
            }
        }
        let integrations = server.api.get("/integrations").await.unwrap().json();
        assert_eq!(integrations["integrations"], json!([]), "{integrations}");
        // The operator is signed in still.
        person.open(&server.url).await;
        person.see("Sign out").await;
    })
    .await;
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_frame_a_page() {
    with(DESK, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        sign_in(person, &server, "/console/providers").await;
        let customer = format!("/connect/{}?token=x", crate::catalogue::KEYED);
        for path in ["/console/providers", "/sign-in", "/", &customer] {
            let framed = encoded(&format!("{}{path}", server.url));
            for origin in [vendor.url(), vendor.other_site()] {
                person.open(&format!("{origin}/attack/frame?src={framed}")).await;
                let frame = person.driver.query(By::Tag("iframe")).first().await.unwrap();
                frame.enter_frame().await.unwrap();
                let text = person.text().await;
                assert!(!text.contains("Keyway") && !text.contains("connect"), "{path}: {text}");
                assert!(text.is_empty() || text.contains("refused to connect"), "{path}: {text}");
                person.driver.enter_default_frame().await.unwrap();
            }
            let log = person.driver.browser_log().await.unwrap();
            let refused = log.iter().any(|line| line.message.contains("frame-ancestors"));
            assert!(refused, "{path}: {log:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_the_session_ends_with_signing_out() {
    with(DESK, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        sign_in(person, &server, "/console/integrations").await;
        assert!(person.address().await.ends_with("/console/integrations"), "where one wanted to go");
        let cookie = person.driver.get_named_cookie("keyway_operator").await.unwrap();
        let shown = serde_json::to_value(&cookie).unwrap();
        assert_eq!((&shown["httpOnly"], &shown["sameSite"]), (&json!(true), &json!("Strict")), "{shown}");
        assert_eq!(shown["expiry"], json!(null), "it ends with the browser: {shown}");
        assert_eq!(person.eval("return document.cookie").await, json!(""));

        person.press("Sign out").await;
        person.see("You are signed out").await;
        assert!(person.driver.get_named_cookie("keyway_operator").await.is_err(), "it is taken away");
        // A copy of the cookie is good for nothing either, nor is the page before in the history.
        person.driver.add_cookie(cookie).await.unwrap();
        person.open(&format!("{}/console/connections", server.url)).await;
        person.see("API key of this server").await;
        person.driver.delete_all_cookies().await.unwrap();
        person.driver.back().await.unwrap();
        person.driver.back().await.unwrap();
        assert!(!person.text().await.contains("Sign out"), "{}", person.page().await);
    })
    .await;
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    with(NO_SCRIPT, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        for to in
            ["https://evil.example/", "//evil.example", "/\\evil.example", "/console//evil.example", "javascript:x"]
        {
            person.open(&format!("{}/sign-in?to={}", server.url, encoded(to))).await;
            person.enter("api_key", API_KEY).await;
            person.press("Sign in").await;
            person.see("Three steps").await;
            assert_eq!(person.address().await, format!("{}/", server.url), "{to}");
            person.press("Sign out").await;
            person.see("You are signed out").await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_audit_sees_the_faults_that_it_is_for() {
    for look in [DESK, NO_SCRIPT] {
        with(look, async |person: &Person| {
            let wide =
                "<p>No language, no title.<img src=x><input name=a style='width:3000px'><b id=a></b><b id=a></b>";
            person.open(&format!("data:text/html,{wide}")).await;
            let found = audit::faults(person).await.to_string();
            for rule in ["html-has-lang", "document-title", "image-alt", "label"] {
                assert!(found.contains(rule), "{}: {rule}: {found}", look.name);
            }
            let found = audit::out_of_reach(person).await.to_string();
            assert!(found.contains("scrolls to the side") && found.contains("lies outside"), "{found}");
            let found = audit::invalid(&[("a".to_owned(), wide.to_owned())]);
            assert!(found.contains("no-dup-id") && found.contains("a:1:"), "{found}");
        })
        .await;
    }
}
