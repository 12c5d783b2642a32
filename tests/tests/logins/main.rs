//! Modes that log in with stored credentials: what they ask, how they read what is answered, and what they refuse.
//!
//! Entries are written as YAML and compiled, as a user's are; nothing is sent. `vectors` replays the recorded
//! exchanges.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod account;
mod answers;
mod expiry;
mod local;
mod requests;
mod steps;
