//! Schemas to Rust types: only those that named operations reach.
//!
//! [`view`] reads one schema with everything it is composed of, [`union`] decides between variants, [`names`] gives
//! each type its name and [`labels`] each member, [`members`] says which of them are wanted, [`Shaper`] walks from type
//! to type, [`examples`] widens what the document's own examples contradict, [`boxes`] ends recursion. [`types`] is the
//! outcome.

mod about;
pub mod boxes;
mod dates;
pub mod examples;
mod labels;
mod members;
mod names;
mod shaper;
pub mod types;
mod union;
mod view;

pub(crate) use about::about;
pub use dates::DateFormat;
pub(crate) use labels::{distinct, numbered};
pub use members::Members;
pub use names::TypeNames;
pub use shaper::{Shaper, Site};
pub use types::{Direction, Item, ItemKind, StructField, Type};
pub use view::{SchemaView, peel, view};
