//! A running server with a catalogue of its own, and commands against it.

use keyway_tests::client::Client;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

pub(crate) const API_KEY: &str = "kw_canary_0123456789abcdef";
pub(crate) const CLIENT_SECRET: &str = "canary-client-secret-71";
pub(crate) const CUSTOMER_KEY: &str = "rk_canary-customer-key-72";
pub(crate) const SECRET_CONFIG: &str = "canary-config-73";
pub(crate) const ACCESS_TOKEN: &str = "canary-access-token-74";
pub(crate) const REFRESH_TOKEN: &str = "canary-refresh-token-75";
const SECRETS: [&str; 6] = [API_KEY, CLIENT_SECRET, CUSTOMER_KEY, SECRET_CONFIG, ACCESS_TOKEN, REFRESH_TOKEN];

/// `keyway serve` in a folder of its own. Killed when it is dropped.
pub(crate) struct Served {
    child: Child,
    _folder: TempDir,
    pub(crate) url: String,
}

impl Served {
    /// Starts it; tokens are asked for at `vendor`.
    pub(crate) fn start(vendor: &str) -> Served {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mock.yaml"), catalogue(vendor)).unwrap();
        Served::start_with(folder, &["--catalogue", "mock.yaml", "--allow-private-hosts", "--allow-http"])
    }

    /// Starts it with the catalogue that is built in.
    pub(crate) fn built_in() -> Served {
        Served::start_with(tempfile::tempdir().unwrap(), &["--public-url", "https://keyway.example.com"])
    }

    fn start_with(folder: TempDir, arguments: &[&str]) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        command.current_dir(folder.path()).env("KEYWAY_API_KEY", API_KEY).env_remove("KEYWAY_ENCRYPTION_KEY");
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim_end().rsplit(' ').next().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "it did not start: {first}");
        Served { child, _folder: folder, url }
    }

    /// A connection with a key among its configuration and one among its credentials.
    pub(crate) async fn connect(&self, id: &str, metadata: Value) {
        let body = json!({
            "integration": "mock-key", "connection_id": id, "metadata": metadata, "verify": false,
            "config": {"site": "eu", "appKey": SECRET_CONFIG}, "credentials": {"apiKey": CUSTOMER_KEY},
        });
        self.post("/connections", &body).await;
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) {
        let client = Client::new(&self.url).with("authorization", &format!("Bearer {API_KEY}"));
        let answer = client.send("POST", path, body.to_string()).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
    }

    /// The exit code, standard output and standard error of a command against it.
    pub(crate) fn run(&self, line: &[&str]) -> (i32, String, String) {
        self.run_with_input(line, "")
    }

    pub(crate) fn run_with_input(&self, line: &[&str], input: &str) -> (i32, String, String) {
        run(&self.url, API_KEY, line, input)
    }

    pub(crate) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// A command against a server at an address. No output has a secret, unless credentials were asked for.
pub(crate) fn run(server: &str, key: &str, line: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.args(line).env("KEYWAY_SERVER", server).env("KEYWAY_API_KEY", key);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads no input has closed its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(stdout), text(stderr));
    if !line.contains(&"--credentials") {
        for secret in SECRETS {
            assert!(!out.contains(secret) && !err.contains(secret), "{line:?} shows a secret: {out}{err}");
        }
    }
    let steers = |letter: char| letter != '\n' && (letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter));
    assert!(!out.contains(steers) && !err.contains(steers), "{line:?} steers the terminal: {out:?}{err:?}");
    (status.code().unwrap(), out, err)
}

fn catalogue(vendor: &str) -> String {
    format!(
        "mock-key:
    display_name: Mock with a key
    categories: [dev-tools]
    auth_mode: API_KEY
    proxy:
        base_url: https://api.example.com
        headers:
            x-api-key: ${{apiKey}}
            x-app-key: ${{connectionConfig.appKey}}
            x-site: ${{connectionConfig.site}}
    credentials:
        apiKey:
            type: string
            title: API key
            description: The key of the mock
    connection_config:
        site:
            type: string
            title: Site
            description: The site of the mock
        appKey:
            type: string
            title: App key
            description: The other key of the mock
            secret: true
    docs: https://example.com/docs
mock-oauth:
    display_name: Mock with a flow
    categories: [dev-tools]
    auth_mode: OAUTH2
    authorization_url: {vendor}/authorize
    token_url: {vendor}/token
    proxy:
        base_url: {vendor}/api
    docs: https://example.com/docs
"
    )
}
