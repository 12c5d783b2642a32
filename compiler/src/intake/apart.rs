//! Whether entries are taken as they stand, so that after an edit they may be read without the rest of the file.

use super::{correct, has_keys_of_entry, is_entry, margin};
use crate::diagnostic::Diagnostics;
use crate::syntax::{Document, Entry, Mapping};

/// Whether [`super::read`] takes entries as they stand, beside `others` (keys and bodies) of the same catalogue: then
/// they can be read without those.
pub(crate) fn takes_as_they_are<'e>(
    text: &str,
    entries: &[Entry],
    mut others: impl Iterator<Item = (&'e str, &'e Mapping)> + Clone,
) -> bool {
    if others.clone().any(|(key, _)| margin::is_key_of_entries(key)) {
        return false;
    }
    let mut document = Document { entries: Mapping { entries: entries.to_vec() }, ..Document::default() };
    let is_catalogue =
        entries.iter().any(|entry| is_entry(&entry.value)) || others.any(|(_, body)| has_keys_of_entry(body));
    let mut found = Diagnostics::default();
    correct(text, &mut document, &mut found);
    is_catalogue && found.is_empty() && !entries.iter().any(|entry| margin::is_key_of_entries(&entry.key.name))
}
