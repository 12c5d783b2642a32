//! Twelve operations of three vendors, imported and by hand: both send the same bytes, and they are these.

use super::three_vendors::{Accounts, by_hand, imported};
use keyway::connection::ConfigMap;
use keyway::credentials::Token;
use keyway::egress::EgressPolicy;
use keyway::fields::Trust;
use keyway::{ConnectionKey, Credentials, Integration, Keyway};
use keyway_providers::github::Github;
use keyway_providers::stripe_api_key::{self, StripeApiKey};
use keyway_providers::zendesk_api_key::{self, ZendeskApiKey};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The exchanges in order: `> ` before a line of a request, `< ` before one of an answer, an empty line between two.
const EXCHANGES: &str = include_str!("twelve.txt");

/// One request and its answer.
struct Exchange {
    request: String,
    answer: String,
}

fn exchanges(host: &str) -> Vec<Exchange> {
    let part = |text: &str, mark: &str| {
        let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(mark)).collect();
        let (head, body) = lines.split_at(lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len()));
        let body = body.get(1..).unwrap_or_default().join("\n").replace("{host}", host);
        let length =
            if mark == "<" && !body.is_empty() { format!("\r\ncontent-length: {}", body.len()) } else { String::new() };
        format!("{}{length}\r\n\r\n{body}", head.join("\r\n").replace("{host}", host))
    };
    EXCHANGES.split("\n\n").map(|text| Exchange { request: part(text, ">"), answer: part(text, "<") }).collect()
}

/// A server that plays the three vendors: it ends with the first request that is not the expected one, byte for byte.
async fn vendors(listener: TcpListener) -> Result<(), String> {
    let host = listener.local_addr().unwrap().to_string();
    let mut keys: Vec<String> = Vec::new();
    for (index, exchange) in exchanges(&host).into_iter().enumerate() {
        let (mut stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
        let sent = request(&mut stream).await;
        let expected = with_key(&exchange.request, &sent, &mut keys);
        if sent != expected {
            return Err(format!("request {}:\n{sent:?}\nexpected:\n{expected:?}", index + 1));
        }
        let answer = exchange.answer.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        stream.write_all(answer.as_bytes()).await.map_err(|error| error.to_string())?;
        stream.shutdown().await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The whole request; a byte that is no text is shown as `\xNN`.
async fn request(stream: &mut TcpStream) -> String {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text: String = read
            .iter()
            .map(|byte: &u8| if byte.is_ascii() { char::from(*byte).to_string() } else { format!("\\x{byte:02x}") })
            .collect();
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if read.len() >= end + 4 + length {
                return text;
            }
        }
        let count = stream.read(&mut buffer).await.unwrap();
        if count == 0 {
            return text;
        }
        read.extend_from_slice(&buffer[..count]);
    }
}

/// True for 8-4-4-4-12 hexadecimal digits (RFC 9562 section 4).
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(is_hex)
}

/// The expected request with the idempotency key of the one that was sent: `{key}` is new, `{same}` the last one.
fn with_key(expected: &str, sent: &str, keys: &mut Vec<String>) -> String {
    let key = sent.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).unwrap_or_default().to_owned();
    let is_new = is_uuid(&key) && !keys.contains(&key);
    let last = keys.last().cloned().unwrap_or_default();
    let expected = expected.replace("{same}", &last);
    if expected.contains("{key}") && is_new {
        keys.push(key.clone());
        return expected.replace("{key}", &key);
    }
    expected
}

async fn accounts(address: SocketAddr) -> Accounts {
    let base = |vendor: &str| format!("http://{address}/{vendor}");
    let host = [address.to_string()];
    let keyway = Keyway::builder()
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration(Integration::<Github>::new("github").base_url(base("github")).allowed_hosts(host.clone()))
        .integration(Integration::<StripeApiKey>::new("stripe").base_url(base("stripe")).allowed_hosts(host.clone()))
        .integration(Integration::<ZendeskApiKey>::new("zendesk").base_url(base("zendesk")).allowed_hosts(host))
        .build()
        .unwrap();
    let token = Credentials::default().token(Token::new("gho_1"));
    let (key, metadata) = (ConnectionKey::new("github", "me"), serde_json::Map::new());
    keyway.import(key, ConfigMap::new(), metadata, token, Trust::Operator).await.unwrap();
    let stripe = keyway.integration::<StripeApiKey>("stripe").unwrap();
    let key = stripe_api_key::Credentials { username: "sk_test_1".into() };
    let config = stripe_api_key::Config {};
    stripe.connect("me", config, key).set_credential(stripe_api_key::PASSWORD, "").import_unverified().await.unwrap();
    let zendesk = keyway.integration::<ZendeskApiKey>("zendesk").unwrap();
    let config = zendesk_api_key::Config { subdomain: "acme".to_owned() };
    let agent = zendesk_api_key::Credentials { username: "ada@acme.example".into(), password: "token-1".into() };
    zendesk.connect("me", config, agent).import_unverified().await.unwrap();
    Accounts {
        github: keyway.integration::<Github>("github").unwrap().client("me").await.unwrap(),
        stripe: stripe.client("me").await.unwrap().retries(1),
        zendesk: zendesk.client("me").await.unwrap().retries(1),
    }
}

async fn start() -> (Accounts, JoinHandle<Result<(), String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(vendors(listener));
    (accounts(address).await, server)
}

/// The server has seen every request, and none that differs.
async fn ended(server: JoinHandle<Result<(), String>>) {
    let outcome = tokio::time::timeout(Duration::from_secs(20), server).await.expect("requests are missing");
    outcome.unwrap().unwrap();
}

const DONE: &str = "ticket 37, 3 charges, pi_1 Some(Succeeded), issue 1347";

#[tokio::test]
async fn imported_operations_send_what_the_vendors_expect() {
    let (accounts, server) = start().await;
    let done = imported::steps::run(&accounts).await.map_err(|error| error.to_string());
    ended(server).await;
    assert_eq!(done.as_deref(), Ok(DONE));
}

#[tokio::test]
async fn operations_written_by_hand_send_the_same() {
    let (accounts, server) = start().await;
    let done = by_hand::steps::run(&accounts).await.map_err(|error| error.to_string());
    ended(server).await;
    assert_eq!(done.as_deref(), Ok(DONE));
}
