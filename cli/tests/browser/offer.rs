//! A customer who chooses what to connect, in each look: there and back, and to the end.

use crate::audit;
use crate::catalogue::{FLOW, KEYED, catalogue};
use crate::chromium::{DESK, Look, NO_SCRIPT, PHONE, with};
use crate::person::Person;
use crate::pictures;
use crate::server::{API_KEY, Server};
use crate::vendor::{CLIENT_ID, CLIENT_SECRET, CUSTOMER_KEY, TOKEN, Vendor};
use serde_json::json;

#[tokio::test]
async fn a_customer_chooses_what_to_connect_at_a_desk() {
    choose_in(DESK).await;
}

#[tokio::test]
async fn without_scripts_a_customer_chooses_as_well() {
    choose_in(NO_SCRIPT).await;
}

#[tokio::test]
async fn on_a_phone_a_customer_chooses_as_well() {
    choose_in(PHONE).await;
}

async fn choose_in(look: Look) {
    with(look, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&catalogue(&vendor.url()));
        for key in [FLOW, "second"] {
            let integration =
                json!({"key": key, "provider": FLOW, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
            server.post("/integrations", &integration).await;
        }
        let link = server.link_among(&[KEYED, FLOW, "second"], "ada").await;
        person.open(&link).await;
        person.arrive("offer", "Choose what you would like to connect").await;
        let text = person.text().await;
        assert!(text.contains("Keyed") && text.contains("second"), "two of one provider are told apart: {text}");
        person.follow("Keyed").await;
        person.arrive("form-of-a-choice", "Choose something else").await;
        // Back by the browser and by the page.
        person.driver.back().await.unwrap();
        person.see("Choose what you would like to connect").await;
        person.follow("Keyed").await;
        person.follow("Choose something else").await;
        person.see("Choose what you would like to connect").await;
        person.follow("Acme second").await;
        person.see("Let Keyway in?").await;
        person.driver.back().await.unwrap();
        person.see("Choose what you would like to connect").await;
        person.follow("Acme second").await;
        person.see("Let Keyway in?").await;
        person.press("Allow").await;
        person.arrive("connected-by-choice", "Your account is connected").await;
        let stored = server.api.get("/connections").await.unwrap().json();
        assert_eq!(stored["connections"][0]["integration"], "second", "{stored}");
        assert_eq!(stored["connections"].as_array().map(Vec::len), Some(1), "{stored}");
        person.open(&link).await;
        person.arrive("used-offer", "link").await;
        audit::no_secret(person, &server, &[API_KEY, CUSTOMER_KEY, CLIENT_SECRET, TOKEN]);
        audit::valid(person);

        let link = server.link_among(&[FLOW, KEYED], "grace").await;
        person.open(&link).await;
        person.see("Keyed").await;
        pictures::keep_whole(person, "customer-offer").await;
    })
    .await;
}
