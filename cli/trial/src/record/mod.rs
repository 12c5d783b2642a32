//! Recordings: answers that a real account gets, through the real runtime, as samples.
//!
//! The requests are those of a program that uses the entry: signing in, the probe, a page. So a recording shows what a
//! replay will read, and cannot ask for anything that the runtime would not send. What is written is redacted
//! ([`crate::redact`]); what is in memory is not, and has no `Debug`.
//!
//! Reading order: [`RealAccount`] (who asks), [`Recorder`] (what is kept of it), [`takes`] (an answer of each kind),
//! [`wrong`] (a credential that must be refused), [`written`] (the file). The transport is the caller's; no file is
//! read or written here.

mod account;
mod recorder;
pub mod takes;
mod written;
mod wrong;

pub use account::RealAccount;
pub use recorder::{RecordedExchange, Recorder};
pub use takes::Take;
pub use written::file;
