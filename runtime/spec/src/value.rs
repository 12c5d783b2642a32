//! Trees of values whose texts are templates: parameters, bodies, claims.
//!
//! Types survive: `false` in the file stays a boolean where the encoding has booleans.

use crate::Template;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text, to be evaluated.
    Text(Template<'a>),
    /// A list.
    List(&'a [Value<'a>]),
    /// A map, in the order of the file.
    Map(&'a [Entry<'a>]),
}

/// A named value. Names are literal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The name, as written.
    pub name: &'a str,
    /// The value.
    pub value: Value<'a>,
}
