//! Faults of the vendor, or of the way to it: what the runtime makes of each, and whether it goes on afterwards.
//!
//! Each fault has a stage of its own, so that none hides another. A fault is survived where the runtime deals with it,
//! or tells it and succeeds afterwards, or says that the customer has to connect again and that succeeds.

use super::signing_in::without_query;
use super::stage::WalkStage;
use super::step::Walked;
use crate::faults::{FaultOrder, FaultPlace};
use crate::stand_in::Filled;
use http::StatusCode;
use keyway::{Call, Error, Result};
use keyway_simulator::ITEMS;
use keyway_spec::ProviderSpec;
use std::time::Duration;
use tokio::time::Instant;

/// A path of no meaning.
const SOMETHING: &str = "/keyway-simulator/something";
/// Longer than any token of the stand-in lives: 400 days.
const AGES: Duration = Duration::from_secs(400 * 86_400);
/// Longer than the runtime waits before it tries again to renew a token: a day.
const RECOVERY: Duration = Duration::from_secs(86_400);
/// The times that a call may be made again, as a program asks for it.
const RETRIES: u32 = 2;
/// More pages than the stand-in has.
const MAX_PAGES: usize = 10;
/// The largest answer in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// The outcome of what was tried.
enum Tried {
    /// It succeeded.
    Done,
    /// The caller got this status.
    HandedOn(StatusCode),
    /// The runtime says so.
    Told(Error),
}

/// One fault.
pub(super) async fn step(spec: &'static ProviderSpec, filled: Filled, order: &FaultOrder, walked: &mut Walked) {
    let name = order.to_string();
    if let Err(reason) = order.endpoint(spec) {
        return walked.not_described(name, reason);
    }
    let mut stage = match WalkStage::set(spec, filled) {
        Ok(stage) => stage,
        Err(reason) => return walked.failed(name, reason),
    };
    let connects = matches!(order.place, FaultPlace::Token | FaultPlace::Probe | FaultPlace::Lookup);
    if !connects && let Err(error) = stage.connect().await {
        return walked.failed(name, format!("the account cannot be connected: {error}"));
    }
    if order.place == FaultPlace::Refresh {
        stage.pass(AGES);
    }
    stage.look();
    if let Err(reason) = order.give(&mut stage.simulator(), spec) {
        return walked.not_described(name, reason);
    }
    let begun = Instant::now();
    let first = tried(&stage, order.place).await;
    let waited = begun.elapsed().as_secs();
    let requests = stage.look();
    if requests.iter().all(|request| request.fault != Some(order.fault)) {
        return walked.not_described(name, "no such request is made");
    }
    let hit = requests.iter().find(|request| request.fault.is_some());
    let hit = hit.map_or_else(String::new, |request| format!("{} {}", request.method, without_query(&request.url)));
    let words = match first {
        Tried::Done => Ok(format!("{hit}: it succeeds, after {} and {waited} s", counted(requests.len()))),
        Tried::HandedOn(status) => {
            afterwards(&stage, order.place, format!("{hit}: the caller gets the answer {}", status.as_u16())).await
        }
        Tried::Told(error) => afterwards(&stage, order.place, format!("{hit}: the caller is told: {error}")).await,
    };
    walked.step(name, words);
}

/// The same again, once the fault is over.
async fn afterwards(stage: &WalkStage, place: FaultPlace, told: String) -> Result<String, String> {
    // A customer who is disconnected here has nothing to try again.
    if place == FaultPlace::Revoke {
        return Ok(told);
    }
    stage.pass(RECOVERY);
    match tried(stage, place).await {
        Tried::Done => Ok(format!("{told}; the next time it succeeds")),
        Tried::Told(error) if error.needs_reconnect() => match stage.connect().await {
            Ok(_) => Ok(format!("{told}; the customer has to connect again, and can")),
            Err(error) => Err(format!("{told}; connecting again fails, too: {error}")),
        },
        Tried::HandedOn(status) => Err(format!("{told}; the next answer is {}", status.as_u16())),
        Tried::Told(error) => Err(format!("{told}; the next time: {error}")),
    }
}

/// Does what makes the request.
async fn tried(stage: &WalkStage, place: FaultPlace) -> Tried {
    let outcome = match place {
        FaultPlace::Token | FaultPlace::Probe | FaultPlace::Lookup => stage.connect().await.map(|_| None),
        FaultPlace::Refresh | FaultPlace::Call => call(stage).await,
        FaultPlace::Page => pages(stage).await.map(|()| None),
        FaultPlace::Revoke => revoked(stage).await.map(|()| None),
    };
    match outcome {
        Ok(None) => Tried::Done,
        Ok(Some(status)) => Tried::HandedOn(status),
        Err(error) => Tried::Told(error),
    }
}

/// A call whose answer is read to its end. Gives the status that is no success.
async fn call(stage: &WalkStage) -> Result<Option<StatusCode>> {
    let answer = stage.account.keyway.send(&stage.account.key, Call::get(SOMETHING).retries(RETRIES), None).await?;
    let status = answer.status();
    answer.into_body().collect(MAX_ANSWER).await?;
    Ok((!status.is_success()).then_some(status))
}

async fn pages(stage: &WalkStage) -> Result<()> {
    let call = Call::get(format!("/{ITEMS}")).retries(RETRIES);
    let mut pages = stage.account.keyway.pages(&stage.account.key, call).max_pages(MAX_PAGES);
    while pages.next().await?.is_some() {}
    Ok(())
}

async fn revoked(stage: &WalkStage) -> Result<()> {
    use keyway::RevocationOutcome::{NotSent, Refused, Unreachable};
    match stage.account.keyway.disconnect(&stage.account.key).await? {
        Some(Refused(error) | Unreachable(error) | NotSent(error)) => Err(error),
        _ => Ok(()),
    }
}

fn counted(requests: usize) -> String {
    if requests == 1 { "1 request".to_owned() } else { format!("{requests} requests") }
}
