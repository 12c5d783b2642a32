//! The machinery of the model: how a listing of keys becomes a type that is read from nodes, and the kinds of values.
//!
//! | file | what |
//! |---|---|
//! | `macros` | a listing to a type |
//! | `value_type` | what a type says about itself |
//! | `corrected` | an entry as it was meant |
//! | `vocabulary` | what reading asks about the names of the format |
//! | `lowering`, `reading` | what reading carries along; values and maps by their types |
//! | `many`, `text`, `string_enum`, `tree`, `grammar` | kinds of values |
//! | `findings`, `wording` | the rules of this stage; how findings are worded |
//! | `described` | the JSON Schema of a listing |
//!
//! Nothing here names a key of the format but `auth_mode`, in the rule of that name.

#[macro_use]
mod macros;

pub(super) mod corrected;
#[cfg(feature = "schema")]
pub(crate) mod described;
pub(crate) mod findings;
pub mod grammar;
pub(crate) mod lowering;
mod many;
mod reading;
pub(crate) mod string_enum;
pub mod text;
pub mod tree;
pub(crate) mod value_type;
pub(super) mod vocabulary;
pub(crate) mod wording;
