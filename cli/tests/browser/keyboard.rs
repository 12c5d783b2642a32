//! The pages by keyboard alone: Tab, Enter, Space and letters. The focus can be seen wherever it is, and goes through
//! a page in the order in which the page is read.

use crate::catalogue::{KEYED, catalogue};
use crate::chromium::{DESK, Look, NO_SCRIPT, with};
use crate::person::Person;
use crate::server::{API_KEY, Server};
use crate::vendor::{CLIENT_ID, CLIENT_SECRET, CUSTOMER_KEY, Vendor};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// The most presses of Tab until something has the focus.
const MAX_TABS: usize = 60;

#[tokio::test]
async fn everything_is_reached_by_keyboard() {
    walk_in(DESK).await;
}

#[tokio::test]
async fn without_scripts_everything_is_reached_by_keyboard_as_well() {
    walk_in(NO_SCRIPT).await;
}

async fn walk_in(look: Look) {
    with(look, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        an_operator_sets_up(person, &server).await;
        a_customer_connects(person, &server).await;
        assert_eq!(person.clicks(), 0, "{}: the mouse was used", look.name);
    })
    .await;
}

async fn an_operator_sets_up(person: &Person, server: &Server) {
    person.open(&server.url).await;
    person.see("API key of this server").await;
    // The field has the focus already.
    assert_eq!(focus(person).await["name"], "api_key");
    keys(person, API_KEY).await;
    keys(person, Key::Enter).await;
    person.see("Three steps to the first call").await;
    keys(person, Key::Tab).await;
    assert_eq!(focus(person).await["name"], "To the content", "what stands above every page can be left out");
    tab_to(person, "Providers").await;
    keys(person, Key::Enter).await;
    person.see("Keyed").await;
    tab_to(person, "Acme").await;
    keys(person, Key::Enter).await;
    person.see("Where a credential may go").await;
    tab_to(person, "New integration").await;
    keys(person, Key::Enter).await;
    person.see("New integration of Acme").await;
    tab_to(person, "client_id").await;
    keys(person, CLIENT_ID).await;
    tab_to(person, "client_secret").await;
    keys(person, CLIENT_SECRET).await;
    tab_to(person, "scope=things:read").await;
    keys(person, Key::Space).await;
    tab_to(person, "Create").await;
    keys(person, Key::Space).await;
    person.see("Redirect URI").await;
    let stored = server.api.get("/integrations/acme").await.unwrap().json();
    assert_eq!((&stored["client_id"], &stored["scopes"]), (&json!(CLIENT_ID), &json!(["things:read"])));
    tab_to(person, "connection_id").await;
    keys(person, "ada").await;
    keys(person, Key::Enter).await;
    person.see("A link for your customer").await;
    tab_to(person, "Open it").await;
    // The page of links, where one ticks.
    person.open(&format!("{}/console/connect", server.url)).await;
    person.see("Tick several").await;
    tab_to(person, "integration=acme").await;
    tab_to(person, "connection_id").await;
    tab_to(person, "Make the link").await;
}

async fn a_customer_connects(person: &Person, server: &Server) {
    let link = server.link_among(&["acme", KEYED], "grace").await;
    person.open(&link).await;
    person.see("Choose what you would like to connect").await;
    tab_to(person, "Keyed").await;
    keys(person, Key::Enter).await;
    person.see("Choose something else").await;
    for (name, text) in [("config[team]", "acme"), ("config[plan]", "paid"), ("config[contract]", "c-1")] {
        tab_to(person, name).await;
        keys(person, text).await;
    }
    tab_to(person, "config[note]").await;
    tab_to(person, "credentials[apiKey]").await;
    keys(person, "key-of-another").await;
    tab_to(person, "Connect").await;
    keys(person, Key::Enter).await;
    person.see("does not accept").await;
    // The form is there again, and what was entered stands in it.
    tab_to(person, "credentials[apiKey]").await;
    keys(person, CUSTOMER_KEY).await;
    keys(person, Key::Enter).await;
    person.see("Your account is connected").await;
}

/// Presses keys one after the other.
async fn keys(person: &Person, typed: impl Into<TypingData>) {
    person.driver.action_chain().send_keys(typed).perform().await.unwrap();
}

/// Presses Tab until what has this name has the focus. Each stop on the way can be seen, and follows the one before.
async fn tab_to(person: &Person, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..MAX_TABS {
        keys(person, Key::Tab).await;
        let found = focus(person).await;
        passed.push(found["name"].clone());
        if found["name"] == name {
            return;
        }
    }
    panic!("{}: {name} is not reached from {passed:?} on {}", person.look.name, person.page().await);
}

/// The element that has the focus, as a person sees it.
async fn focus(person: &Person) -> Value {
    let found = person.eval(include_str!("focus.js")).await;
    for what in ["isMarked", "isInSight", "follows"] {
        let page = person.page().await;
        assert!(found.is_null() || found[what] == json!(true), "{}: {what}: {found} on {page}", person.look.name);
    }
    found
}
