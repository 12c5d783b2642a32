//! A value of a document that knows where it stands.

use super::documents::Documents;
use super::files::target;
use serde_json::Value;

/// References that are followed in a row, at most.
const MAX_HOPS: usize = 32;
/// Bytes of a pointer, at most; what lies deeper is not seen. The longest known one has 400.
const MAX_POINTER: usize = 4_096;
/// Bytes of a pointer that cost as much as a step.
const BYTES_A_STEP: usize = 64;
/// Characters of a reference that a message shows.
const MAX_SHOWN: usize = 200;

/// A value, with its file and its JSON pointer (RFC 6901) in it.
#[derive(Clone, Debug)]
pub struct At<'d> {
    pub(super) documents: &'d Documents,
    /// Which file of the document.
    pub file: usize,
    /// The pointer from the root of that file.
    pub pointer: String,
    /// The value.
    pub value: &'d Value,
}

/// A reference that leads nowhere, as a sentence.
#[derive(Clone, Debug)]
pub struct Broken(pub String);

impl<'d> At<'d> {
    /// The root of the first file.
    pub fn root(documents: &'d Documents) -> At<'d> {
        At::whole(documents, 0)
    }

    fn whole(documents: &'d Documents, file: usize) -> At<'d> {
        At { documents, file, pointer: String::new(), value: &documents.files[file].root }
    }

    /// The member of a map.
    pub fn get(&self, key: &str) -> Option<At<'d>> {
        let value = self.value.as_object()?.get(key)?;
        self.below(key, value)
    }

    /// The value below several keys.
    pub fn path(&self, keys: &[&str]) -> Option<At<'d>> {
        keys.iter().try_fold(self.clone(), |at, key| at.get(key))
    }

    /// The members of a map, in the order of the file; none for anything else.
    pub fn members(&self) -> Vec<(&'d str, At<'d>)> {
        let members = self.value.as_object().into_iter().flatten();
        members.filter_map(|(key, value)| Some((key.as_str(), self.below(key, value)?))).collect()
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> Vec<At<'d>> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.filter_map(|(index, value)| self.below(&index.to_string(), value)).collect()
    }

    /// A text below a key.
    pub fn text(&self, key: &str) -> Option<&'d str> {
        self.value.as_object()?.get(key)?.as_str()
    }

    /// The texts of a list below a key.
    pub fn texts(&self, key: &str) -> Vec<&'d str> {
        let list = self.value.as_object().and_then(|map| map.get(key)?.as_array());
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// True if a key is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.value.as_object().and_then(|map| map.get(key)) == Some(&Value::Bool(true))
    }

    /// The value itself, or that to which its `$ref` leads.
    pub fn resolved(&self) -> Result<At<'d>, Broken> {
        let mut at = self.clone();
        for _ in 0..MAX_HOPS {
            let Some(reference) = at.text("$ref") else { return Ok(at) };
            at = at.follow(reference)?;
        }
        Err(Broken("references that lead to each other".to_owned()))
    }

    /// The value that a reference in this place means.
    fn follow(&self, reference: &str) -> Result<At<'d>, Broken> {
        let shown: String = reference.chars().take(MAX_SHOWN).collect();
        if reference.len() > MAX_POINTER || !self.spend(1 + reference.len() / BYTES_A_STEP) {
            return Err(Broken(format!("`{shown}` leads too far")));
        }
        let (name, pointer) = target(&self.documents.files[self.file].name, reference).map_err(Broken)?;
        let Some(file) = self.documents.by_name.get(&name) else {
            let reason = self.documents.missing.get(&name).map_or("it was not read", String::as_str);
            return Err(Broken(format!("`{shown}`: {reason}")));
        };
        let whole = At::whole(self.documents, *file);
        match whole.value.pointer(&pointer) {
            Some(value) => Ok(At { pointer, value, ..whole }),
            None => Err(Broken(format!("`{shown}` leads nowhere"))),
        }
    }

    /// The last segment of the pointer, unescaped; the stem of the file where the value is a whole file.
    pub fn name(&self) -> String {
        if let Some((_, last)) = self.pointer.rsplit_once('/') {
            return last.replace("~1", "/").replace("~0", "~");
        }
        let name = self.file_name().rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default().to_owned()
    }

    /// The name of the file.
    pub fn file_name(&self) -> &'d str {
        &self.documents.files[self.file].name
    }

    /// Counts work on this value; false once the document took too much.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        self.documents.spend(steps)
    }

    fn below(&self, key: &str, value: &'d Value) -> Option<At<'d>> {
        let length = self.pointer.len() + key.len() + 1;
        if length > MAX_POINTER || !self.spend(1 + length / BYTES_A_STEP) {
            return None;
        }
        let pointer = if key.contains(['~', '/']) {
            format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1"))
        } else {
            format!("{}/{key}", self.pointer)
        };
        Some(At { documents: self.documents, file: self.file, pointer, value })
    }
}
