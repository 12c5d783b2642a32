//! An answer to too many requests: whether the call is made again, and after how long.

use super::outcome::{ReplayOutcome, ReplayProblem, duration, whole_seconds};
use super::{Then, account};
use crate::sample::{MeantTime, Sample};
use http::Method;
use keyway::Call;
use keyway::response::retry::wait_of;
use keyway_spec::ProviderSpec;
use std::time::Duration;

/// A longer wait is rarely meant: an hour.
const MAX_PLAUSIBLE: Duration = Duration::from_secs(3600);

/// Replays the answer: once as the only try, which tells the wait that it names, and once with another try allowed.
pub(super) async fn waited(spec: &'static ProviderSpec, sample: &Sample) -> ReplayOutcome {
    let mut outcome = ReplayOutcome::of(sample);
    let named = match tried(spec, sample, 0).await {
        Ok(tried) => tried.told,
        Err(error) => return outcome.refused(&error),
    };
    let again = match tried(spec, sample, 1).await {
        Ok(tried) => tried,
        Err(error) => return outcome.refused(&error),
    };
    match named {
        Some(wait) if wait == Duration::MAX => outcome.read("a wait that is no duration"),
        Some(wait) => outcome.read(format!("the wait is {}", duration(whole_seconds(wait)))),
        None => outcome.read("no wait is named"),
    }
    let retried = again.requests > 1;
    if retried {
        outcome.read("the call is made again");
    }
    match sample.meaning.retried {
        Some(false) if retried => {
            outcome.problem(ReplayProblem::Differs(
                "the call is made again, and the vendor's page says that it must not be".to_owned(),
            ));
        }
        None | Some(true) if !retried && again.told.is_none() => {
            let status = sample.status.as_u16();
            let message = format!(
                "{status} is not tried again: `proxy.retry.error_code` says which statuses are; if that is right, say \
                 `# retried: no` in the sample"
            );
            outcome.problem(ReplayProblem::NotRead(message));
        }
        _ => {}
    }
    judge(&mut outcome, sample, named);
    outcome
}

fn judge(outcome: &mut ReplayOutcome, sample: &Sample, named: Option<Duration>) {
    let seconds = named.map(whole_seconds);
    match (seconds, sample.meaning.wait) {
        (read, Some(meant)) if read.unwrap_or(0).abs_diff(seconds_of(meant).unwrap_or(0)) > 1 => {
            let words = |seconds: Option<u64>| seconds.map_or_else(|| "no wait".to_owned(), duration);
            let message = format!("the vendor's page says {}, and {} is read", words(seconds_of(meant)), words(read));
            outcome.problem(ReplayProblem::Differs(message));
        }
        (Some(read), None) if read > MAX_PLAUSIBLE.as_secs() => {
            let message = format!(
                "the wait would be {} ({read} s); if that is meant, say `# wait: {read}` in the sample, and if the \
                 header is in another unit, say so in the entry: `keyway explain keyway.retry`",
                duration(read),
            );
            outcome.problem(ReplayProblem::Implausible(message));
        }
        (None, None) => {
            let unread = (sample.headers.keys()).map(http::HeaderName::as_str).find(|name| names_wait(name));
            outcome.problem(match unread {
                Some(name) => ReplayProblem::NotRead(format!("the answer has `{name}`, which the entry does not read")),
                None => ReplayProblem::NotRead(
                    "no wait is read from it; if it names none, say `# wait: none` in the sample".to_owned(),
                ),
            });
        }
        _ => {}
    }
}

fn seconds_of(meant: MeantTime) -> Option<u64> {
    match meant {
        MeantTime::Seconds(seconds) => Some(seconds),
        MeantTime::Nothing => None,
    }
}

struct Tried {
    /// The number of requests that were made.
    requests: usize,
    /// The wait that the answer was returned with.
    told: Option<Duration>,
}

async fn tried(spec: &'static ProviderSpec, sample: &Sample, retries: u32) -> keyway::Result<Tried> {
    let (account, vendor) = account(spec, &[sample], Then::Nothing)?;
    account.found(false).await?;
    let (method, path) = sample.request.clone().unwrap_or((Method::GET, "/".to_owned()));
    let response = account.keyway.send(&account.key, Call::new(method, path).retries(retries), None).await?;
    Ok(Tried { requests: vendor.arrived().len(), told: wait_of(response.extensions()) })
}

/// True if a header's name says when to come back.
fn names_wait(name: &str) -> bool {
    name.contains("retry") || name.contains("reset")
}
