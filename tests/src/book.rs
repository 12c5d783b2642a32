//! Pages of the book whose Rust is compiled, as documentation tests.
//!
//! The Rust on every provider's page is the same but for names; a test of the command line holds that, and that the names
//! exist. So one page of each kind is enough here.

#[doc = include_str!("../../docs/src/guide/quickstart.md")]
pub mod quickstart {}

#[doc = include_str!("../../docs/src/providers/zendesk.md")]
pub mod provider {}
