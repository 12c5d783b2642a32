//! `keyway integrations` and `keyway connections`: the real binary against a real `keyway serve`, and against servers
//! that are none.
//!
//! Every output of every test is searched for the secrets that were given.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod commands;
mod credential;
mod hostile;
mod import;
mod page;
mod paging;
#[cfg(target_os = "linux")]
mod screen;
mod setup;
mod stand_in;
mod wrong;
