//! XML as logins speak it: a tree of names and texts, in both directions.
//!
//! Absent here: namespaces, entities of a document's own, schemas.

mod read;
mod write;

pub(in crate::auth) use read::read;
pub(super) use write::write;
