//! The listings: every key of the format, once, with its documentation and its type.
//!
//! | file | what |
//! |---|---|
//! | `common`, `field`, `proxy` | keys of every entry |
//! | `errors` | errors in the bodies of answers (`keyway.errors`) |
//! | `limits` | rate limits (`keyway.retry`, `keyway.limits`) |
//! | `paginate` | what only Keyway reads of pages (`keyway.paginate`) |
//! | `endpoint` | operations that an entry vouches for (`keyway.endpoints`) |
//! | `quirks` | keys of `keyway` about signing in |
//! | `scopes` | scopes with a word on each (`keyway.scopes`) |
//! | `auth` | the modes; `oauth`, `token`, `app`: their keys |
//! | `union` | values that may be written in two shapes |
//!
//! How a listing is read is the business of the machinery (`kit`).

pub mod app;
pub mod auth;
pub mod common;
pub mod endpoint;
pub mod errors;
pub mod field;
pub mod limits;
pub mod oauth;
pub mod paginate;
pub mod proxy;
pub mod quirks;
pub mod scopes;
pub mod token;
pub mod union;
