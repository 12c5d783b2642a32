//! The real binary as a process: an operation that a catalogue lists, called by name against a strict upstream.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::client::Client;
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const API_KEY: &str = "kw-test-key-of-the-server";

/// A process that ends with the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended_already = self.0.wait();
    }
}

/// An upstream that answers the one request that it expects, to the byte, and refuses any other; and what it was asked.
async fn upstream(expected: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { break };
                head.push(byte);
            }
            let head = String::from_utf8(head).unwrap();
            let is_expected = head.lines().next() == Some(expected) && head.contains("x-key: upstream-key-canary\r\n");
            log.lock().unwrap().push(head);
            let status = if is_expected { "200 OK" } else { "400 Bad Request" };
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nlink: <x>; rel=next\r\nconnection: close\r\n\r\n[]");
            let _gone_already = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, seen)
}

fn catalogue(upstream: &str) -> String {
    format!(
        "acme:
    display_name: Acme
    docs: https://acme.example.com
    categories: [other]
    auth_mode: API_KEY
    credentials: {{apiKey: {{type: string, title: Key, description: A key., secret: true}}}}
    proxy:
        base_url: http://{upstream}/v2
        headers: {{x-key: '${{apiKey}}'}}
    keyway:
        endpoints:
            issues.list:
                get: /repos/{{owner}}/{{repo}}/issues
                query: {{labels: {{type: strings, style: comma}}}}
                paginate: {{type: link, link_rel_in_response_header: next, limit_name_in_request: per_page}}
"
    )
}

fn serve(folder: &Path) -> (Ends, Client) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(folder).args(["serve", "--catalogue", "acme.yaml", "--listen", "127.0.0.1:0"]);
    command.args(["--allow-private-hosts", "--allow-http"]);
    command.env("KEYWAY_API_KEY", API_KEY).env("KEYWAY_LOG", "trace").env_remove("KEYWAY_ENCRYPTION_KEY");
    let log = fs::File::create(folder.join("log")).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    assert!(lines.read_line(&mut first).unwrap() > 0, "{}", fs::read_to_string(folder.join("log")).unwrap());
    let url = first.trim().rsplit(' ').next().unwrap().to_owned();
    (Ends(child), Client::new(url).with("authorization", &format!("Bearer {API_KEY}")))
}

#[tokio::test]
async fn an_operation_of_a_catalogue_is_called_by_name() {
    let (address, seen) =
        upstream("GET /v2/repos/owner%2Fcanary/hello/issues?labels=a%2Cb,c&per_page=50 HTTP/1.1").await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("acme.yaml"), catalogue(&address)).unwrap();
    let (_ends, client) = serve(folder.path());
    let connection = json!({
        "integration": "acme", "connection_id": "customer-42", "verify": false,
        "credentials": {"apiKey": "upstream-key-canary"},
    });
    assert_eq!(client.json("POST", "/connections", &connection).await.unwrap().status, 201);

    let client = client.with("connection-id", "customer-42");
    let body = json!({"owner": "owner/canary", "repo": "hello", "labels": ["a,b", "c"], "per_page": 50});
    let answer = client.json("POST", "/call/acme/issues.list", &body).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "[]"), "{:?}", seen.lock().unwrap());
    assert_eq!(answer.header("link"), "<x>; rel=next");
    let wrong = json!({"owner": "owner/canary", "labels": "value-canary"});
    let answer = client.json("POST", "/call/acme/issues.list", &wrong).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.json()["error"]["problems"].as_array().unwrap().len()), (422, 2));
    assert_eq!(seen.lock().unwrap().len(), 1, "the wrong call was not sent");
    let page = client.get("/integrations/acme/reference").await.unwrap();
    assert!(page.text().contains("<code>GET /repos/{owner}/{repo}/issues</code>"), "{}", page.text());

    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("/repos/{owner}/{repo}/issues") && !log.contains("canary"), "{log}");
}
