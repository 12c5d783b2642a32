//! The analysis of a catalogue: of each entry by itself, and of all of them together.
//!
//! The one place that knows the order in which a file is looked at. `pipeline` calls it for whole files, `incremental`
//! for what an edit has changed; both only decide what is worth doing.
//!
//! | file | what |
//! |---|---|
//! | `files` | files to entries: overlays are laid over, aliases followed |
//! | `entry` | what an entry says by itself |
//! | `catalogue` | what entries say together: clashes, rules that compare, folding, silencing |
//! | `registry` | every rule of every stage |

mod catalogue;
mod entry;
mod files;
mod registry;

pub(crate) use catalogue::Catalogue;
#[cfg(feature = "tools")]
pub(crate) use entry::entry;
pub(crate) use entry::{CheckLevel, Member, entries};
pub use files::Input;
pub(crate) use files::{Entries, Files};
#[cfg(feature = "tools")]
pub(crate) use registry::documented;
pub use registry::rules;
