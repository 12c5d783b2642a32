//! A document and the files that it refers to, as one tree each.
//!
//! [`text`] reads JSON and YAML, [`files`] finds the other files, [`At`] is a value that knows where it stands, and
//! [`mod@line`] finds the line of a pointer again, for messages; [`Moves`] where it is written, where an overlay
//! wrote it.

mod at;
mod documents;
mod files;
pub mod line;
mod moves;
mod text;

pub use at::{At, Broken};
pub use documents::{DocumentFile, Documents};
pub use files::Loader;
pub use moves::{Moves, WrittenAt};

/// Reads a document, and every file that it refers to.
///
/// The error is a sentence with the line, where the first file is neither JSON nor YAML, or no map.
pub fn read(name: &str, text: String, load: Loader<'_>) -> Result<Documents, String> {
    let mut documents = Documents::default();
    let root = text::tree(name, &text)?;
    if !root.is_object() {
        return Err(format!("`{name}` is not an OpenAPI document: it has no `openapi` and no `swagger`"));
    }
    documents.add(DocumentFile { name: name.to_owned(), text, root });
    files::load_all(&mut documents, load);
    Ok(documents)
}
