//! What a walk reports: its steps, in order.

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
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// Its name, the same for every entry.
    pub name: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// What was done, what is wrong, or the key that would describe it. No secret.
    pub words: String,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It went as the entry says.
    Walked,
    /// The entry says nothing about it.
    NotDescribed,
    /// It went wrong.
    Failed,
}

impl Verdict {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Walked => "walked",
            Verdict::NotDescribed => "not described",
            Verdict::Failed => "failed",
        }
    }
}

impl Walked {
    pub(super) fn of(spec: &'static ProviderSpec) -> Walked {
        Walked { provider: spec.key, layer: "consistent", unsupported: None, steps: Vec::new() }
    }

    /// The number of steps with a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.steps.iter().filter(|step| step.verdict == verdict).count()
    }

    pub(super) fn walked(&mut self, name: &'static str, words: impl Into<String>) {
        self.steps.push(Step { name, verdict: Verdict::Walked, words: words.into() });
    }

    pub(super) fn not_described(&mut self, name: &'static str, words: impl Into<String>) {
        self.steps.push(Step { name, verdict: Verdict::NotDescribed, words: words.into() });
    }

    pub(super) fn failed(&mut self, name: &'static str, words: impl Into<String>) {
        self.steps.push(Step { name, verdict: Verdict::Failed, words: words.into() });
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
