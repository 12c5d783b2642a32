//! Walks: an entry from the form to the end of its grant, with the real runtime against a stand-in for the vendor.
//!
//! The stand-in ([`keyway_simulator`]) is made of the entry and of the protocols' own documents, and checks every
//! request. So a walk proves that an entry is **consistent**: that it can be used as it is written, and says the same
//! in all its parts. It does not prove that the vendor agrees.
//!
//! Reading order: [`step`] (what is reported), [`stage`] (both ends and their clock), then the steps: [`signing_in`],
//! [`calls`], [`lifetime`]; [`faulty`] and [`recorded`] add what a person asks for.

mod calls;
mod faulty;
mod lifetime;
mod recorded;
mod signing_in;
mod stage;
mod step;

pub use step::{StepVerdict, WalkStep, Walked};

use crate::faults::FaultOrder;
use crate::sample::Sample;
use crate::stand_in::Filled;
use keyway_spec::ProviderSpec;
use stage::WalkStage;

/// Walks an entry. Time is that of the runtime in which it is awaited, which should be paused.
///
/// A customer says what is required. Where that is not enough, it is walked again with the optional fields filled in,
/// and the form says so.
pub async fn walk(spec: &'static ProviderSpec) -> Walked {
    walk_with(spec, &[], &[]).await
}

/// The same with faults, each of which is tried by itself, and with answers that the vendor prints, which are read.
pub async fn walk_with(spec: &'static ProviderSpec, faults: &[FaultOrder], printed: &[Sample]) -> Walked {
    let (mut walked, filled) = best(spec).await;
    if walked.unsupported.is_none() {
        for order in faults {
            faulty::step(spec, filled, order, &mut walked).await;
        }
    }
    recorded::steps(spec, printed, &mut walked).await;
    walked
}

async fn best(spec: &'static ProviderSpec) -> (Walked, Filled) {
    let walked = once(spec, Filled::Required).await;
    let lacks = |step: &WalkStep| step.verdict == StepVerdict::Failed && step.words.contains("has no value");
    if walked.steps.iter().any(lacks) && has_optional(spec) {
        let mut again = once(spec, Filled::All).await;
        if again.count(StepVerdict::Failed) < walked.count(StepVerdict::Failed) {
            if let Some(form) = again.steps.first_mut() {
                form.words.push_str(", optional ones too: without them calls lack a value");
            }
            return (again, Filled::All);
        }
    }
    (walked, Filled::Required)
}

fn has_optional(spec: &ProviderSpec) -> bool {
    let fields = spec.connection_config.iter().chain(spec.credentials).chain(spec.integration_config);
    fields.into_iter().any(|field| field.optional && !field.automated)
}

async fn once(spec: &'static ProviderSpec, filled: Filled) -> Walked {
    let mut walked = Walked::of(spec);
    let mut stage = match WalkStage::set(spec, filled) {
        Ok(stage) => stage,
        Err(reason) => {
            walked.unsupported = Some(reason);
            return walked;
        }
    };
    signing_in::form(&stage, &mut walked);
    if signing_in::connected(&mut stage, &mut walked).await {
        signing_in::refused(spec, filled, &mut walked).await;
        calls::all(&mut stage, &mut walked).await;
        lifetime::all(&mut stage, &mut walked).await;
        lifetime::disconnected(&mut stage, &mut walked).await;
    }
    walked
}
