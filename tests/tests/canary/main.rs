//! Marked secrets through every flow of every mode, with everything that can be seen collected: log lines at the lowest
//! level, errors with their causes, `Debug` outputs, panic messages, the pages and answers of the server. No mark
//! appears.
//!
//! Failures are injected: refusals that repeat what was sent, malformed and broken answers, silence, redirects to
//! another host, tokens and values with line breaks, a store that fails. What is looked at is in `seen`, who is asked
//! in `mock`, what is submitted in `accounts`, what is done in `flows`, and over HTTP in `server`.
//!
//! Not covered: what a caller asked to see (`GET /connections/{id}` with the key, the upstream's own answer), and a
//! token endpoint's own deadline, which is longer than a test may take.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test: what breaks should stop it, counts are said

mod accounts;
mod flows;
mod mock;
mod seen;
mod server;
mod world;

use flows::Flows;
use keyway::connection::ConnectionKey;
use mock::{FAILURES, Failure};
use seen::Seen;
use std::time::Duration;
use world::World;

/// One test, so that nothing else is logged into its collection.
#[tokio::test]
async fn no_marked_secret_is_seen_in_any_flow_of_any_mode() {
    let seen = Seen::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(seen.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    collect_panics(&seen);
    let world = World::new(seen.clone()).await;
    let (mut shown, mut length, mut runs, mut logged) = (Vec::new(), 0, 0, 0);
    for spec in &world.providers {
        for failure in FAILURES {
            let occasion = format!("{} {failure:?}", spec.key);
            let key = ConnectionKey::new(spec.key, "customer");
            let flows = Flows { world: &world, spec, key, occasion: occasion.clone() };
            under(&flows, failure).await;
            if failure == FAILURES[0] {
                without_answers(&flows).await;
                server::routes(&flows).await;
            }
            runs += 1;
            length += seen.length();
            logged += usize::from(seen.contains("hyper") && seen.contains("TRACE"));
            shown.extend(seen.take_marked().into_iter().map(|line| format!("{occasion}: {line}")));
        }
    }
    println!("{} providers, {runs} runs, {length} bytes looked at", world.providers.len());
    // The client with a certificate sends nothing without TLS.
    assert!(logged >= runs - FAILURES.len(), "{logged} of {runs} runs were logged: the collection is broken");
    println!("{}", shown.join("\n"));
    assert!(shown.is_empty(), "{} lines show a mark", shown.len());
    assert!(world.stolen.contains("GET"), "no redirect was followed: the foreign host is not reached");
    let stolen = world.stolen.take_marked();
    assert!(stolen.is_empty(), "{}", stolen.join("\n"));
}

/// Every flow while the mock fails in one way: at once, or after a good answer.
async fn under(flows: &Flows<'_>, failure: Failure) {
    let script = &flows.world.script;
    let keyway = &flows.world.keyway;
    for good in 0..2 {
        script.set(good, failure);
        seen::panic(&flows.connect().await);
    }
    script.set(0, Failure::None);
    let connected = flows.settle().await;
    assert!(connected.is_ok(), "{}: {connected:?}", flows.occasion);
    for good in 0..2 {
        script.set(good, failure);
        flows.call(keyway).await;
        script.set(good, failure);
        flows.list().await;
        script.set(good, failure);
        flows.renew(keyway).await;
        script.set(0, Failure::None);
        flows.renew(keyway).await;
    }
    // What was obtained elsewhere, and what does not fit a header.
    for credentials in [accounts::imported(), accounts::broken(&accounts::submitted(flows.spec))] {
        if flows.import(credentials).await.is_ok() {
            flows.call(keyway).await;
            flows.list().await;
            script.set(0, failure);
            flows.renew(keyway).await;
            script.set(0, Failure::None);
        }
    }
    flows.remove().await;
}

/// Every flow while no server answers, and while the store is down. A caller that gives up is dropped in the middle.
async fn without_answers(flows: &Flows<'_>) {
    const TIMEOUT: Duration = Duration::from_millis(40);
    let World { script, store, keyway, hasty, .. } = flows.world;
    assert!(flows.settle().await.is_ok(), "{}", flows.occasion);
    flows.exchange().await;
    flows.call(keyway).await;
    flows.list().await;
    flows.read().await;
    for good in 0..2 {
        script.set(good, Failure::Silent);
        flows.call(hasty).await;
        let _given_up = tokio::time::timeout(TIMEOUT, flows.renew(hasty)).await;
        let _given_up = tokio::time::timeout(TIMEOUT, flows.connect()).await;
    }
    script.set(0, Failure::None);
    store.set_down(true);
    seen::panic(&flows.connect().await);
    flows.call(keyway).await;
    flows.renew(keyway).await;
    flows.read().await;
    flows.remove().await;
    store.set_down(false);
}

/// What panics say is collected too; those that no test provokes are printed as always.
fn collect_panics(seen: &Seen) {
    let (seen, before) = (seen.clone(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.to_string();
        seen.text("panic", &said);
        if !said.contains("a panic shows") {
            before(panic);
        }
    }));
}
