//! The other files of a document: those that a `$ref` names, however far away.
//!
//! They stand in the folder of the first file or below it. Nothing is fetched.

use super::documents::{DocumentFile, Documents};
use super::text;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Reads another file of the document, by its path relative to the folder of the first one.
pub type Loader<'l> = &'l dyn Fn(&str) -> Result<String, String>;

/// The most files of one document. The largest known one has 2,900.
const MAX_FILES: usize = 20_000;
/// The most bytes of all files together.
const MAX_BYTES: usize = 256 * 1024 * 1024;

impl Documents {
    /// Reads a file that stands beside the document: its places can be named, and no reference leads to it.
    pub(crate) fn beside(&mut self, name: &str, text: String) -> Result<Value, String> {
        let root = text::tree(name, &text)?;
        self.files.push(DocumentFile { name: name.to_owned(), text, root: Value::Null });
        Ok(root)
    }

    /// Reads the files that are referred to and were not read yet.
    pub(crate) fn load_more(&mut self, load: Loader<'_>) {
        load_all(self, load);
    }
}

/// Reads what the files refer to until nothing is new.
pub(super) fn load_all(documents: &mut Documents, load: Loader<'_>) {
    let (mut next, mut bytes) = (0, documents.files.iter().map(|file| file.text.len()).sum::<usize>());
    while next < documents.files.len() {
        let file = &documents.files[next];
        let mut names = Vec::new();
        collect(&file.root, &mut |reference| {
            if let Ok((name, _)) = target(&file.name, reference) {
                names.push(name);
            }
        });
        for name in names {
            if documents.by_name.contains_key(&name) || documents.missing.contains_key(&name) {
                continue;
            }
            let read = if documents.files.len() >= MAX_FILES || bytes > MAX_BYTES {
                Err("the document has too many files".to_owned())
            } else {
                load(&name).and_then(|text| Ok((text::tree(&name, &text)?, text)))
            };
            match read {
                Ok((root, text)) => {
                    bytes += text.len();
                    documents.add(DocumentFile { name, text, root });
                }
                Err(reason) => drop(documents.missing.insert(name, reason)),
            }
        }
        next += 1;
    }
}

/// Calls back with every reference below a value. The depth is bounded by the readers.
fn collect<'v>(value: &'v Value, found: &mut impl FnMut(&'v str)) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                found(reference);
            }
            map.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// The file and the pointer that a reference in a file means. The error is a sentence.
pub(super) fn target(from: &str, reference: &str) -> Result<(String, String), String> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pointer = decoded(fragment);
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(format!("`{reference}` is no JSON pointer: references by name are not read"));
    }
    if path.is_empty() {
        return Ok((from.to_owned(), pointer));
    }
    if path.contains("://") || path.starts_with('/') || path.contains('\\') {
        return Err(format!("`{reference}` is not fetched: save the file beside the document and refer to it there"));
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<String> = folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(format!("`{reference}` leads out of the document's folder"));
                }
            }
            part => parts.push(decoded(part)),
        }
    }
    if parts.iter().any(|part| part == ".." || part.contains(['/', '\\', '\0'])) {
        return Err(format!("`{reference}` leads out of the document's folder"));
    }
    Ok((parts.join("/"), pointer))
}
