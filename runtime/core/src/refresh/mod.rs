//! Keeping credentials alive, as far as it is decided: whether a renewal is due ([`decide`]), what a failed attempt
//! says about the grant ([`outcome`]), and whether the next may be made ([`state`]).
//!
//! Instants come in. The table of what an answer means stands in the runtime's `refresh`, which renews.

pub mod decide;
pub mod outcome;
pub mod state;

use std::time::Duration;

/// The longest limit of an attempt: a second one, also after the lease of a process that died, is still made within 30
/// seconds of the first.
pub const MAX_REFRESH_TIMEOUT: Duration = Duration::from_secs(20);
