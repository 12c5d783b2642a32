//! Pages of the book whose Rust is compiled, as documentation tests.
//!
//! Code that stands in other compiled files is not compiled here again; a test of the command line finds it there.

#[doc = include_str!("../../docs/src/guide/quickstart.md")]
pub mod quickstart {}
