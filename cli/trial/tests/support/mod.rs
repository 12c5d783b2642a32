//! Entries and samples as tests write them.
#![allow(dead_code, reason = "each test uses a part of it")]

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use keyway_trial::replay::{ReplayOutcome, replay};
use keyway_trial::sample::parse;
use keyway_trial::walk::{StepVerdict, walk};

fn read(yaml: &str) -> (Sources, Input) {
    let mut sources = Sources::default();
    let catalogue = sources.add("acme.yaml".to_owned(), yaml.to_owned());
    (sources, Input { catalogue, overlays: Vec::new() })
}

/// The only entry of a file, where it can be used.
pub(crate) fn lowered(yaml: &str) -> Option<&'static ProviderSpec> {
    let (sources, input) = read(yaml);
    Vec::leak(pipeline::load(&sources, input).1).first()
}

/// The only entry of a file.
pub(crate) fn entry(yaml: &str) -> &'static ProviderSpec {
    lowered(yaml).unwrap_or_else(|| panic!("no entry:\n{yaml}"))
}

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// Replays samples, each a name and a text without its source.
pub(crate) fn replayed(spec: &'static ProviderSpec, samples: &[(&str, &str)]) -> Vec<ReplayOutcome> {
    let read = samples.iter().map(|(name, text)| parse(name, &format!("# source: recorded\n{text}")).unwrap());
    let samples: Vec<_> = read.collect();
    paused().block_on(replay(spec, &samples))
}

/// The steps of a walk: name, verdict and words.
pub(crate) fn walked(spec: &'static ProviderSpec) -> Vec<(String, StepVerdict, String)> {
    let walked = paused().block_on(walk(spec));
    assert_eq!(walked.unsupported, None, "{}", spec.key);
    walked.steps.into_iter().map(|step| (step.name.to_string(), step.verdict, step.words)).collect()
}

/// The layers that tell a mistake, of `check`, `consistent` and `recorded`; `nothing` where none does.
pub(crate) fn caught(base: &str, mutated: &str, samples: &[(&str, &str)]) -> String {
    let findings = |yaml: &str| {
        let (sources, input) = read(yaml);
        let checked = pipeline::find(&sources, input);
        checked.diagnostics.iter().filter(|found| found.severity != Severity::Note).count()
    };
    let mut layers = Vec::new();
    if findings(mutated) > findings(base) {
        layers.push("check");
    }
    if let Some(spec) = lowered(mutated) {
        if paused().block_on(walk(spec)).count(StepVerdict::Failed) > 0 {
            layers.push("consistent");
        }
        if replayed(spec, samples).iter().any(|outcome| !outcome.problems.is_empty()) {
            layers.push("recorded");
        }
    }
    if layers.is_empty() { "nothing".to_owned() } else { layers.join(" ") }
}
