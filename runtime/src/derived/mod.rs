//! What `#[derive(keyway::Deserialize, keyway::Serialize)]` calls.
//!
//! A derive of serde's writes a visitor for each struct, which rustc checks anew for each: most of the time that
//! imported operations cost. Here the visitors are written once. For a struct there is one call, with the names of its
//! members and a function that makes it of a tuple; whether each member can be read is a question about that tuple.
//!
//! | what | where |
//! |---|---|
//! | structs from maps | [`members`] |
//! | structs to maps | [`fields`] |
//! | enums from texts | [`texts`] |
//! | whether a field is `None` | [`none`] |
//!
//! Invariant: what is read, refused and written is what serde's derives read, refuse and write
//! (`runtime/tests/derived.rs`), but for what is said there.

mod fields;
mod members;
mod none;
mod texts;

pub use fields::{FieldValues, write};
pub use members::{More, StructMembers, read};
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use texts::read_text;
