//! The server in this process, against a mock of other people's servers: real sockets, real runtime, real store.

mod api;
mod oauth;
mod proxy;
mod refusals;
mod setup;
