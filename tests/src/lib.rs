//! Helpers of the whole-system tests: a mock of other people's servers, a client that hides nothing, the corpus
//! lowered, and this project's own source as tokens.
//!
//! Assertions belong to the tests.

#[cfg(doctest)]
pub mod book;
pub mod catalogue;
pub mod client;
pub mod corpus;
pub mod differs;
pub mod leaked;
pub mod mock;
pub mod modules;
pub mod operations;
pub mod postgres;
pub mod rotating;
pub mod shared;
pub mod source;

pub use shared::{shared, skip};
