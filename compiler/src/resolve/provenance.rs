//! Who wrote a text of a resolved entry.
//!
//! Spans say it all: an inherited node keeps the span of the entry that wrote it.

use super::Resolved;
use crate::source::Span;

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'e> {
    /// The entry itself.
    Own,
    /// An overlay of the entry itself.
    Overlay,
    /// Another entry, or an overlay of it: its key.
    Inherited(&'e str),
}

/// Who wrote the text at `span` in an entry; `entries` are those of its file.
pub fn origin<'e>(entry: &Resolved, entries: &'e [Resolved], span: Span) -> Origin<'e> {
    if entry.laid_over.iter().any(|over| over.contains(span)) {
        return Origin::Overlay;
    }
    if entry.span.contains(span) {
        return Origin::Own;
    }
    let owner = entries.iter().find(|other| !other.inherits(span));
    owner.map_or(Origin::Own, |owner| Origin::Inherited(&owner.key.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::resolve_over;
    use crate::source::FileId;
    use crate::syntax::parse;

    #[test]
    fn each_text_has_one_writer() {
        let document = parse(FileId(0), "a: {x: 1, y: 2}\nb: {alias: a, y: 3}\nc: {alias: b, z: 4}").0;
        let overlay = parse(FileId(1), "b: {w: 5}").0;
        let (entries, _) = resolve_over(document, vec![overlay]);
        let of = |entry: &str, key: &str| {
            let entry = entries.iter().find(|known| known.key.name == entry).unwrap();
            origin(entry, &entries, entry.body.get(key).unwrap().key.span)
        };
        for (entry, key, expected) in [
            ("a", "x", Origin::Own),
            ("b", "x", Origin::Inherited("a")),
            ("b", "y", Origin::Own),
            ("b", "w", Origin::Overlay),
            ("c", "x", Origin::Inherited("a")),
            ("c", "y", Origin::Inherited("b")),
            ("c", "w", Origin::Inherited("b")),
            ("c", "z", Origin::Own),
        ] {
            assert_eq!(of(entry, key), expected, "{entry}.{key}");
        }
    }
}
