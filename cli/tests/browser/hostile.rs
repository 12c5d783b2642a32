//! Values that would be markup, of the catalogue, of callers and of the vendor: on every page they are text.

use crate::catalogue::{HOSTILE, MARKUP, hostile};
use crate::chromium::{DESK, with};
use crate::person::Person;
use crate::security::sign_in;
use crate::server::Server;
use crate::vendor::{CLIENT_ID, CUSTOMER_KEY, Vendor};
use serde_json::json;
use url::form_urlencoded::byte_serialize;

/// An id that is markup.
const ID: &str = "<b onmouseover=alert(3)>\"'&lt;";

/// The page shows the value as text, and nothing became markup.
async fn shows_as_text(person: &Person, what: &str, value: &str) {
    has_no_markup(person, what).await;
    let shown = "const text = document.documentElement.textContent + [...document.querySelectorAll('*')]
            .flatMap((element) => [...element.attributes].map((one) => one.value)).join('\\n');
        return text.includes(arguments[0])";
    assert_eq!(person.eval_with(shown, vec![json!(value)]).await, json!(true), "{what}: {}", person.page().await);
}

/// No element is there that no template has, and no dialog was opened.
async fn has_no_markup(person: &Person, what: &str) {
    let dialog = person.driver.get_alert_text().await;
    assert!(dialog.is_err(), "{what}: a dialog: {dialog:?}");
    let theirs = "return document.querySelectorAll('img, b, i, [onerror], [onmouseover]').length
        + Math.max(0, document.scripts.length - 1)";
    assert_eq!(person.eval(theirs).await, json!(0), "{what}: {}", person.driver.source().await.unwrap());
}

#[tokio::test]
async fn no_value_of_others_becomes_markup_on_a_page_of_operators() {
    with(DESK, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&hostile(&vendor.url()));
        let [flow, keyed] = HOSTILE;
        let credentials = json!({"apiKey": CUSTOMER_KEY});
        let connection = json!({"integration": keyed, "connection_id": ID, "credentials": credentials,
            "config": {"team": MARKUP, "plan": MARKUP}, "metadata": {MARKUP: MARKUP}});
        server.post("/connections", &connection).await;
        let integration = json!({"key": flow, "provider": flow, "client_id": MARKUP, "scopes": [MARKUP]});
        server.post("/integrations", &integration).await;
        sign_in(person, &server, "/console/providers").await;
        for path in [
            "/console/providers".to_owned(),
            format!("/console/providers?q={}", encoded(MARKUP)),
            format!("/console/providers/{flow}"),
            format!("/console/providers/{keyed}"),
            format!("/console/providers/{}", encoded(MARKUP)),
            format!("/console/integrations/new?provider={flow}"),
            "/console/integrations".to_owned(),
            format!("/console/integrations/{flow}"),
            format!("/console/connect?integration={keyed}&connection_id={}", encoded(MARKUP)),
            format!("/console/connect?integration={}", encoded(MARKUP)),
            format!("/console/connections?id={}", encoded(MARKUP)),
            format!("/console/connections/{keyed}/{}", encoded(MARKUP)),
            format!("/console/connections/{keyed}/{}", encoded(ID)),
        ] {
            person.open(&format!("{}{path}", server.url)).await;
            shows_as_text(person, &path, MARKUP).await;
        }
        person.open(&format!("{}/console/connections", server.url)).await;
        shows_as_text(person, "connections", ID).await;
        // The vendor's answer and its header.
        person.open(&format!("{}/console/connections/{keyed}/{}/call", server.url, encoded(ID))).await;
        person.enter("path", "/<i>").await;
        person.press("Send").await;
        person.see("called_with").await;
        shows_as_text(person, "call", "<script>alert(2)</script>").await;
        let source = person.driver.source().await.unwrap();
        assert!(!source.contains(CUSTOMER_KEY), "the vendor repeats the key, and the page does not");
    })
    .await;
}

#[tokio::test]
async fn no_value_of_others_becomes_markup_on_a_page_of_customers() {
    with(DESK, async |person: &Person| {
        let vendor = Vendor::start().await;
        let server = Server::start(&hostile(&vendor.url()));
        let [flow, keyed] = HOSTILE;
        let link = server.link(keyed, ID).await;
        person.open(&format!("{link}&params[team]={}", encoded(MARKUP))).await;
        shows_as_text(person, "form", MARKUP).await;
        person.choose("config[plan]", "other").await;
        person.enter("credentials[apiKey]", "refused").await;
        person.press_on("Connect").await;
        assert_eq!(vendor.probes(), 1);
        shows_as_text(person, "refused", MARKUP).await;

        // The vendor's words on the way back: the customer refuses, and then the code is not exchanged.
        let integration = json!({"key": flow, "provider": flow, "client_id": CLIENT_ID, "client_secret": "wrong"});
        server.post("/integrations", &integration).await;
        let link = server.link(flow, ID).await;
        for button in ["Refuse", "Allow"] {
            person.open(&link).await;
            person.see("Let Keyway in?").await;
            person.press_on(button).await;
            shows_as_text(person, button, "<img src=x onerror=alert(1)>").await;
        }
        // A link that was made up.
        person.open(&format!("{}/connect/{keyed}?token={}", server.url, encoded(MARKUP))).await;
        person.arrive("made-up", "link").await;
        person.open(&format!("{}/connect/{}?token=x", server.url, encoded(MARKUP))).await;
        has_no_markup(person, "made up").await;
    })
    .await;
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
