//! Operations that an entry vouches for (`keyway.endpoints`), as types (feature `endpoints`).
//!
//! Generated code has a struct for each, whose members are the operation's parameters:
//!
//! ```text
//! use github::endpoints::IssuesList;
//!
//! let open = IssuesList { state: Some("open"), ..IssuesList::new("rust-lang", "rust") };
//! let issues: Vec<Issue> = client.endpoint(&open).json().await?;
//! ```

use crate::Provider;
use keyway_spec::Operation;
use serde_json::Value;

/// An operation with its values. Generated code implements it; a client calls it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operation of a catalogue",
    label = "this is no operation",
    note = "give what stands in a provider's module `endpoints`: `&acme::endpoints::ItemsList::new(..)`"
)]
pub trait Endpoint {
    /// The provider whose operation it is.
    type Provider: Provider;
    /// Everything the entry says of it.
    const OPERATION: &'static Operation;

    /// A value for each of its parameters, in their order.
    fn values(&self) -> Vec<EndpointValue<'_>>;
}

/// An operation whose answers are the pages of a list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no pages",
    label = "its entry says nothing of how a list goes on",
    note = "read the answer as it is with `.json().await`, or add `paginate` to the operation in the entry"
)]
pub trait Paged: Endpoint {}

/// The value of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EndpointValue<'v> {
    /// Nothing is sent.
    Absent,
    /// A text.
    Text(&'v str),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list of texts.
    Texts(&'v [&'v str]),
    /// A list of whole numbers.
    Integers(&'v [i64]),
    /// Any JSON.
    Json(&'v Value),
}

macro_rules! values {
    ($($type:ty => $variant:ident,)+) => { $(
        impl<'v> From<$type> for EndpointValue<'v> {
            fn from(value: $type) -> EndpointValue<'v> {
                EndpointValue::$variant(value)
            }
        }
    )+ };
}

values! {
    &'v str => Text,
    i64 => Integer,
    f64 => Number,
    bool => Boolean,
    &'v [&'v str] => Texts,
    &'v [i64] => Integers,
    &'v Value => Json,
}

impl<'v, T: Into<EndpointValue<'v>>> From<Option<T>> for EndpointValue<'v> {
    fn from(value: Option<T>) -> EndpointValue<'v> {
        value.map_or(EndpointValue::Absent, Into::into)
    }
}
