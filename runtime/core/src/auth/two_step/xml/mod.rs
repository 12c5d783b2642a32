//! XML as logins speak it: a tree of names and texts, in both directions.
//!
//! Not supported: namespaces, a document's own entities, schemas.

mod read;
mod write;

pub(in crate::auth) use read::read;
pub(super) use write::write;
