//! Walks: an entry from the form to the end of its grant, with the real runtime against a stand-in for the vendor.
//!
//! The stand-in ([`keyway_simulator`]) is made of the entry and of the protocols' own documents, and checks every
//! request. So a walk proves that an entry is **consistent**: that it can be used as it is written, and says the same
//! in all its parts. It does not prove that the vendor agrees.
//!
//! Reading order: [`step`] (what is reported), [`stage`] (both ends and their clock), then the steps: [`signing_in`],
//! [`calls`], [`lifetime`].

mod calls;
mod lifetime;
mod signing_in;
mod stage;
mod step;

pub use step::{Step, Verdict, Walked};

use keyway_spec::ProviderSpec;
use stage::Stage;

/// Walks an entry. Time is that of the runtime in which it is awaited, which should be paused.
pub async fn walk(spec: &'static ProviderSpec) -> Walked {
    let mut walked = Walked::of(spec);
    let mut stage = match Stage::set(spec) {
        Ok(stage) => stage,
        Err(reason) => {
            walked.unsupported = Some(reason);
            return walked;
        }
    };
    signing_in::form(&stage, &mut walked);
    if signing_in::connected(&mut stage, &mut walked).await {
        signing_in::refused(spec, &mut walked).await;
        calls::all(&mut stage, &mut walked).await;
        lifetime::all(&mut stage, &mut walked).await;
    }
    walked
}
