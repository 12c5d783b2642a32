//! Regular expressions of entries, as languages: what a pattern matches, and whether that stays inside a grammar.
//!
//! A pattern is read by [`keyway_format::pattern`], as the runtime reads it. [`matcher`] asks whether a text matches,
//! [`language`] decides inclusion by automata and gives a witness, [`studied`] keeps what was found out. All work is
//! bounded: what grows too large is undecided, never an error. The runtime runs patterns on customers' values.

mod language;
mod matcher;
mod studied;

pub use keyway_format::pattern::{Oddity, Pattern, Refused};
pub use language::{Inclusion, Language};
pub use matcher::Matcher;
pub use studied::{Patterns, Studied};
