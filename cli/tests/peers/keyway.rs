//! `keyway serve` as a process with its store in a file, and what an operator does with it over HTTP.

use crate::browser::Browser;
use keyway_tests::client::{Answer, Client};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use url::form_urlencoded::byte_serialize;

/// A running server. Killed when it is dropped.
pub(crate) struct Keyway {
    child: Child,
    folder: TempDir,
    /// Its origin.
    pub(crate) url: String,
    /// A client with the API key.
    pub(crate) operator: Client,
    key: String,
}

impl Keyway {
    /// Starts one with a catalogue.
    pub(crate) fn start(catalogue: &str) -> Keyway {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("peers.yaml"), catalogue).unwrap();
        let (child, banner) = spawn(folder.path(), "127.0.0.1:0");
        let url = banner.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
        let key = banner.split_whitespace().find(|word| word.starts_with("kw_")).unwrap().to_owned();
        let operator = Client::new(&url).with("authorization", &format!("Bearer {key}"));
        Keyway { child, folder, url, operator, key }
    }

    /// Starts it again where it was, with what it kept.
    pub(crate) fn again(&mut self) {
        let (child, _) = spawn(self.folder.path(), self.url.trim_start_matches("http://"));
        self.child = child;
    }

    /// Creates an integration.
    pub(crate) async fn integration(&self, integration: Value) -> Value {
        self.create("/integrations", integration).await
    }

    /// Creates one without a client yet: the server has to be told its redirect URI first. Gives that URI.
    pub(crate) async fn integration_of(&self, provider: &str, settings: Value) -> String {
        let mut integration = settings;
        integration["provider"] = json!(provider);
        let made = self.integration(integration).await;
        made["redirect_uri"].as_str().unwrap_or_else(|| panic!("no redirect URI in {made}")).to_owned()
    }

    /// Changes an integration.
    pub(crate) async fn change(&self, key: &str, change: Value) {
        let answer = self.operator.json("PATCH", &format!("/integrations/{key}"), &change).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// A link for one connection; `config` are the values that the customer's link brings along.
    pub(crate) async fn link(&self, integration: &str, id: &str, config: &[(&str, &str)]) -> String {
        let session = json!({"integration": integration, "connection_id": id});
        let mut link = self.create("/connect/sessions", session).await["url"].as_str().unwrap().to_owned();
        for (name, value) in config {
            link.extend(["&params[", name, "]="].into_iter().chain(byte_serialize(value.as_bytes())));
        }
        link
    }

    /// Connects in a new browser, to the page that says so. The browser holds where it was.
    pub(crate) async fn connect(&self, integration: &str, id: &str, config: &[(&str, &str)]) -> Browser {
        let link = self.link(integration, id, config).await;
        let mut browser = Browser::new();
        let page = browser.sign_in(&link).await;
        assert_eq!(page.answer.status, 200, "{}: {}\n{}", page.url, page.answer.text(), self.log());
        assert!(page.url.as_str().starts_with(&self.url), "it ended at {}: {}", page.url, page.answer.text());
        assert!(page.answer.text().contains("Connected"), "{}", page.answer.text());
        browser
    }

    /// Stores credentials that the operator has.
    pub(crate) async fn import(&self, connection: Value) -> Answer {
        self.operator.json("POST", "/connections", &connection).await.unwrap()
    }

    /// A client that calls as a connection.
    pub(crate) fn as_connection(&self, integration: &str, id: &str) -> Client {
        self.operator.as_connection(integration, id)
    }

    /// Renews a connection's token now.
    pub(crate) async fn renew(&self, integration: &str, id: &str) -> Answer {
        let path = format!("/connections/{id}?integration={integration}&refresh=true");
        self.operator.get(&path).await.unwrap()
    }

    /// A connection, with its credentials.
    pub(crate) async fn connection(&self, integration: &str, id: &str) -> Answer {
        self.operator.get(&format!("/connections/{id}?integration={integration}")).await.unwrap()
    }

    /// True if the list of connections says that the customer has to connect again.
    pub(crate) async fn reconnect_needed(&self, integration: &str, id: &str) -> bool {
        let listed = self.operator.get(&format!("/connections?integration={integration}")).await.unwrap().json();
        let connections = listed["connections"].as_array().unwrap();
        let found = connections.iter().find(|connection| connection["connection_id"] == id);
        found.unwrap_or_else(|| panic!("no connection {id} in {listed}"))["reconnect_needed"].as_bool().unwrap()
    }

    /// Renews, which must work; gives the credentials.
    pub(crate) async fn renewed(&self, integration: &str, id: &str) -> Value {
        let answer = self.renew(integration, id).await;
        assert_eq!(answer.status, 200, "{}\n{}", answer.text(), self.log());
        answer.json()["credentials"].clone()
    }

    /// After the server took the grant back: the refusal is final, it is shown, and calls say what to do.
    pub(crate) async fn must_reconnect(&self, integration: &str, id: &str) {
        assert!(!self.reconnect_needed(integration, id).await, "before anything was refused");
        let refused = self.renew(integration, id).await;
        assert_eq!(refused.status, 424, "{}", refused.text());
        assert!(self.reconnect_needed(integration, id).await, "{}\n{}", refused.text(), self.log());
        let again = self.renew(integration, id).await;
        assert_eq!(again.header("keyway-error"), "reconnect_needed", "{}", again.text());
    }

    /// The header that the API key goes into, for other people's clients.
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }

    /// Its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Asked to stop, it has to end by itself.
    pub(crate) fn stop(&mut self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(120), "it does not stop");
            thread::sleep(Duration::from_millis(50));
        }
    }

    async fn create(&self, path: &str, body: Value) -> Value {
        let answer = self.operator.json("POST", path, &body).await.unwrap();
        assert_eq!(answer.status, 201, "{path}: {}\n{}", answer.text(), self.log());
        answer.json()
    }
}

impl Drop for Keyway {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("keyway said: {}", self.log());
        }
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// A process, and what it said when it was ready.
fn spawn(folder: &Path, address: &str) -> (Child, String) {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command
        .current_dir(folder)
        .env("KEYWAY_LOG", "debug")
        .env_remove("KEYWAY_API_KEY")
        .env_remove("KEYWAY_ENCRYPTION_KEY");
    command.args(["serve", "--listen", address, "--catalogue", "peers.yaml", "--allow-http", "--allow-private-hosts"]);
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut banner = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    while !banner.contains("curl ") {
        let read = lines.read_line(&mut banner).unwrap();
        assert!(read > 0, "it ended: {}", fs::read_to_string(folder.join("log")).unwrap());
    }
    (child, banner)
}

/// An entry of a catalogue: what every entry needs, and `rest`, indented by four.
pub(crate) fn entry(key: &str, rest: &str) -> String {
    let common = "display_name: A peer\n    docs: https://example.com/docs\n    categories: [other]";
    format!("{key}:\n    {common}\n{rest}\n")
}
