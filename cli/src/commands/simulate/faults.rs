//! `--fail`: faults for requests of an entry.

use crate::exit::Failure;
use keyway_simulator::Simulator;
use keyway_spec::ProviderSpec;
use keyway_trial::faults::FaultOrder;

/// Refuses faults of requests that an entry has not.
pub(super) fn possible(spec: &ProviderSpec, faults: &[FaultOrder]) -> Result<(), Failure> {
    match faults.iter().find(|order| order.place.endpoint(spec).is_none()) {
        Some(order) => Err(Failure::usage(format!("`--fail {order}`: {}", order.has_no_request(spec)))),
        None => Ok(()),
    }
}

/// Orders faults of a vendor: each happens to the next request of its kind.
pub(super) fn order(simulator: &mut Simulator, spec: &ProviderSpec, faults: &[FaultOrder]) -> Result<(), Failure> {
    possible(spec, faults)?;
    for order in faults {
        if let Some(endpoint) = order.place.endpoint(spec) {
            simulator.next(endpoint, order.fault);
        }
    }
    Ok(())
}
