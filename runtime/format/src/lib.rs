//! The language in which entries of a catalogue are written, as far as the compiler and the runtime both read it.
//!
//! A text that only one of the two accepts, or that both accept with different meanings, is a fault that
//! shows only when a customer connects. So each part of the language is read here, once, and both use what was read.
//!
//! | module | what | who asks |
//! |---|---|---|
//! | [`date`] | `now`, moved and formatted | the compiler, for the runtime |
//! | [`duration`] | `1h2m3.5s`: durations in answers (feature `answers`) | the runtime |
//! | [`endpoint_path`] | `/repos/{owner}`: the paths of operations | both |
//! | [`function`] | the functions of templates: their names and arguments | both |
//! | [`header`] | headers that are the transport's to set | both |
//! | [`host_pattern`] | `*.example.com:8443`: hosts in an entry's or an operator's list | both |
//! | [`instant`] | seconds, milliseconds and dates in answers (feature `answers`) | the runtime |
//! | [`path`] | `data.items[0].id`: values in JSON (feature `answers`) | the runtime |
//! | [`pattern`] | the regular expressions that fields are held to (feature `patterns`) | both |
//! | [`regex_literal`] | `/pattern/`, with the slashes of other languages | both |
//! | [`suggest`] | the nearest of a list of names | both |
//!
//! No input or output, no clock, and no knowledge of the format's keys: where two keys differ, the caller says which
//! reading it wants.

#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

pub mod date;
#[cfg(feature = "answers")]
pub mod duration;
pub mod endpoint_path;
pub mod function;
pub mod header;
pub mod host_pattern;
#[cfg(feature = "answers")]
pub mod instant;
#[cfg(feature = "answers")]
pub mod path;
#[cfg(feature = "patterns")]
pub mod pattern;
pub mod regex_literal;
pub mod suggest;
