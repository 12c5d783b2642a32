//! Chaos: 200 connections of mixed modes at simulated vendors that fail, several servers on one store that are killed,
//! stopped and started again, and callers who renew tokens at the same moment.
//!
//! The events are a plan, which is a function of a seed. `KEYWAY_CHAOS_SEED` and `KEYWAY_CHAOS_SECONDS` choose another
//! run than the suite's; a run that fails says both. The threads of a machine are not part of a plan, so that a seed
//! makes the same things happen, and not the same interleaving.
//!
//! Reading order: `entries`, `plan`, `world`, `run`, `recovery`; `vendors` and `face` are the other side; `witness`
//! reads the store when a server is killed; `verdict` is what must hold, with `cause` and `ledger` for refresh tokens,
//! `worn` for access tokens, and the runtime's own `bounds` for every tolerance.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod bounds;
mod cause;
mod connect;
mod entries;
mod face;
mod ledger;
mod ledger_cases;
mod line;
#[path = "../nodes/node.rs"]
mod node;
mod plan;
mod recovery;
mod run;
mod secrets;
mod vendors;
mod verdict;
mod witness;
mod world;
mod worn;

use bounds::{BUSY_TIMEOUT, OPERATION_TIMEOUT};
use entries::CONNECTIONS;
use keyway::clock::Timestamp;
use keyway_tests::postgres::Cluster;
use ledger::{Called, Happened, Table};
use node::Setup;
use plan::{NODES, Plan};
use run::{carry_out, for_each};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use vendors::Vendors;
use world::{CallOutcome, World};

const DEFAULT_SEED: u64 = 16;
const DEFAULT_SECONDS: u64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn on_a_file_nothing_is_lost_but_what_the_table_of_refreshes_gives_up() {
    chaos("a file", "keyway.db", BUSY_TIMEOUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_database_nothing_is_lost_but_what_the_table_of_refreshes_gives_up() {
    let Some(cluster) = Cluster::start() else { return };
    chaos("PostgreSQL", &cluster.database(), OPERATION_TIMEOUT).await;
}

/// `operation`: the longest that one of the store takes.
async fn chaos(store: &str, location: &str, operation: Duration) {
    let number = |name: &str, default| std::env::var(name).map_or(default, |number| number.parse().unwrap());
    let plan = Plan::of(number("KEYWAY_CHAOS_SEED", DEFAULT_SEED), number("KEYWAY_CHAOS_SECONDS", DEFAULT_SECONDS));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let catalogue = entries::catalogue(&format!("http://{}", listener.local_addr().unwrap()));
    let vendors = Arc::new(Vendors::new(entries::specs(&catalogue), &plan.lifetimes));
    let face = tokio::spawn(face::listen(listener, Arc::clone(&vendors)));
    let setup = Setup::new(location.to_owned(), &catalogue).public_url(connect::PUBLIC_URL.to_owned());
    let world = Arc::new(World::new(setup, vendors).await);
    for secret in [node::API_KEY, node::SEALING_KEY] {
        world.secrets.add(secret);
    }
    connect::integrations(&world).await;
    for_each(24, |connection| {
        let world = Arc::clone(&world);
        async move { connect::at_last(&world, connection).await }
    })
    .await;

    let begun = Instant::now();
    carry_out(&world, &plan).await;
    world.vendors.calm();
    let stuck = recovery::recover(&world).await;
    verdict::stop(&world).await;
    face.abort();

    let seen = world.observed();
    let mut calls = vec![Vec::new(); CONNECTIONS];
    for call in &seen.calls {
        calls[call.connection].push(Called { node: format!("n{}", call.node), at: call.begun });
    }
    let nodes = (0..NODES).map(|node| format!("n{node}"));
    let logged = nodes.flat_map(|node| witness::logged(&node, &world.setup.logged(&node))).collect();
    let happened = Happened { broken: seen.broken.clone(), calls, forced: seen.forced.clone(), logged };
    let table = Table::of(&world.vendors.redemptions(), &happened);
    say(&format!("chaos on {store}, seed {}, {} s: {}", plan.seed, plan.seconds, verdict::summary(&seen, &table)));
    if let Ok(folder) = std::env::var("KEYWAY_CHAOS_LOGS") {
        std::fs::create_dir_all(&folder).unwrap();
        for node in 0..NODES {
            std::fs::write(format!("{folder}/n{node}.log"), world.setup.logged(&format!("n{node}"))).unwrap();
        }
        say(&format!("the logs are in {folder}; the run began at {:?}", Timestamp::now().checked_sub(begun.elapsed())));
    }
    let mut failed = Vec::new();
    for (what, violations) in [
        ("a call was answered, and its vendor did not see its credential", verdict::credentials(&world, &seen)),
        ("a refresh token was redeemed against the table of refreshes", table.violations.clone()),
        ("a connection was lost that the table of refreshes does not give up", verdict::losses(&world, &seen)),
        ("a connection does not work when the faults are over", stuck),
        ("a call hung", verdict::hung(&seen, operation)),
        ("a call ended as no fault explains", verdict::unexplained(&world, &seen, &happened.logged)),
        ("a call was sent that should not have been", verdict::sent(&world, &seen)),
        ("a secret was shown", verdict::secrets(&world, &seen)),
        ("a server did not end well", seen.unclean.clone()),
        ("a server held too much memory", verdict::memory(&seen)),
    ] {
        if !violations.is_empty() {
            failed.push(told(what, &violations, store, &plan, |connection| {
                cause::shown(&world.vendors.redemptions(), connection, begun)
            }));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    let answered = seen.calls.iter().filter(|call| matches!(call.outcome, CallOutcome::Answered(200, _))).count();
    assert!(
        answered > CONNECTIONS && table.redeemed > 20,
        "hardly anything happened: {}",
        verdict::summary(&seen, &table)
    );
}

/// The violations, and how to see them again.
fn told(what: &str, violations: &[String], store: &str, plan: &Plan, seen: impl Fn(usize) -> String) -> String {
    let first: Vec<&str> = violations.iter().take(20).map(String::as_str).collect();
    let (first, seed, seconds) = (first.join("\n  "), plan.seed, plan.seconds);
    let named = violations.iter().filter_map(|violation| violation.strip_prefix('c')?.get(..3)?.parse().ok());
    let named: BTreeSet<usize> = named.take(20).collect();
    let events = plan.shown(named.first().copied());
    let seen: Vec<String> = named.iter().map(|own| format!("{}:\n{}", entries::account(*own), seen(*own))).collect();
    let seen = seen.join("\n");
    format!(
        "{what}; {} times on {store}, such as\n  {first}\nthe same plan again: KEYWAY_CHAOS_SEED={seed} \
         KEYWAY_CHAOS_SECONDS={seconds} cargo test -p keyway-cli --test chaos\nwhat was planned, calls of others left \
         out:\n{events}\nwhat its vendor saw of refresh tokens:\n{seen}",
        violations.len()
    )
}

/// Past the harness, which shows nothing of a test that passes.
fn say(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes());
}
