//! Parts of a spec that a test makes as it goes: kept for as long as it runs, as a spec wants them.
//!
//! Nothing here is ever freed, so none of it belongs into a program.

/// A list.
pub fn list<T: Clone>(items: &[T]) -> &'static [T] {
    Vec::leak(items.to_vec())
}

/// A text.
pub fn text(text: &str) -> &'static str {
    String::leak(text.to_owned())
}
