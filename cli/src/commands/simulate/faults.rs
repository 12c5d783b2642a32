//! `--fail`: faults for requests of an entry.

use crate::exit::Failure;
use keyway_simulator::Simulator;
use keyway_spec::ProviderSpec;
use keyway_trial::faults::FaultOrder;

/// Refuses faults of requests that an entry has not.
pub(super) fn possible(spec: &ProviderSpec, faults: &[FaultOrder]) -> Result<(), Failure> {
    faults.iter().try_for_each(|order| order.endpoint(spec).map(drop).map_err(|reason| refused(order, &reason)))
}

/// Orders faults of a vendor: each happens to the next request of its kind.
pub(super) fn order(simulator: &mut Simulator, spec: &ProviderSpec, faults: &[FaultOrder]) -> Result<(), Failure> {
    possible(spec, faults)?;
    faults.iter().try_for_each(|order| order.give(simulator, spec).map_err(|reason| refused(order, &reason)))
}

fn refused(order: &FaultOrder, reason: &str) -> Failure {
    Failure::usage(format!("`--fail {order}`: {reason}"))
}
