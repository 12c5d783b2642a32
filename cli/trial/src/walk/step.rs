//! The report of a walk: its steps, in order.

use keyway_spec::ProviderSpec;
use serde::Serialize;

/// A walk that was made, or as much of it as could be.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Walked {
    /// The entry's key.
    pub provider: &'static str,
    /// The layer that a walk is of: `consistent`.
    pub layer: &'static str,
    /// Why nothing could be walked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<String>,
    /// The steps.
    pub steps: Vec<WalkStep>,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct WalkStep {
    /// Its name, the same for every entry.
    pub name: &'static str,
    /// Its outcome.
    pub verdict: StepVerdict,
    /// The request or the fault in words, or the key that would describe the step. No secret.
    pub words: String,
}

/// The outcome of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepVerdict {
    /// It went as the entry says.
    Walked,
    /// The entry says nothing about it.
    NotDescribed,
    /// It went wrong.
    Failed,
}

impl StepVerdict {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            StepVerdict::Walked => "walked",
            StepVerdict::NotDescribed => "not described",
            StepVerdict::Failed => "failed",
        }
    }
}

impl Walked {
    pub(super) fn of(spec: &'static ProviderSpec) -> Walked {
        Walked { provider: spec.key, layer: "consistent", unsupported: None, steps: Vec::new() }
    }

    /// The number of steps with a verdict.
    pub fn count(&self, verdict: StepVerdict) -> usize {
        self.steps.iter().filter(|step| step.verdict == verdict).count()
    }

    pub(super) fn walked(&mut self, name: &'static str, words: impl Into<String>) {
        self.steps.push(WalkStep { name, verdict: StepVerdict::Walked, words: words.into() });
    }

    pub(super) fn not_described(&mut self, name: &'static str, words: impl Into<String>) {
        self.steps.push(WalkStep { name, verdict: StepVerdict::NotDescribed, words: words.into() });
    }

    pub(super) fn failed(&mut self, name: &'static str, words: impl Into<String>) {
        self.steps.push(WalkStep { name, verdict: StepVerdict::Failed, words: words.into() });
    }

    /// A step by its outcome.
    pub(super) fn step(&mut self, name: &'static str, outcome: Result<String, String>) -> bool {
        match outcome {
            Ok(words) => self.walked(name, words),
            Err(words) => {
                self.failed(name, words);
                return false;
            }
        }
        true
    }
}
