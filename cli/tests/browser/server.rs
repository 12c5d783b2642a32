//! `keyway serve` as a process, with its store in a file of a new folder and its API key in the environment.

use keyway_tests::client::{Answer, Client};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use tempfile::TempDir;

/// The API key that the environment gives.
pub(crate) const API_KEY: &str = "kw-canary-of-the-servers-own-api-key";

/// A running server. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    folder: TempDir,
    /// Its origin.
    pub(crate) url: String,
    /// A client with the API key.
    pub(crate) api: Client,
}

impl Server {
    /// The first start with a catalogue.
    pub(crate) fn start(catalogue: &str) -> Server {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("own.yaml"), catalogue).unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        command.current_dir(folder.path()).args(["serve", "--listen", "127.0.0.1:0", "--catalogue", "own.yaml"]);
        command.args(["--allow-http", "--allow-private-hosts"]).env("KEYWAY_API_KEY", API_KEY);
        command.env("KEYWAY_LOG", "trace").env_remove("KEYWAY_ENCRYPTION_KEY");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut first = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        assert!(lines.read_line(&mut first).unwrap() > 0, "{}", fs::read_to_string(folder.path().join("log")).unwrap());
        // The rest is taken, so that the server never waits for a reader.
        thread::spawn(move || lines.lines().map_while(Result::ok).for_each(drop));
        let url = first.trim().rsplit(' ').next().unwrap().to_owned();
        let api = Client::new(&url).with("authorization", &format!("Bearer {API_KEY}"));
        Server { child, folder, url, api }
    }

    /// Sends JSON over the API, which must be taken.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let answer = self.api.json("POST", path, body).await.unwrap();
        assert_eq!(answer.status, 201, "{path}: {}\n{}", answer.text(), self.log());
        answer
    }

    /// A link with which a customer connects.
    pub(crate) async fn link(&self, integration: &str, id: &str) -> String {
        self.session(&serde_json::json!({"integration": integration, "connection_id": id})).await
    }

    /// A link with which a customer chooses what to connect.
    pub(crate) async fn link_among(&self, integrations: &[&str], id: &str) -> String {
        self.session(&serde_json::json!({"allowed_integrations": integrations, "connection_id": id})).await
    }

    async fn session(&self, body: &Value) -> String {
        self.post("/connect/sessions", body).await.json()["url"].as_str().unwrap().to_owned()
    }

    /// Its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            let log = self.log();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            println!("keyway said last: {}", last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}
