//! The faults of a URL, with their weight.

use std::ops::Range;

/// The weight of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// No request can be made of it, or another one than it says.
    Refused,
    /// The request is made, of a text that is not the one that stands there.
    Respelled,
    /// The same, and it is likely to be meant.
    Noted,
    /// Only an operator who allows private addresses can call it.
    Private,
}

/// Something that is wrong with a URL. No message holds what stands before an `@`: it may be a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes it is about.
    pub range: Range<usize>,
    /// The weight of a fault.
    pub weight: Weight,
    /// The problem.
    pub message: String,
    /// The text to write instead.
    pub help: String,
    /// The mended text, where that is certain.
    pub mended: Option<String>,
}

impl Fault {
    pub(super) fn new(
        weight: Weight,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Fault {
        Fault { range, weight, message: message.into(), help: help.into(), mended: None }
    }

    /// A URL of which no request can be made, or another one than it says.
    pub fn refused(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault::new(Weight::Refused, range, message, help)
    }

    /// Adds what stands there once it is mended.
    #[must_use]
    pub(super) fn mended(mut self, text: impl Into<String>) -> Fault {
        self.mended = Some(text.into());
        self
    }
}
