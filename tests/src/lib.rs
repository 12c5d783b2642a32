//! Helpers of the whole-system tests: a mock of other people's servers, and a client that hides nothing.
//!
//! Absent here: assertions. They belong to the tests.

pub mod catalogue;
pub mod client;
pub mod mock;
