//! A vendor's printed answers, beside the steps of a walk: the other layer, in the same table.

use super::step::{StepVerdict, Walked};
use crate::replay::{ReplayProblem, replay};
use crate::sample::Sample;
use keyway_spec::ProviderSpec;

/// Replays answers, each a step of the layer `recorded`.
pub(super) async fn steps(spec: &'static ProviderSpec, samples: &[Sample], walked: &mut Walked) {
    for outcome in replay(spec, samples).await {
        let name = format!("answer: {}", outcome.kind.name());
        let is_described = |problem: &ReplayProblem| !matches!(problem, ReplayProblem::NotDescribed(_));
        let words = |problem: &ReplayProblem| match problem {
            // The verdict says so already.
            ReplayProblem::NotDescribed(message) => message.clone(),
            other => other.to_string(),
        };
        let problems: Vec<String> = outcome.problems.iter().map(words).collect();
        let read = outcome.read.join(", ");
        if problems.is_empty() {
            walked.recorded(name, StepVerdict::Read, read);
        } else if outcome.problems.iter().any(is_described) {
            let words = if read.is_empty() { problems.join("; ") } else { format!("{read}; {}", problems.join("; ")) };
            walked.recorded(name, StepVerdict::Failed, words);
        } else {
            walked.recorded(name, StepVerdict::NotDescribed, problems.join("; "));
        }
    }
}
