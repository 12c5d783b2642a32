//! Replays: what the real runtime makes of a vendor's own answers.
//!
//! Each sample answers the request that its name says, and is judged twice. What it holds has to be read: a lifetime, a
//! refresh token, the next page, a wait. And what is read has to be plausible, and what the sample's reader knows it to
//! mean: milliseconds that were taken for seconds are read without any error, as a lifetime of eleven days.
//!
//! Reading order: [`outcome`], then a file per kind: [`token`], [`probe`], [`page`], [`limited`].

mod last_page;
mod limited;
mod outcome;
mod page;
mod probe;
mod token;

pub use outcome::{ReplayOutcome, ReplayProblem};
pub(crate) use page::rule as list_rule;

use crate::account::Account;
use crate::clock::TrialClock;
use crate::sample::{Sample, SampleKind};
use crate::stand_in::{Filled, found_out};
use crate::vendor::{Arrived, Vendor};
use bytes::Bytes;
use keyway::Timestamp;
use keyway_spec::ProviderSpec;

/// The instant of a trial whose samples name none: 2026-01-02T03:04:05Z.
const SOME_DAY: i64 = 1_767_323_045;

/// Replays the samples of one entry, in the order of [`SampleKind::ALL`] and of their names.
pub async fn replay(spec: &'static ProviderSpec, samples: &[Sample]) -> Vec<ReplayOutcome> {
    let mut outcomes = Vec::new();
    for kind in SampleKind::ALL {
        let mut of_kind: Vec<&Sample> = samples.iter().filter(|sample| sample.kind == kind).collect();
        of_kind.sort_by(|one, other| one.name.cmp(&other.name));
        match kind {
            SampleKind::Token | SampleKind::Refresh => {
                let same = |one: &&Sample, other: &&Sample| {
                    SampleKind::exchange(&one.name) == SampleKind::exchange(&other.name)
                };
                for exchange in of_kind.chunk_by(same) {
                    outcomes.extend(token::exchanged(spec, exchange, kind).await);
                }
            }
            SampleKind::Probe | SampleKind::Refused => {
                for sample in of_kind {
                    outcomes.push(probe::proved(spec, sample).await);
                }
            }
            SampleKind::Page => {
                for sample in of_kind {
                    outcomes.push(page::read(spec, sample).await);
                }
            }
            SampleKind::Limited => {
                for sample in of_kind {
                    outcomes.push(limited::waited(spec, sample).await);
                }
            }
        }
    }
    outcomes
}

/// The answer of a vendor when the samples are through.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// An empty object.
    Nothing,
    /// The last sample, again and again.
    TheSame,
}

/// An account whose vendor answers the first requests with these samples, in order.
fn account(spec: &'static ProviderSpec, samples: &[&Sample], then: Then) -> keyway::Result<(Account, Vendor)> {
    let answers: Vec<http::Response<Bytes>> = samples.iter().map(|sample| answer(sample)).collect();
    let last = answers.last().filter(|_| then == Then::TheSame).cloned().unwrap_or_else(nothing_more);
    let vendor = Vendor::new(move |_: &Arrived, before| answers.get(before).unwrap_or(&last).clone());
    let now = samples.iter().find_map(|sample| sample.at);
    let clock = TrialClock::at(now.or_else(|| Timestamp::from_second(SOME_DAY).ok()).unwrap_or_default());
    Ok((Account::new(spec, Filled::Required, vendor.clone(), clock, &found_out(spec))?, vendor))
}

/// A sample as the transport answers it.
fn answer(sample: &Sample) -> http::Response<Bytes> {
    let mut response = http::Response::new(sample.body.clone());
    *response.status_mut() = sample.status;
    *response.headers_mut() = sample.headers.clone();
    // Lengths and codings are of the connection that a page shows, and not of the file.
    for name in [http::header::CONTENT_LENGTH, http::header::CONTENT_ENCODING, http::header::TRANSFER_ENCODING] {
        response.headers_mut().remove(name);
    }
    response
}

fn nothing_more() -> http::Response<Bytes> {
    http::Response::new(Bytes::from_static(b"{}"))
}
