//! The server in this process, against a mock of other people's servers: real sockets, real runtime, real store.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod api;
mod oauth;
mod proxy;
mod refusals;
mod setup;
mod upstream;
