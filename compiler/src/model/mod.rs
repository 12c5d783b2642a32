//! The typed model of one entry: the only place that lists the format's keys.
//!
//! The doc comments of the listings are the reference: [`keys()`], the JSON Schema and the book derive from them.
//! [`lower`] reads a resolved entry into a [`Provider`] and reports every shape error at its node.
//!
//! | file | what |
//! |---|---|
//! | `common`, `field`, `proxy` | keys of every entry |
//! | `quirks` | keys of `keyway` about signing in |
//! | `auth` | the modes; `oauth`, `token`, `app`: their keys |
//! | `text`, `word`, `tree`, `union`, `grammar` | kinds of values |
//! | `shape`, `lowering`, `macros` | the machinery: how a listing becomes a type |
//! | `keys`, `findings` | the table of keys; the rules |
//! | `meaning`, `spelled` | what was meant by a name that is none; an entry as it was meant |
//!
//! Templates are plain text here, and nothing is compared with anything else: this stage knows shapes only.

#[macro_use]
mod macros;

pub mod app;
pub mod auth;
pub mod common;
#[cfg(feature = "schema")]
mod described;
mod entry;
pub mod field;
mod findings;
pub mod grammar;
mod keys;
mod lowering;
mod meaning;
pub mod oauth;
mod pages;
pub mod proxy;
pub mod quirks;
mod shape;
mod spelled;
#[cfg(test)]
mod tests;
pub mod text;
pub mod token;
pub mod tree;
pub mod union;
mod word;

pub use auth::Auth;
#[cfg(any(feature = "schema", feature = "tools"))]
pub(crate) use auth::ModeKeys;
pub use common::Common;
pub use entry::{Provider, lower, lower_meant, misspelt_alias};
pub use field::Field;
pub use findings::RULES;
pub use keys::{KeyDoc, keys};
pub use keyway_spec::Mode;
pub use pages::PAGES;
pub use proxy::Proxy;
pub use spelled::Spelled;
pub use text::{Formed, Map, Spanned, Str};
pub use tree::{Params, Tree};

#[cfg(feature = "schema")]
pub(crate) use described::described;
pub(crate) use findings::INVALID_HEADER_VALUE;
pub(crate) use grammar::{Grammar, LiteralHeaderValue};
#[cfg(feature = "schema")]
pub(crate) use keys::root_keys;
pub(crate) use lowering::ends_in_break;
#[cfg(feature = "schema")]
pub(crate) use shape::KeyInfo;
