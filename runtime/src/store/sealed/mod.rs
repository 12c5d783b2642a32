//! What the stores that write to a disk share: the text of a record before it is sealed, and what of its row a sealed
//! value is bound to. Both are the same in every kind of store, so that a record can be moved from one to another.

pub(in crate::store) mod bound;
pub(in crate::store) mod place;
pub(in crate::store) mod record;
pub(in crate::store) mod text;
