//! The typed model of one entry: the only place that lists the format's keys.
//!
//! The doc comments of the listings are the reference: [`keys()`], the JSON Schema and the book derive from them.
//! [`lower`] reads a resolved entry into a [`Provider`] and reports every shape error at its node.
//!
//! | folder or file | what |
//! |---|---|
//! | `kit` | the machinery: how a listing becomes a type, and the kinds of values |
//! | `format` | the listings: every key, once |
//! | `keys` | the table of all keys, made of the listings |
//! | `meaning`, `vocabulary` | what was meant by a name that is none |
//! | `corrected` | an entry as it was meant |
//! | `entry` | an entry to a [`Provider`] |
//! | `pages` | the pages of the rules |
//!
//! Templates are plain text here, and nothing is compared with anything else: this stage knows shapes only.

#[macro_use]
mod kit;

mod corrected;
mod entry;
mod format;
mod keys;
mod meaning;
mod pages;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use format::{
    app, auth, common, endpoint, errors, field, limits, oauth, paginate, proxy, quirks, scopes, token, union,
};
pub use kit::{grammar, text, tree};

pub use auth::Auth;
#[cfg(any(feature = "schema", feature = "tools"))]
pub(crate) use auth::ModeKeys;
pub use common::Common;
pub use corrected::corrected;
pub use entry::{Provider, lower, lower_corrected, misspelt_alias};
pub use field::Field;
pub use keys::{KeyDoc, keys};
pub use keyway_spec::Mode;
pub use kit::corrected::Corrected;
pub use kit::findings::RULES;
pub use pages::PAGES;
pub use proxy::Proxy;
pub use text::{Map, Spanned, Str, Validated};
pub use tree::{Params, Tree};

pub(crate) use grammar::{Grammar, LiteralHeaderValue};
#[cfg(feature = "schema")]
pub(crate) use keys::root_keys;
#[cfg(feature = "schema")]
pub(crate) use kit::described::described;
pub(crate) use kit::findings::INVALID_HEADER_VALUE;
#[cfg(feature = "schema")]
pub(crate) use kit::value_type::KeyInfo;
pub(crate) use kit::wording::ends_in_break;
