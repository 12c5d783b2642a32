//! What stores that seal have in common: the text of a record before it is sealed, and what of its row it is bound to.
//!
//! A record that one of them wrote reads the same in another.

pub(super) mod bound;
pub(super) mod place;
pub(super) mod text;
