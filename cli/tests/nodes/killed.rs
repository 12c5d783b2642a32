//! Refreshes of rotating tokens while servers are killed and stopped and the database is restarted.
//!
//! `KEYWAY_NODE_ROUNDS` sets how many times something is broken (default 20).

use super::node::{Node, Setup};
use keyway_tests::postgres::Cluster;
use keyway_tests::rotating::Rotating;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CONNECTIONS: usize = 24;
const NODES: usize = 3;
const DEFAULT_ROUNDS: usize = 20;
/// How long a call may take in all: longer than a lease.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Longer than a lease: another server takes over meanwhile.
const LONG_STOP: Duration = Duration::from_secs(24);

/// What happened to a server, and from when to when.
#[derive(Clone, Debug)]
struct Broken {
    node: String,
    from: Instant,
    to: Instant,
}

fn catalogue(vendor: &str) -> String {
    format!(
        "vendor:
    display_name: Vendor
    categories:
        - dev-tools
    auth_mode: OAUTH2
    authorization_url: {vendor}/authorize
    token_url: {vendor}/token
    proxy:
        base_url: {vendor}/api
    docs: https://example.com/docs
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_no_token_is_redeemed_twice_at_once_and_none_is_lost() {
    let Some(cluster) = Cluster::start() else { return };
    let rounds = std::env::var("KEYWAY_NODE_ROUNDS").map_or(DEFAULT_ROUNDS, |rounds| rounds.parse().unwrap());
    let vendor = Rotating::start().await.unwrap();
    let setup = Setup::new(cluster.database(), &catalogue(&vendor.url()));
    let mut nodes: Vec<Node> = (0..NODES).map(|number| setup.start(&format!("n{number}"), "127.0.0.1:0")).collect();
    assert!(nodes.iter().all(|node| !node.banner.contains("canary")), "{}", nodes[0].banner);
    make(&nodes[0]).await;

    let stop = Arc::new(Mutex::new(false));
    let callers = call(&nodes, &stop);
    let mut broken = Vec::new();
    for round in 0..rounds {
        tokio::time::sleep(Duration::from_millis(150 + (round as u64) * 173 % 500)).await;
        let (victim, from) = (round * 7 % NODES, Instant::now());
        let node = &mut nodes[victim];
        let (name, address) = (node.name.clone(), node.address().to_owned());
        match round % 10 {
            // A lease is waited for once in a while.
            3 if round % 30 == 3 => pause(node, LONG_STOP).await,
            1 | 3 | 6 => pause(node, Duration::from_millis(700)).await,
            4 => tokio::task::block_in_place(|| cluster.restart("fast")),
            8 => tokio::task::block_in_place(|| cluster.restart("immediate")),
            _ => tokio::task::block_in_place(|| {
                node.kill();
                *node = setup.start(&name, &address);
            }),
        }
        if !matches!(round % 10, 4 | 8) {
            broken.push(Broken { node: format!("node/{name}"), from, to: Instant::now() });
        }
    }
    *stop.lock().unwrap() = true;
    let answered: usize = callers.join_all().await.into_iter().sum();

    // Nothing is broken any more: every connection works on every server, if need be once a lease is over.
    let mut lost = Vec::new();
    for node in &nodes {
        for id in 0..CONNECTIONS {
            if !works(node, id).await {
                lost.push(format!("{} on {}", id, node.name));
            }
        }
    }
    let seen = vendor.seen();
    let unexplained: Vec<_> = seen
        .repeated
        .iter()
        .filter(|it| !broken.iter().any(|b| b.node == it.first && b.from <= it.until && b.to >= it.since))
        .collect();
    eprintln(&format!(
        "{rounds} rounds: {answered} calls answered, {} tokens redeemed, {} at the same time, {} sent again after their \
         answer died with a process ({} otherwise), {} reused, {} lost",
        seen.redeemed,
        seen.overlaps.len(),
        seen.repeated.len(),
        unexplained.len(),
        seen.reused.len(),
        lost.len(),
    ));
    assert!(seen.overlaps.is_empty(), "redeemed at the same time: {:?}", seen.overlaps);
    assert!(seen.reused.is_empty(), "{:?}", seen.reused);
    assert!(unexplained.is_empty(), "no process died: {unexplained:?}");
    assert!(lost.is_empty(), "{lost:?}");
    assert!(seen.redeemed > rounds && answered > rounds, "hardly anything happened: {seen:?}");
    for number in 0..NODES {
        let log = setup.logged(&format!("n{number}"));
        assert!(!log.contains("canary") && !log.contains("access-"), "a secret was logged");
    }
}

/// Past the harness, which shows nothing of a test that passes.
fn eprintln(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes());
}

async fn pause(node: &Node, time: Duration) {
    node.signal("STOP");
    tokio::time::sleep(time).await;
    node.signal("CONT");
}

async fn make(node: &Node) {
    let client = node.client();
    let integration = json!({"provider": "vendor", "client_id": "client", "client_secret": "client-canary"});
    let made = client.json("POST", "/integrations", &integration).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    for id in 0..CONNECTIONS {
        let token = json!({"access_token": "access-first", "refresh_token": format!("g{id}.0"), "expires_in": 1});
        let body = json!({"integration": "vendor", "connection_id": format!("c{id}"), "credentials": token});
        let made = client.json("POST", "/connections", &body).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.text());
    }
}

/// Two callers a connection, each going from server to server, until they are told to stop. How many calls succeeded.
fn call(nodes: &[Node], stop: &Arc<Mutex<bool>>) -> JoinSet<usize> {
    let mut callers = JoinSet::new();
    for caller in 0..2 * CONNECTIONS {
        let id = format!("c{}", caller % CONNECTIONS);
        let clients: Vec<_> = nodes.iter().map(|node| node.client().as_connection("vendor", &id)).collect();
        let stop = Arc::clone(stop);
        callers.spawn(async move {
            let mut answered = 0;
            for turn in caller.. {
                if *stop.lock().unwrap() {
                    break;
                }
                let called = clients[turn % NODES].get("/proxy/anything");
                match tokio::time::timeout(CALL_TIMEOUT, called).await {
                    Ok(Ok(answer)) if answer.status == 200 => answered += 1,
                    // The server is away, or the token dead while another server holds its lease.
                    _ => tokio::time::sleep(Duration::from_millis(100)).await,
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            answered
        });
    }
    callers
}

/// Whether a connection can be used, at the latest when a lease has ended.
async fn works(node: &Node, id: usize) -> bool {
    let client = node.client().as_connection("vendor", &format!("c{id}"));
    let deadline = Instant::now() + 2 * CALL_TIMEOUT;
    while Instant::now() < deadline {
        match tokio::time::timeout(CALL_TIMEOUT, client.get("/proxy/anything")).await {
            Ok(Ok(answer)) if answer.status == 200 => return true,
            Ok(Ok(answer)) if answer.header("keyway-error") == "reconnect_needed" => return false,
            _ => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
    false
}
