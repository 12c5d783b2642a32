//! The language in which entries of a catalogue are written, as far as the compiler and the runtime both read it.
//!
//! What one of the two accepts and the other one refuses, or what both accept with different meanings, is a fault that
//! shows only when a customer connects. So each part of the language is read here, once, and both use what was read.
//! [`pattern`] is the first part: the regular expressions that fields are held to.
//!
//! No dependency, no input or output, and no knowledge of the format's keys.

pub mod pattern;
