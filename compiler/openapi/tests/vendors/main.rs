//! The documents of real vendors: listed, written, compiled, and their own example answers read.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod compiles;
mod consumer;
mod documents;
mod endpoints;
mod examples;
mod listing;
mod mutations;
#[path = "../../../../tests/src/shared.rs"]
mod shared;
