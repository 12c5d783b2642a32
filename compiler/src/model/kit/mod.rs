//! The machinery of the model: how a listing of keys becomes a type that is read from nodes, and the kinds of values.
//!
//! | file | what |
//! |---|---|
//! | `macros` | a listing to a type |
//! | `shape`, `lowering` | what a type says about itself; what reading carries along |
//! | `text`, `word`, `tree`, `grammar` | kinds of values |
//! | `findings` | the rules of this stage |
//! | `meaning` | what was meant by a name that is none |
//! | `described` | the JSON Schema of a listing |
//!
//! Nothing here names a key of the format.

#[macro_use]
mod macros;

#[cfg(feature = "schema")]
pub(crate) mod described;
pub(crate) mod findings;
pub mod grammar;
pub(crate) mod lowering;
pub(in crate::model) mod meaning;
pub(crate) mod shape;
pub mod text;
pub mod tree;
pub(crate) mod word;
