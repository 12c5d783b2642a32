//! Several servers on one PostgreSQL database: any of them takes any request, and none of them spoils another's
//! refresh.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod balanced;
mod killed;
mod moved;
mod node;
mod webhook;
