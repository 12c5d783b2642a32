//! Values that would be markup, of the catalogue, of callers and of the vendor: on every page they are text.

use crate::catalogue::{HOSTILE, MARKUP, hostile};
use crate::chromium::{DESK, with};
use crate::person::Person;
use crate::security::sign_in;
use crate::server::Server;
use crate::vendor::{CLIENT_ID, CLIENT_SECRET, CUSTOMER_KEY, Vendor};
use serde_json::json;
use thirtyfour::prelude::*;
use url::form_urlencoded::byte_serialize;

/// An id that is markup.
const ID: &str = "<b onmouseover=alert(3)>\"'&lt;";

/// The page shows the value as text, made no element of it, and opened no dialog.
async fn shows_as_text(person: &Person, what: &str, value: &str) {
    let dialog = person.driver.get_alert_text().await;
    assert!(dialog.is_err(), "{what}: a dialog: {dialog:?}");
    let ours = "return document.querySelectorAll('img, b, [onerror], [onmouseover], script:not(:last-of-type)').length";
    assert_eq!(person.eval(ours).await, json!(0), "{what}: {}", person.driver.source().await.unwrap());
    let scripts = person.eval("return document.scripts.length").await;
    assert!(scripts == json!(0) || scripts == json!(1), "{what}: {scripts} scripts");
    let shown = "const text = document.documentElement.textContent + [...document.querySelectorAll('*')]
            .flatMap((element) => [...element.attributes].map((one) => one.value)).join('\\n');
        return text.includes(arguments[0])";
    assert_eq!(person.eval_with(shown, vec![json!(value)]).await, json!(true), "{what}: {}", person.page().await);
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

        let integration =
            json!({"key": flow, "provider": flow, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
        server.post("/integrations", &integration).await;
        let refusal =
            format!("{}/oauth/callback?error={}&error_description={}&state=x", server.url, "no", encoded(MARKUP));
        person.open(&refusal).await;
        assert!(person.driver.get_alert_text().await.is_err());
        person.open(&format!("{}/connect/{}?token={}", server.url, encoded(MARKUP), encoded(MARKUP))).await;
        assert!(person.driver.get_alert_text().await.is_err());
        assert_eq!(person.eval("return document.querySelectorAll('img, b').length").await, json!(0));
    })
    .await;
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
