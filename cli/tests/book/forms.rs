//! The forms on the pages of providers ask for what `keyway serve` asks for, in its order.

use keyway_portrait::form;
use keyway_spec::mode::Connect;
use keyway_tests::client::Client;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const SERVER_KEY: &str = "a-key-that-is-long-enough-for-a-server";

/// A running server. Killed when it is dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended_already = self.0.wait();
    }
}

#[tokio::test]
async fn the_form_of_a_page_asks_for_what_the_server_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(&folder).args(["serve", "--listen", "127.0.0.1:0"]).env("KEYWAY_API_KEY", SERVER_KEY);
    let mut serving = Serving(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(serving.0.stdout.take().unwrap()).lines();
    let url = lines.next().unwrap().unwrap().rsplit(' ').next().unwrap().to_owned();
    let client = Client::new(&url).with("authorization", &format!("Bearer {SERVER_KEY}"));
    let mut compared = 0;
    for spec in keyway_providers::PROVIDERS {
        if spec.auth.connect() != Connect::Direct {
            continue;
        }
        // The operator's own settings, where an integration has to have some.
        let settings = spec.integration_config.iter().filter(|field| !field.optional && field.visible_when.is_none());
        let custom: BTreeMap<&str, &str> =
            settings.map(|field| (field.name, field.example.unwrap_or("example"))).collect();
        let integration = json!({"provider": spec.key, "custom": custom});
        let integration = client.json("POST", "/integrations", &integration).await.unwrap();
        assert!(integration.status.is_success(), "{}: {}", spec.key, integration.text());
        let body = json!({"integration": spec.key, "connection_id": "acme"});
        let session = client.json("POST", "/connect/sessions", &body).await.unwrap().json();
        let page = Client::new(&url).get(session["url"].as_str().unwrap()).await.unwrap().text();
        let names = page.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let asked: Vec<&str> = names.filter_map(|name| name.split_once('[')?.1.strip_suffix(']')).collect();
        let shown: Vec<&str> = form::fields(spec).iter().map(|field| field.name).collect();
        assert_eq!(shown, asked, "{}: {page}", spec.key);
        compared += asked.len();
    }
    assert!(compared > 15, "{compared} fields: this test no longer finds the forms it is about");
}
