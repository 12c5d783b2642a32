//! The uses of a URL.

/// The use of a URL, which decides which parts it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A base of other URLs: a host and a path.
    Base,
    /// An endpoint or a page, which is asked as it is written.
    Whole,
    /// A path below a base.
    Below,
    /// A page that the catalogue links to and nothing asks.
    Link,
}
