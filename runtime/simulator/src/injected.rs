//! The faults that can be ordered, and how a driver carries them out.

/// A fault of the vendor, or of the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFault {
    /// The request is answered with a status and not processed.
    Unavailable(u16),
    /// The request is processed, and its answer is lost: the caller sees this status.
    LostAnswer(u16),
    /// The request is processed, and half of its answer's body arrives. [`CutShort`] is an extension of the answer.
    CutShort,
    /// The answer takes these milliseconds. [`Delay`] is an extension of the answer.
    Slow(u64),
    /// The quota is spent for these seconds, told as the entry says.
    Limited(u32),
}

/// An extension of an answer: the driver delivers it after these milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay(pub u64);

/// An extension of an answer: its body ends before its `Content-Length`, as a connection that breaks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutShort;
