//! An operator, from the first start to a proxied call, in each look.

use crate::audit;
use crate::catalogue::catalogue;
use crate::chromium::{DESK, Look, NO_SCRIPT, PHONE, with};
use crate::person::Person;
use crate::server::{API_KEY, Server};
use crate::vendor::{CLIENT_SECRET, TOKEN, Vendor};
use crate::walk;
use std::time::{Duration, Instant};

/// The most clicks from the sign-in page to the answer of a vendor that is signed in at.
const MAX_CLICKS: usize = 12;

/// The longest that they take here.
const WALK_TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn an_operator_comes_from_the_first_start_to_a_call_in_a_dozen_clicks() {
    walk_in(DESK).await;
}

#[tokio::test]
async fn without_scripts_the_way_is_the_same() {
    walk_in(NO_SCRIPT).await;
}

#[tokio::test]
async fn on_a_phone_the_way_is_the_same() {
    walk_in(PHONE).await;
}

async fn walk_in(look: Look) {
    with(look, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        let begun = Instant::now();
        walk::from_first_start_to_a_call(person, &server).await;
        println!("{}: {} clicks, {:.1} s", look.name, person.clicks(), begun.elapsed().as_secs_f32());
        assert!(person.clicks() <= MAX_CLICKS, "{}: {} clicks", look.name, person.clicks());
        assert!(begun.elapsed() < WALK_TIMEOUT, "{}: {:?}", look.name, begun.elapsed());
        assert_eq!(vendor.codes(), 1);
        assert_eq!(vendor.scopes(), "things:read");

        walk::the_other_pages(person, &server).await;
        audit::no_secret(person, &server, &[API_KEY, CLIENT_SECRET, TOKEN, "canary-of-the-vendors-cookie"]);
        audit::valid(person);
    })
    .await;
}

#[tokio::test]
async fn the_list_of_providers_narrows_as_one_types_and_a_secret_is_shown_when_asked() {
    with(DESK, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        person.open(&format!("{}/console/providers", server.url)).await;
        person.enter("api_key", API_KEY).await;
        person.press("Sign in").await;
        person.see("Keyed").await;
        person.enter("q", "key").await;
        person.see("1 provider").await;
        let text = person.text().await;
        assert!(text.contains("Keyed") && !text.contains("Acme"), "{text}");
        person.open(&format!("{}/console/integrations/new?provider=acme", server.url)).await;
        person.enter("client_secret", "visible").await;
        person.press("Show").await;
        let field = person.field("client_secret").await;
        assert_eq!(field.attr("type").await.unwrap().as_deref(), Some("text"));
        person.press("Hide").await;
        assert_eq!(field.attr("type").await.unwrap().as_deref(), Some("password"));
    })
    .await;
}
