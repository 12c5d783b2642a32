//! The Keyway compiler: provider descriptions in YAML to typed Rust.
//!
//! ```text
//! providers.yaml -> source -> syntax -> intake -> resolve -> model -> template -> rules -> lower -> emit -> generated/*.rs
//!   macro tokens ------------^                     every stage: fn(input) -> (output, Diagnostics)
//! ```
//!
//! Start reading at [`pipeline`]. The stages do no IO, print nothing, and read no environment, clock or randomness;
//! they never panic, on any input.
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

mod analysis;
#[cfg(feature = "tools")]
pub mod book;
pub mod build;
pub mod diagnostic;
#[cfg(feature = "patterns")]
pub mod diff;
pub mod emit;
#[cfg(feature = "tools")]
pub mod fix;
#[cfg(feature = "tools")]
pub mod incremental;
pub mod intake;
pub mod lower;
pub mod model;
pub mod output;
pub mod parallel;
#[cfg(feature = "patterns")]
pub mod patterns;
pub mod pipeline;
#[cfg(feature = "tools")]
pub mod reference;
pub mod resolve;
pub mod rules;
#[cfg(feature = "schema")]
pub mod schema;
pub mod source;
pub mod syntax;
pub mod template;
#[cfg(feature = "json")]
pub mod witness;
