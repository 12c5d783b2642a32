//! The real binary against real servers: what other people's implementations of the protocols accept and refuse.
//!
//! The servers are the programs of `tests/peers`; `tests/peers/install` installs what they stand on. Without it each
//! test says that it was skipped, unless `KEYWAY_PEERS=required` is set: then it fails. A test starts its own server
//! and its own `keyway serve` with a store in a file, plays the operator over HTTP and the customer in a browser.
//!
//! There is no TLS, and nothing leaves the machine.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod authlib;
mod aws;
mod browser;
mod contract;
mod detour;
mod django;
mod fastmcp;
mod keyway;
mod mcp;
mod mcp_python;
mod mcp_typescript;
mod oidc;
mod peer;
mod prism;
mod webdav;
