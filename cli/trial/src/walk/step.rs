//! The report of a walk: its steps, in order.

use keyway_spec::ProviderSpec;
use serde::Serialize;
use std::borrow::Cow;

/// The layer of walks.
const CONSISTENT: &str = "consistent";
/// The layer of printed answers.
const RECORDED: &str = "recorded";

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
    /// Its name, the same for every entry; of a fault, the text that orders it.
    pub name: Cow<'static, str>,
    /// The layer that it is of: `consistent`, or `recorded` where it reads an answer that the vendor printed.
    pub layer: &'static str,
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
    /// An answer that the vendor printed is read, and as something that can be meant.
    Read,
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
            StepVerdict::Read => "read",
            StepVerdict::NotDescribed => "not described",
            StepVerdict::Failed => "failed",
        }
    }
}

impl Walked {
    pub(super) fn of(spec: &'static ProviderSpec) -> Walked {
        Walked { provider: spec.key, layer: CONSISTENT, unsupported: None, steps: Vec::new() }
    }

    /// The number of steps with a verdict.
    pub fn count(&self, verdict: StepVerdict) -> usize {
        self.steps.iter().filter(|step| step.verdict == verdict).count()
    }

    pub(super) fn walked(&mut self, name: impl Into<Cow<'static, str>>, words: impl Into<String>) {
        self.push(name, CONSISTENT, StepVerdict::Walked, words);
    }

    pub(super) fn not_described(&mut self, name: impl Into<Cow<'static, str>>, words: impl Into<String>) {
        self.push(name, CONSISTENT, StepVerdict::NotDescribed, words);
    }

    pub(super) fn failed(&mut self, name: impl Into<Cow<'static, str>>, words: impl Into<String>) {
        self.push(name, CONSISTENT, StepVerdict::Failed, words);
    }

    /// A step of the layer `recorded`.
    pub(super) fn recorded(&mut self, name: String, verdict: StepVerdict, words: String) {
        self.push(name, RECORDED, verdict, words);
    }

    /// A step by its outcome.
    pub(super) fn step(&mut self, name: impl Into<Cow<'static, str>>, outcome: Result<String, String>) -> bool {
        match outcome {
            Ok(words) => self.walked(name, words),
            Err(words) => {
                self.failed(name, words);
                return false;
            }
        }
        true
    }

    fn push(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        layer: &'static str,
        verdict: StepVerdict,
        words: impl Into<String>,
    ) {
        self.steps.push(WalkStep { name: name.into(), layer, verdict, words: words.into() });
    }
}
