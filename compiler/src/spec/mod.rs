//! The typed model of an entry to the value that everything behind it reads.
//!
//! [`names`] decides identifiers. No Rust text is made here.

pub mod names;
