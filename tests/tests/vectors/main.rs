//! What the format's first implementation did, recorded in `../shared/golden` (or in the folder that `KEYWAY_VECTORS`
//! names), against what Keyway does.
//!
//! One file per recorded file, and `signatures` for what is signed in any of them. Each file prints a line,
//! `NAME: N agree, N differ as listed, N differ`, and writes what differs side by side under `target/tmp/vectors/`. A
//! difference must fall into a class of `tests/vectors/deviations.toml`,
//! which [`deviations`] recognises from the entry's content and the request, never from a provider's name.
//!
//! Not covered: what the first implementation was not asked about (hosts, secrets, faults).
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod authorize;
mod compare;
mod deviations;
mod interpolate;
mod logins;
mod own;
mod proxy;
mod recorded;
mod retry;
mod signatures;
mod tally;
mod token;
mod utils;
