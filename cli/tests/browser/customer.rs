//! A customer's form with each kind of field, and everything that goes wrong in it, in each look.
//!
//! Inputs are found by name and buttons by what stands on them.

use crate::audit;
use crate::catalogue::{KEYED, catalogue};
use crate::chromium::{DESK, Look, NO_SCRIPT, PHONE, with};
use crate::person::Person;
use crate::pictures;
use crate::server::{API_KEY, Server};
use crate::vendor::{CUSTOMER_KEY, Vendor};
use serde_json::{Value, json};
use std::time::Instant;
use thirtyfour::prelude::*;

const TEAM: &str = "config[team]";
const PLAN: &str = "config[plan]";
const CONTRACT: &str = "config[contract]";
const NOTE: &str = "config[note]";
const KEY: &str = "credentials[apiKey]";

#[tokio::test]
async fn a_customer_gets_through_the_form_whatever_goes_wrong_at_a_desk() {
    connect_in(DESK).await;
}

#[tokio::test]
async fn without_scripts_a_customer_gets_through_as_well() {
    connect_in(NO_SCRIPT).await;
}

#[tokio::test]
async fn on_a_phone_a_customer_gets_through_as_well() {
    connect_in(PHONE).await;
}

async fn connect_in(look: Look) {
    with(look, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        let begun = Instant::now();
        let link = server.link(KEYED, "grace").await;
        filled_in(person, &link).await;
        wrong_values(person, &link).await;
        assert_eq!(vendor.probes(), 0, "nothing is sent before the form is right");
        a_refused_key(person, &vendor).await;
        two_clicks(person, &vendor).await;
        is_stored(&server).await;
        afterwards(person, &link).await;
        println!("{}: the form took {:.1} s", look.name, begun.elapsed().as_secs_f32());
        audit::no_secret(person, &server, &[API_KEY, CUSTOMER_KEY]);
        let token = link.split("token=").nth(1).unwrap();
        assert!(!server.log().contains(token), "the link's token is in the log");
        audit::valid(person);
    })
    .await;
}

/// With something in every field, and not sent.
async fn filled_in(person: &Person, link: &str) {
    person.open(link).await;
    person.choose(PLAN, "paid").await;
    for (name, value) in [(TEAM, "acme"), (CONTRACT, "c-2030"), (KEY, CUSTOMER_KEY)] {
        person.enter(name, value).await;
        assert_eq!(is_valid(person, name).await, json!(true), "{name}");
    }
    pictures::keep_whole(person, "customer-form").await;
}

/// The browser holds back what it can judge; the server says the rest beside the field.
async fn wrong_values(person: &Person, link: &str) {
    person.open(link).await;
    person.arrive("form", "Keyed").await;
    let text = person.text().await;
    for shown in ["https://", ".keyed.example", "The number on your bill.", "API key"] {
        let is_hidden = shown.starts_with("The number") && person.look.has_script;
        assert!(text.contains(shown) || is_hidden, "{shown}: {text}");
    }
    for (name, attribute, expected) in [
        (TEAM, "pattern", r"^[a-z0-9\-]+$"),
        (TEAM, "type", "text"),
        (KEY, "type", "password"),
        (TEAM, "placeholder", "acme"),
    ] {
        let found = person.field(name).await.attr(attribute).await.unwrap();
        assert_eq!(found.as_deref(), Some(expected), "{name}");
    }
    assert_eq!(person.field(NOTE).await.attr("required").await.unwrap(), None, "it is optional");
    // With nothing in it, the form is not sent.
    person.press("Connect").await;
    assert_eq!(is_valid(person, TEAM).await, json!(false));
    // Nor with what the pattern refuses.
    person.enter(TEAM, "Not A Team!").await;
    person.choose(PLAN, "free").await;
    person.enter(KEY, "wrong").await;
    person.press("Connect").await;
    assert_eq!(is_valid(person, TEAM).await, json!(false));
    // A browser that does not check: the server does, and says it beside the field.
    person.eval("document.querySelector('form').noValidate = true").await;
    person.press_on("Connect").await;
    person.see_problem_of(TEAM).await;
    person.see_problem_of(KEY).await;
    person.arrive("wrong-values", "Connect").await;
    pictures::keep_whole(person, "customer-problem").await;
    assert_eq!(person.field(TEAM).await.prop("value").await.unwrap().as_deref(), Some("Not A Team!"), "it is kept");
    assert_eq!(person.field(KEY).await.prop("value").await.unwrap().as_deref(), Some(""), "a secret is not repeated");
}

async fn is_valid(person: &Person, name: &str) -> Value {
    person.eval_with("return document.getElementsByName(arguments[0])[0].checkValidity()", vec![json!(name)]).await
}

/// The vendor refuses the key: the form is there again, with its reason.
async fn a_refused_key(person: &Person, vendor: &Vendor) {
    person.enter(TEAM, "acme").await;
    person.choose(PLAN, "paid").await;
    // Asked for now that the plan is paid.
    person.enter(CONTRACT, "c-1").await;
    person.enter(KEY, "key-of-another").await;
    person.press_on("Connect").await;
    assert_eq!(vendor.probes(), 1);
    let problem = person.driver.query(By::Css("[role=alert]")).first().await.unwrap().text().await.unwrap();
    assert!(problem.contains("does not accept") && problem.contains("401"), "{problem}");
    person.arrive("refused-key", "Connect").await;
    assert_eq!(person.field(CONTRACT).await.prop("value").await.unwrap().as_deref(), Some("c-1"), "it is kept");
}

/// The right key, with a finger that is too quick.
async fn two_clicks(person: &Person, vendor: &Vendor) {
    person.enter(NOTE, "by hand").await;
    person.enter(KEY, CUSTOMER_KEY).await;
    person.press_twice("Connect").await;
    person.arrive("connected-by-key", "onnected").await;
    pictures::keep_whole(person, "customer-connected").await;
    assert_eq!(vendor.probes(), 2, "one request for two clicks, after the one that was refused");
}

async fn is_stored(server: &Server) {
    let stored = server.api.get(&format!("/connections/grace?integration={KEYED}")).await.unwrap().json();
    assert_eq!(stored["credentials"]["apiKey"].as_str(), Some(CUSTOMER_KEY), "{stored}");
    let expected = json!({"team": "acme", "plan": "paid", "contract": "c-1", "note": "by hand"});
    assert_eq!(stored["config"], expected, "{stored}");
}

/// Back after success, again, and with the link that is used up.
async fn afterwards(person: &Person, link: &str) {
    person.driver.back().await.unwrap();
    let text = person.text().await;
    assert!(!text.contains(CUSTOMER_KEY), "{text}");
    person.open(link).await;
    person.arrive("used-link", "link").await;
    let field = person.driver.query(By::Name(KEY)).nowait().exists().await.unwrap();
    assert!(!field, "a used link asks for nothing: {}", person.page().await);
    let unknown = format!("{}?token=never-given-out", link.split('?').next().unwrap());
    person.open(&unknown).await;
    person.arrive("unknown-link", "link").await;
}
