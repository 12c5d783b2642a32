//! The conditions that must hold after a run, each for itself. A violation is named with its connection; the test adds
//! the seed.

use super::entries::{CONNECTIONS, VendorKind, account};
use super::ledger::Table;
use super::plan::NODES;
use super::world::{CallOutcome, Observed, World, is_lost};
use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

/// The most memory of a process, in KiB: 100 MB.
const MAX_MEMORY: usize = 100_000_000 / 1024;
/// The time that a server gives open requests.
const STOP_TIMEOUT: Duration = Duration::from_secs(35);

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

/// Connections that were lost although no vendor refused a refresh token of theirs; customers who could not connect.
pub(crate) fn losses(world: &World, seen: &Observed) -> Vec<String> {
    let mut wrong = seen.stranded.clone();
    let redemptions = world.vendors.redemptions();
    for call in seen.calls.iter().filter(|call| is_lost(call)) {
        let rotates = VendorKind::of(call.connection).rotates();
        if !rotates || !redemptions.iter().any(|own| own.is_refused && own.connection == call.connection) {
            wrong.push(format!("{}: lost at n{}, and its vendor refused nothing", account(call.connection), call.node));
        }
    }
    wrong
}

/// Calls that did not end.
pub(crate) fn hung(seen: &Observed) -> Vec<String> {
    let hung = seen.calls.iter().filter(|call| matches!(call.outcome, CallOutcome::Hung));
    hung.map(|call| format!("{}: {} at n{}", account(call.connection), call.path, call.node)).collect()
}

/// Secrets in answers, logs, what was printed, and the files of the store.
pub(crate) fn secrets(world: &World, seen: &Observed, printed: &str) -> Vec<String> {
    let mut wrong = seen.shown.clone();
    let mut look = |what: &str, bytes: &[u8]| {
        wrong.extend(world.secrets.found_in(bytes).map(|secret| format!("{what}: {secret}")));
    };
    look("printed", printed.as_bytes());
    for entry in std::fs::read_dir(world.setup.folder()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        look(&name, &std::fs::read(entry.path()).unwrap());
    }
    wrong
}

/// Tells every server to stop. Gives those that did not end well, and what all of them printed.
pub(crate) async fn stop(world: &World) -> (Vec<String>, String) {
    let (mut wrong, mut printed) = (Vec::new(), String::new());
    for number in 0..NODES {
        let node = world.node(number).await;
        world.measure(&node);
        node.signal("TERM");
    }
    let deadline = Instant::now() + STOP_TIMEOUT;
    for number in 0..NODES {
        let mut node = world.node(number).await;
        let ended = loop {
            match node.ended() {
                None if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(50)).await,
                ended => break ended,
            }
        };
        printed.push_str(&node.banner);
        match ended {
            Some((status, after)) => {
                printed.push_str(&after);
                if !ExitStatus::success(&status) {
                    wrong.push(format!("n{number} ended with {status}"));
                }
            }
            None => wrong.push(format!("n{number} did not end within {STOP_TIMEOUT:?}")),
        }
    }
    (wrong, printed)
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
    let kills = seen.broken.iter().filter(|broken| broken.is_kill).count();
    format!(
        "{} calls: {}\n{kills} kills, {} stops, {} starts in vain; {} connections lost and connected again; {} KiB at \
         most\n{table}",
        seen.calls.len(),
        outcomes.join(", "),
        seen.broken.len() - kills,
        seen.starts_in_vain,
        seen.lost.len(),
        seen.memory,
    )
}
