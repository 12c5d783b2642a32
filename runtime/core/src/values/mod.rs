//! Values as the texts of a request: segments of a path, parameters of a query, pairs of a form.
//!
//! Typed endpoints of programs and operations of an entry are written by this code alone, so that both send the same. A
//! value that does not fit its place is a [`Misfit`], which never holds the value.

mod path;
mod styles;

pub use path::{segment, segments};
pub use styles::{StyledParameter, add_to_query, pairs, pairs_of_fields, pairs_of_members, styled};

use serde_json::Value;

/// Why a value cannot be said in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The member of the value that does not fit; `None` where it is the value itself.
    pub member: Option<String>,
    /// The reason, to be read after the name: `must not be empty`.
    pub reason: &'static str,
}

impl Misfit {
    /// The name of what does not fit, where the value is called `name`: `name`, or `name.member`.
    pub fn place(&self, name: &str) -> String {
        self.member.as_ref().map_or_else(|| name.to_owned(), |member| format!("{name}.{member}"))
    }
}

impl From<&'static str> for Misfit {
    fn from(reason: &'static str) -> Misfit {
        Misfit { member: None, reason }
    }
}

/// The text of a value that is one; `None` for `null`, lists and objects.
pub fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
