//! Trees of values whose texts are templates: parameters, bodies, claims.
//!
//! Types survive: `false` in the file stays a boolean where the encoding has booleans.

use crate::Template;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text, to be evaluated.
    Text(Template),
    /// A list.
    List(&'static [Value]),
    /// A map, in the order of the file.
    Map(&'static [Entry]),
}

/// A named value. Names are literal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The name, as written.
    pub name: &'static str,
    /// The value.
    pub value: Value,
}
