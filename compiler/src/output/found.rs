//! The file at the path of a generated one: one that Keyway may replace, or the user's own.

use crate::emit::MARKER;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The value at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// A file that begins with a marker, and its text.
    Generated(String),
    /// A file that ends within its marker, or is empty: a generated file whose writing was interrupted.
    Beginning(String),
    /// A link, and the text of the generated file that it leads to.
    Link(Option<String>),
    /// Anything else.
    Other,
}

/// The first lines of files that may be overwritten and removed.
const MARKERS: &[&str] = &[
    MARKER,
    #[cfg(feature = "tools")]
    crate::book::MARKER,
];

/// Looks at a path. Bytes that are not UTF-8 can stand in a file that was cut short; they are shown as U+FFFD.
pub(super) fn at(path: &Path) -> io::Result<Found> {
    let meta = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        meta => meta?,
    };
    if meta.is_symlink() {
        let target = fs::read(path).ok();
        return Ok(Found::Link(target.filter(|bytes| is_generated(bytes)).map(|bytes| text(&bytes))));
    }
    if !meta.is_file() {
        return Ok(Found::Other);
    }
    let bytes = match fs::read(path) {
        // Removed meanwhile, by another build.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        bytes => bytes?,
    };
    Ok(if is_generated(&bytes) {
        Found::Generated(text(&bytes))
    } else if MARKERS.iter().any(|marker| marker.as_bytes().starts_with(&bytes)) {
        Found::Beginning(text(&bytes))
    } else {
        Found::Other
    })
}

fn is_generated(bytes: &[u8]) -> bool {
    MARKERS.iter().any(|marker| bytes.starts_with(marker.as_bytes()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
