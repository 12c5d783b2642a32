//! Two `keyway serve` over one store file: what is written through one is seen by the other within the documented
//! bound, also where the other one was stopped meanwhile. Both keep connections in memory.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::client::{Answer, Client};
use keyway_tests::mock::{API_KEY, Mock};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The bound of `docs/performance.md`: a call that begins so long after a write was confirmed sees it.
const BOUND: Duration = Duration::from_millis(250);
const SERVER_KEY: &str = "a-key-that-is-long-enough-for-a-server";

/// A running `keyway serve`. Killed when it is dropped.
struct Server {
    child: Child,
    client: Client,
}

impl Server {
    fn start(folder: &Path) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        command.current_dir(folder).args(["serve", "--catalogue", "mock.yaml", "--listen", "127.0.0.1:0"]);
        command.args(["--allow-private-hosts", "--allow-http"]).env("KEYWAY_API_KEY", SERVER_KEY);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = first.rsplit(' ').next().unwrap().to_owned();
        // The rest of what it says.
        std::thread::spawn(move || lines.count());
        let client = Client::new(&url).with("authorization", &format!("Bearer {SERVER_KEY}"));
        Server { child, client }
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

fn catalogue(mock: &str) -> String {
    format!(
        "acme:
    display_name: Acme
    categories:
        - dev-tools
    auth_mode: API_KEY
    proxy:
        base_url: {mock}/api
        headers:
            x-api-key: ${{apiKey}}
    credentials:
        apiKey:
            type: string
            title: API key
            description: The key of the mock
    docs: https://example.com/docs
"
    )
}

async fn put(client: &Client, method: &str, path: &str, body: &Value) {
    let answer = client.json(method, path, body).await.unwrap();
    assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
}

/// The status of an answer, and the code of an error of the proxy itself.
fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.header("keyway-error").to_owned())
}

/// A change through one server, and a call through the other before and after it.
struct Case {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: Value,
    /// The host beside the entry's own that the call goes to.
    is_listed_host: bool,
    expected: (u16, &'static str),
}

fn cases() -> [Case; 5] {
    let case = |name, method, path, body, expected| Case { name, method, path, body, is_listed_host: false, expected };
    let rotated = json!({"integration": "acme", "connection_id": "u", "credentials": {"apiKey": "another-key"}});
    [
        case("a rotated key", "POST", "/connections", rotated, (401, "")),
        case(
            "a deleted connection",
            "DELETE",
            "/connections/u?integration=acme",
            json!({}),
            (400, "unknown_connection"),
        ),
        case("a renamed integration", "PATCH", "/integrations/acme", json!({"key": "b"}), (404, "unknown_integration")),
        case("a deleted integration", "DELETE", "/integrations/acme", json!({}), (404, "unknown_integration")),
        Case {
            is_listed_host: true,
            ..case(
                "a narrowed host",
                "PATCH",
                "/integrations/acme",
                json!({"allowed_hosts": []}),
                (400, "host_not_allowed"),
            )
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_writes_another_sees_within_the_bound() {
    for is_stopped in [false, true] {
        for case in cases() {
            let folder = tempfile::tempdir().unwrap();
            let (mock, listed) = (Mock::start().await.unwrap(), Mock::start().await.unwrap());
            fs::write(folder.path().join("mock.yaml"), catalogue(&mock.url())).unwrap();
            let (here, there) = (Server::start(folder.path()), Server::start(folder.path()));
            let host = listed.url().trim_start_matches("http://").to_owned();
            put(&here.client, "POST", "/integrations", &json!({"provider": "acme", "allowed_hosts": [host]})).await;
            let connection = json!({"integration": "acme", "connection_id": "u", "credentials": {"apiKey": API_KEY}});
            put(&here.client, "POST", "/connections", &connection).await;
            let mut caller = there.client.as_connection("acme", "u");
            if case.is_listed_host {
                caller = caller.with("base-url-override", &format!("{}/api", listed.url()));
            }
            let call = async || told(&caller.get("/proxy/private").await.unwrap());
            let name = format!("{}, stopped: {is_stopped}", case.name);
            // From the store, from memory.
            for _ in 0..3 {
                assert_eq!(call().await, (200, String::new()), "{name}");
            }
            if is_stopped {
                there.signal("STOP");
            }
            let write = here.client.json(case.method, case.path, &case.body);
            let written = write.await.unwrap();
            assert!(written.status.is_success(), "{name}: {}", written.text());
            tokio::time::sleep(BOUND).await;
            if is_stopped {
                there.signal("CONT");
            }
            let (status, code) = case.expected;
            assert_eq!(call().await, (status, code.to_owned()), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn steady_traffic_sees_a_deletion_within_the_bound_and_a_return_as_soon() {
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start().await.unwrap();
    fs::write(folder.path().join("mock.yaml"), catalogue(&mock.url())).unwrap();
    let (here, there) = (Server::start(folder.path()), Server::start(folder.path()));
    let connection = json!({"integration": "acme", "connection_id": "u", "credentials": {"apiKey": API_KEY}});
    put(&here.client, "POST", "/integrations", &json!({"provider": "acme"})).await;
    let caller = there.client.as_connection("acme", "u");
    for _ in 0..5 {
        put(&here.client, "POST", "/connections", &connection).await;
        let until = tokio::time::Instant::now() + BOUND;
        while tokio::time::Instant::now() < until {
            caller.get("/proxy/private").await.unwrap();
        }
        assert_eq!(told(&caller.get("/proxy/private").await.unwrap()).0, 200);
        put(&here.client, "DELETE", "/connections/u?integration=acme", &json!({})).await;
        let until = tokio::time::Instant::now() + BOUND;
        while tokio::time::Instant::now() < until {
            caller.get("/proxy/private").await.unwrap();
        }
        assert_eq!(told(&caller.get("/proxy/private").await.unwrap()).1, "unknown_connection");
    }
}
