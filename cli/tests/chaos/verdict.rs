//! The conditions that must hold after a run, each for itself. A violation is named with its connection; the test adds
//! the seed.

use super::bounds::{CALL_TIMEOUT, LOGIN_TIMEOUT};
use super::cause::BreakageKind;
use super::entries::{CONNECTIONS, VendorKind, account};
use super::ledger::Table;
use super::plan::NODES;
use super::world::{CallOutcome, CallRecord, Observed, SLACK, World, is_lost};
use super::worn::{self, Sent};
use keyway_simulator::{EndpointKind, InjectedFault};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// The most memory of a process, in KiB: 100 MB.
const MAX_MEMORY: usize = 100_000_000 / 1024;
/// Errors of a server that the faults of a run explain. Any other is one of its own.
const EXPLAINED: [&str; 8] = [
    "",
    "reconnect_needed",
    "refresh_backoff",
    "store_unavailable",
    "token_refused",
    "token_unreadable",
    "upstream_timeout",
    "upstream_unreachable",
];
/// Vendors answer a call, and a second one after a renewal, within these.
const ANSWERS: Duration = Duration::from_secs(2 * 2);

/// Calls that were answered with success, and did not reach the vendor with the connection's credential; requests that
/// held the credential of another.
pub(crate) fn credentials(world: &World, seen: &Observed) -> Vec<String> {
    let mut wrong = world.vendors.foreign();
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for connection in 0..CONNECTIONS {
        world.vendors.with(connection, |vendor| {
            let good = vendor.requests().iter().filter(|request| request.status == 200 && request.wrong().count() == 0);
            let calls = good.filter_map(|request| request.url.split("/api").nth(1).map(str::to_owned));
            reached.extend(calls.map(|path| (path, connection)));
        });
    }
    for call in &seen.calls {
        let CallOutcome::Answered(200..=299, _) = call.outcome else { continue };
        match reached.get(&call.path) {
            Some(connection) if *connection == call.connection => {}
            Some(other) => {
                wrong.push(format!("{}: {} reached {}", account(call.connection), call.path, account(*other)));
            }
            None => wrong.push(format!(
                "{}: {} was answered with {:?} by n{}, and did not reach its vendor with its credential",
                account(call.connection),
                call.path,
                call.outcome,
                call.node
            )),
        }
    }
    wrong
}

/// Connections that were lost although no vendor refused a refresh token of theirs since they were connected; customers
/// who could not connect.
pub(crate) fn losses(world: &World, seen: &Observed) -> Vec<String> {
    let mut wrong = seen.stranded.clone();
    let redemptions = world.vendors.redemptions();
    for call in seen.calls.iter().filter(|call| is_lost(call)) {
        // Until the customer has connected again.
        let is_over = |refused: Instant| {
            let mut connected = seen.connected.iter().filter(|(connection, ..)| *connection == call.connection);
            connected.any(|(_, begun, ended)| *begun >= refused && *ended <= call.begun)
        };
        let mut refused = redemptions.iter().filter(|own| own.is_refused && own.connection == call.connection);
        if !refused.any(|own| own.from <= call.ended && !is_over(own.from)) {
            wrong.push(format!("{}: lost at n{}, and its vendor refused nothing", account(call.connection), call.node));
        }
    }
    wrong
}

/// Calls that took longer than everything that a server waits for.
pub(crate) fn hung(seen: &Observed, operation: Duration) -> Vec<String> {
    let wrong = seen.calls.iter().filter_map(|call| {
        let (took, limit) = (waited(call, seen), limit(VendorKind::of(call.connection), operation));
        let is_hung = took > limit || matches!(call.outcome, CallOutcome::Hung);
        is_hung.then(|| {
            let (name, path, node) = (account(call.connection), &call.path, call.node);
            format!("{name}: {path} at n{node} took {took:?}, and {limit:?} is the most")
        })
    });
    wrong.collect()
}

/// The longest time that a call may take. What other processes wrote, the integration and the connection are read; its
/// token is waited for, and once more where it was refused, each time between two readings of the connection.
fn limit(kind: VendorKind, operation: Duration) -> Duration {
    let renewal = match kind.renewed_at() {
        None => Duration::ZERO,
        Some(EndpointKind::TokenRefresh) => CALL_TIMEOUT + 2 * operation,
        Some(_) => LOGIN_TIMEOUT + 2 * operation,
    };
    3 * operation + 2 * renewal + ANSWERS + SLACK
}

/// The time of a call, without that for which its server was stopped.
fn waited(call: &CallRecord, seen: &Observed) -> Duration {
    let stops = seen.broken.iter().filter(|it| it.kind == BreakageKind::Stop && it.node == format!("n{}", call.node));
    let stopped = stops.map(|it| it.to.min(call.ended).saturating_duration_since(it.from.max(call.begun)));
    call.ended.duration_since(call.begun).saturating_sub(stopped.sum())
}

/// Calls that ended as no fault of the run explains: without an answer although their server was there and their vendor
/// gave one whole, or with an error that is the server's own.
pub(crate) fn unexplained(world: &World, seen: &Observed) -> Vec<String> {
    let mut cut = BTreeSet::new();
    for connection in 0..CONNECTIONS {
        world.vendors.with(connection, |vendor| {
            let own = vendor.requests().iter().filter(|request| request.fault == Some(InjectedFault::CutShort));
            cut.extend(own.filter_map(|request| request.url.split("/api").nth(1).map(str::to_owned)));
        });
    }

    let wrong = seen.calls.iter().filter(|call| match &call.outcome {
        CallOutcome::Answered(_, error) => !EXPLAINED.contains(&error.as_str()),
        CallOutcome::Broken => {
            !cut.contains(&call.path)
                && !seen.broken.iter().any(|it| {
                    let ended = it.kind != BreakageKind::Stop && it.node == format!("n{}", call.node);
                    ended && it.from <= call.ended && it.to >= call.begun
                })
        }
        CallOutcome::Hung => false,
    });
    wrong
        .map(|call| format!("{}: {} at n{}: {:?}", account(call.connection), call.path, call.node, call.outcome))
        .collect()
}

/// Calls with a token that was out of date or not stored, or that reached their vendor twice.
pub(crate) fn sent(world: &World, seen: &Observed) -> Vec<String> {
    let begun = seen.calls.iter().map(|call| (call.path.as_str(), call.begun)).collect();
    let tokens = world.vendors.worn();
    let mut wrong = worn::stale(&tokens, &begun);
    wrong.extend(worn::unstored(&tokens, &world.vendors.redemptions(), &seen.broken));
    for connection in 0..CONNECTIONS {
        world.vendors.with(connection, |vendor| {
            wrong.extend(worn::repeated(vendor.requests().iter().filter_map(|request| {
                let path = request.url.split("/api").nth(1).filter(|path| begun.contains_key(path))?;
                Some(Sent { connection, path, status: request.status })
            })));
        });
    }
    wrong
}

/// Secrets in answers, logs, what was printed, and the files of the store.
pub(crate) fn secrets(world: &World, seen: &Observed) -> Vec<String> {
    let mut wrong = seen.shown.clone();
    let mut look = |what: &str, bytes: &[u8]| {
        wrong.extend(world.secrets.found_in(bytes).map(|secret| format!("{what}: {secret}")));
    };
    look("printed", seen.printed.as_bytes());
    for entry in std::fs::read_dir(world.setup.folder()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        look(&name, &std::fs::read(entry.path()).unwrap());
    }
    wrong
}

/// Tells every server to end.
pub(crate) async fn stop(world: &World) {
    for number in 0..NODES {
        let mut node = world.node(number).await;
        world.measure(&node);
        node.signal("TERM");
        world.await_end(&mut node).await;
    }
}

/// Processes that became too large.
pub(crate) fn memory(seen: &Observed) -> Vec<String> {
    // Nothing is read where the system does not say it.
    let is_too_large = seen.memory >= MAX_MEMORY || cfg!(target_os = "linux") && seen.memory == 0;
    is_too_large.then(|| format!("a server held {} KiB", seen.memory)).into_iter().collect()
}

/// The events, for people.
pub(crate) fn summary(seen: &Observed, table: &Table) -> String {
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for call in &seen.calls {
        let outcome = match &call.outcome {
            CallOutcome::Answered(status, error) if error.is_empty() => format!("{status}"),
            CallOutcome::Answered(status, error) => format!("{status} {error}"),
            CallOutcome::Broken => "broken off".to_owned(),
            CallOutcome::Hung => "hung".to_owned(),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    let outcomes: Vec<String> = outcomes.into_iter().map(|(outcome, count)| format!("{count} x {outcome}")).collect();
    let count = |kind| seen.broken.iter().filter(|broken| broken.kind == kind).count();
    let longest = seen.calls.iter().map(|call| waited(call, seen)).max().unwrap_or_default();
    format!(
        "{} calls: {}; the longest took {:.1} s\n{} kills, {} stops, {} ends, {} starts in vain, {} skipped; {} connections lost and \
         connected again; {} KiB at most\n{table}",
        seen.calls.len(),
        outcomes.join(", "),
        longest.as_secs_f32(),
        count(BreakageKind::Kill),
        count(BreakageKind::Stop),
        count(BreakageKind::Term),
        seen.starts_in_vain,
        seen.skipped,
        seen.lost.len(),
        seen.memory,
    )
}
