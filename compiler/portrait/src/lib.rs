//! One entry as a reader sees it: who asks whom in which order, the form that a customer fills in, what the entry
//! describes, and code that calls the API.
//!
//! Everything is made of the entry alone, and not of a run: a picture shows what an entry says, also where nothing can
//! walk it (an installed plugin, a hook), and it is the same on every machine.
//!
//! Reading order: [`flow`] (the requests in order, as data), [`layout`] (where each stands), [`svg`] (the picture),
//! [`form`], [`described`], [`snippets`]; below them [`text`]. This crate depends on the spec, and reads no file.
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

pub mod described;
pub mod flow;
pub mod form;
mod layout;
pub mod snippets;
mod svg;
mod text;

pub use svg::{Frame, picture};
