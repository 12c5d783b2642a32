//! Answers to the request that proves a credential: with one that is right, and with one that is not.

use super::outcome::{ReplayOutcome, ReplayProblem};
use super::{Then, account};
use crate::sample::{Sample, SampleKind};
use keyway::ErrorKind;
use keyway_spec::ProviderSpec;

/// Replays the answer of a probe. Where the entry has none, a refusal answers the exchange that signs in.
pub(super) async fn proved(spec: &'static ProviderSpec, sample: &Sample) -> ReplayOutcome {
    let mut outcome = ReplayOutcome::of(sample);
    let has_probe = spec.proxy.is_some_and(|proxy| proxy.verification.is_some());
    if !has_probe && (sample.kind == SampleKind::Probe || !spec.auth.facts().obtains_at_once()) {
        outcome.problem(ReplayProblem::NotDescribed(
            "the entry has no `proxy.verification`, so nothing proves a credential".to_owned(),
        ));
        return outcome;
    }
    let (account, vendor) = match account(spec, &[sample], Then::TheSame) {
        Ok(made) => made,
        Err(error) => return outcome.refused(&error),
    };
    let proved = if has_probe { account.prove().await } else { account.connect(|_| Ok(Vec::new()), || None).await };
    // Where there are several, the last one decided.
    let asked = vendor.arrived().last().map(|request| format!("`{} {}`", request.method, request.url.path()));
    let asked = asked.unwrap_or_else(|| "no request".to_owned());
    match (sample.kind, proved) {
        (SampleKind::Refused, Ok(_)) => {
            let message = format!("{asked} takes this answer for a proof, so a wrong credential is stored");
            outcome.problem(ReplayProblem::Differs(message));
        }
        (SampleKind::Refused, Err(error)) if is_refusal(error.kind()) => {
            outcome.read(format!("{asked} is refused with {}", sample.status.as_u16()));
        }
        (_, Ok(_)) => outcome.read(format!("{asked} proves the credential")),
        (_, Err(error)) => return outcome.refused(&error),
    }
    outcome
}

fn is_refusal(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotVerified | ErrorKind::TokenRefused | ErrorKind::AuthorizationDenied)
}
