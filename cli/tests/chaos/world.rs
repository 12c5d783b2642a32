//! Everything that takes part in a run, and what was observed.

use super::bounds::{FORCED_TIMEOUT, SHUTDOWN_TIMEOUT};
use super::cause::{Breakage, BreakageKind};
use super::entries::{VendorKind, account};
use super::ledger::Forced;
use super::node::{Node, Setup};
use super::plan::NODES;
use super::secrets::{Secrets, locked};
use super::vendors::Vendors;
use super::witness::Witness;
use keyway_tests::client::{Answer, Client};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A call is waited for so long; the limit of each is the verdict's, and shorter.
const CALL_TIMEOUT: Duration = Duration::from_secs(300);

/// The time for a process to do what it has to on a machine that does other things too.
pub(crate) const SLACK: Duration = Duration::from_secs(30);

/// A server that is to be broken down is waited for so long, if it is still away.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of times a server is started at a busy store.
const MAX_STARTS: usize = 12;

/// Everything that takes part.
pub(crate) struct World {
    pub(crate) setup: Setup,
    pub(crate) vendors: Arc<Vendors>,
    pub(crate) secrets: Secrets,
    witness: Witness,
    nodes: Vec<Arc<tokio::sync::Mutex<Node>>>,
    clients: Vec<Client>,
    seen: Mutex<Observed>,
}

/// The observations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observed {
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) broken: Vec<Breakage>,
    /// Secrets that were shown, and where.
    pub(crate) shown: Vec<String>,
    /// Connections that callers were told to connect again.
    pub(crate) lost: Vec<usize>,
    /// Customers who connected: when that began, and when it was done.
    pub(crate) connected: Vec<(usize, Instant, Instant)>,
    /// Renewals that an operator asked for.
    pub(crate) forced: Vec<Forced>,
    /// Servers that were told to end, and did not, or not well.
    pub(crate) unclean: Vec<String>,
    /// The output of servers that ended.
    pub(crate) printed: String,
    /// Customers who could not connect.
    pub(crate) stranded: Vec<String>,
    /// Servers that ended at once, because the store was busy.
    pub(crate) starts_in_vain: usize,
    /// Kills and stops of servers that were still away because of the one before.
    pub(crate) skipped: usize,
    /// The most memory of a process, in KiB.
    pub(crate) memory: usize,
}

/// A call that was made.
#[derive(Clone, Debug)]
pub(crate) struct CallRecord {
    pub(crate) path: String,
    pub(crate) connection: usize,
    pub(crate) node: usize,
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
    pub(crate) outcome: CallOutcome,
}

#[derive(Clone, Debug)]
pub(crate) enum CallOutcome {
    /// The status, and the error of the server if it is one.
    Answered(u16, String),
    /// The connection to the server ended.
    Broken,
    /// There was no end.
    Hung,
}

impl World {
    pub(crate) async fn new(setup: Setup, vendors: Arc<Vendors>) -> World {
        let nodes: Vec<Node> = (0..NODES).map(|number| setup.start(&format!("n{number}"), "127.0.0.1:0")).collect();
        let clients = nodes.iter().map(Node::client).collect();
        let nodes = nodes.into_iter().map(|node| Arc::new(tokio::sync::Mutex::new(node))).collect();
        let (secrets, seen) = (Secrets::default(), Mutex::default());
        let witness = Witness::of(setup.store(), setup.folder()).await;
        World { setup, vendors, secrets, witness, nodes, clients, seen }
    }

    pub(crate) fn client(&self, node: usize) -> &Client {
        &self.clients[node % NODES]
    }

    pub(crate) async fn node(&self, node: usize) -> tokio::sync::MutexGuard<'_, Node> {
        self.nodes[node].lock().await
    }

    /// A URL of the load balancer as a server receives it.
    pub(crate) fn at(&self, node: usize, url: &str) -> String {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        format!("{}/{path}", self.client(node).base())
    }

    pub(crate) fn observed(&self) -> Observed {
        locked(&self.seen).clone()
    }

    /// Notes the secrets of an answer.
    pub(crate) fn hear(&self, answer: &Answer, what: &str) {
        let text = format!("{:?} {}", answer.headers, answer.text());
        if let Some(secret) = self.secrets.found(&text) {
            locked(&self.seen).shown.push(format!("{what}: {secret}"));
        }
    }

    /// Notes a connection that was lost.
    pub(crate) fn note_lost(&self, connection: usize) {
        locked(&self.seen).lost.push(connection);
    }

    /// Notes a customer who connected.
    pub(crate) fn note_connected(&self, connection: usize, begun: Instant) {
        locked(&self.seen).connected.push((connection, begun, Instant::now()));
    }

    /// Notes a customer who could not connect.
    pub(crate) fn note_stranded(&self, connection: usize, said: &str) {
        locked(&self.seen).stranded.push(format!("{}: {said}", account(connection)));
    }

    /// Notes the memory that a server ever held.
    pub(crate) fn measure(&self, node: &Node) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", node.id())).unwrap_or_default();
        let most =
            status.lines().find(|line| line.starts_with("VmHWM")).and_then(|line| line.split_whitespace().nth(1));
        let most = most.and_then(|most| most.parse().ok()).unwrap_or_default();
        let mut seen = locked(&self.seen);
        seen.memory = seen.memory.max(most);
    }

    /// Calls a connection through a server.
    pub(crate) async fn call(&self, connection: usize, node: usize, path: &str, posts: bool) -> CallRecord {
        let begun = Instant::now();
        let client = self.client(node).as_connection(VendorKind::of(connection).key(), &account(connection));
        let target = format!("/proxy{path}");
        let called = async {
            if posts {
                client.json("POST", &target, &serde_json::json!({"a": 1})).await
            } else {
                client.get(&target).await
            }
        };
        let outcome = match tokio::time::timeout(CALL_TIMEOUT, called).await {
            Ok(Ok(answer)) => {
                self.hear(&answer, &format!("{}, answer {} to {path}", account(connection), answer.status));
                CallOutcome::Answered(answer.status.as_u16(), answer.header("keyway-error").to_owned())
            }
            Ok(Err(_)) => CallOutcome::Broken,
            Err(_) => CallOutcome::Hung,
        };
        let record =
            CallRecord { path: path.to_owned(), connection, node: node % NODES, begun, ended: Instant::now(), outcome };
        locked(&self.seen).calls.push(record.clone());
        record
    }

    /// Renews a token as an operator does, whatever failed before.
    pub(crate) async fn refresh(&self, connection: usize, node: usize) {
        let begun = Instant::now();
        let integration = VendorKind::of(connection).key();
        let target = format!("/connections/{}?integration={integration}&refresh=true", account(connection));
        let answered = tokio::time::timeout(FORCED_TIMEOUT + SLACK, self.client(node).get(&target)).await;
        // A success shows the credentials: that is what it is for.
        if let Ok(Ok(answer)) = &answered
            && answer.status != 200
        {
            self.hear(answer, "a refresh that failed");
        }
        let mut seen = locked(&self.seen);
        if answered.is_err() {
            seen.stranded.push(format!("{}: a renewal that an operator asked for hung", account(connection)));
        }
        seen.forced.push(Forced { connection, begun, ended: Instant::now() });
    }

    /// Starts a server as a supervisor does: once more where a busy disk or database kept the store from opening.
    fn start_again(&self, name: &str, address: &str) -> Node {
        let mut ends = 0;
        loop {
            match self.setup.try_start(name, address) {
                Ok(node) => return node,
                Err(printed) => {
                    let log = self.setup.logged(name);
                    let last = log.lines().next_back().unwrap_or_default();
                    let is_busy = last.contains("locked by another process") || last.contains("in time");
                    ends += 1;
                    assert!(is_busy && ends < MAX_STARTS, "{name} does not start: {printed}{last}");
                    locked(&self.seen).starts_in_vain += 1;
                }
            }
        }
    }

    /// Kills a server, or tells it to end, and starts it again after a time; or stops it for one.
    pub(crate) async fn break_down(&self, node: usize, kind: BreakageKind, time: Duration) {
        // On a machine that does other things too a start takes long, and a plan must not become denser by that.
        let Ok(mut own) = tokio::time::timeout(REQUEST_TIMEOUT, self.node(node)).await else {
            locked(&self.seen).skipped += 1;
            return;
        };
        let from = Instant::now();
        let mut held = BTreeMap::new();
        match kind {
            BreakageKind::Kill => {
                self.measure(&own);
                tokio::task::block_in_place(|| own.kill());
                held = self.witness.held().await;
            }
            BreakageKind::Term => {
                self.measure(&own);
                own.signal("TERM");
                self.await_end(&mut own).await;
            }
            BreakageKind::Stop => {
                own.signal("STOP");
                while !own.is_stopped() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                held = self.witness.held().await;
            }
        }
        tokio::time::sleep(time).await;
        if kind == BreakageKind::Stop {
            own.signal("CONT");
        } else {
            let (name, address) = (own.name.clone(), own.address().to_owned());
            *own = tokio::task::block_in_place(|| self.start_again(&name, &address));
        }
        let breakage = Breakage { node: own.name.clone(), kind, from, to: Instant::now(), held };
        locked(&self.seen).broken.push(breakage);
    }

    /// Waits for a server that was told to end, and notes how it did.
    pub(crate) async fn await_end(&self, node: &mut Node) {
        let (begun, limit) = (Instant::now(), SHUTDOWN_TIMEOUT + SLACK);
        let ended = loop {
            match node.ended() {
                None if begun.elapsed() < limit => tokio::time::sleep(Duration::from_millis(20)).await,
                ended => break ended,
            }
        };
        let mut seen = locked(&self.seen);
        seen.printed.push_str(&node.banner);
        if let Some((status, printed)) = ended {
            seen.printed.push_str(&printed);
            if !status.success() {
                seen.unclean.push(format!("{} ended with {status}", node.name));
            }
        } else {
            seen.unclean.push(format!("{} did not end within {limit:?}", node.name));
            node.kill();
        }
    }
}

/// True if a caller was told that the customer has to connect again.
pub(crate) fn is_lost(record: &CallRecord) -> bool {
    matches!(&record.outcome, CallOutcome::Answered(424, error) if error == "reconnect_needed")
}
