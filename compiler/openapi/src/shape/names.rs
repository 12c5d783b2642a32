//! The names of types. They depend on the document, not on which of its operations are written: every schema that the
//! document names has its name before any other type may take it.

use super::labels::numbered;
use crate::read::At;
use keyway_compiler::lower::names::{camel, escape};
use std::collections::{HashMap, HashSet};

/// Names that what is written relies on, those of the prelude, and those by which `#[api]` knows the runtime's answers.
const RESERVED: [&str; 37] = [
    "Answer",
    "Any",
    "BTreeMap",
    "Box",
    "Bytes",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Download",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "Pages",
    "PartialEq",
    "Response",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Unpin",
    "Vec",
    "Value",
];

/// Characters of a name, at most: those of types that have none of their own grow with each member on the way.
const MAX_NAME: usize = 240;

/// The names that are taken.
#[derive(Debug)]
pub struct TypeNames {
    declared: HashMap<String, String>,
    taken: HashSet<String>,
    given: HashSet<String>,
}

impl TypeNames {
    /// The names of a document's schemas. `own` are the names of the written file itself.
    pub fn new(root: &At<'_>, own: &[&str]) -> TypeNames {
        let taken = RESERVED.iter().chain(own).map(|name| (*name).to_owned()).collect();
        let mut names = TypeNames { declared: HashMap::new(), taken, given: HashSet::new() };
        for holder in [root.path(&["components", "schemas"]), root.get("definitions")].iter().flatten() {
            for (name, at) in holder.members() {
                let given = names.free(&camel(name));
                names.declared.insert(at.pointer, given);
            }
        }
        names
    }

    /// The name of the type of a schema: its own where the document gives it one, else one made of where it is used.
    pub fn take(&mut self, at: &At<'_>, hint: &str, suffix: &str) -> String {
        let declared = self.declared.get(&at.pointer).filter(|_| at.file == 0).cloned();
        match declared {
            // A schema that becomes two types gives its name to the first.
            Some(name) if suffix.is_empty() && self.given.insert(at.pointer.clone()) => name,
            Some(name) if !suffix.is_empty() => self.free(&format!("{name}{suffix}")),
            None if is_declaration(at) => self.free(&format!("{}{suffix}", camel(&at.name()))),
            Some(_) | None => self.free(hint),
        }
    }

    /// The name of a schema inside of one that has a name: that, and the members on the way.
    pub fn inside(&self, at: &At<'_>) -> Option<String> {
        let depth = if at.pointer.starts_with("/components/") { 4 } else { 3 };
        let end = at.pointer.match_indices('/').nth(depth - 1).map(|(end, _)| end)?;
        let mut name = self.declared.get(&at.pointer[..end]).filter(|_| at.file == 0)?.clone();
        let mut parts = at.pointer[end + 1..].split('/');
        while let Some(part) = parts.next() {
            match part {
                "properties" => name.push_str(&camel(parts.next().unwrap_or_default())),
                "items" => name.push_str("Item"),
                _ => {}
            }
        }
        Some(name)
    }

    /// A name like this one that is free. It is taken by that.
    pub fn free(&mut self, base: &str) -> String {
        let base = escape(&base.chars().take(MAX_NAME).collect::<String>());
        let base = if RESERVED.contains(&base.as_str()) { format!("{base}Type") } else { base };
        if self.taken.insert(base.clone()) {
            return base;
        }
        let joint = if base.ends_with(|last: char| last.is_ascii_digit()) { "_" } else { "" };
        numbered(&mut self.taken, joint, &base)
    }
}

/// True if a schema is a file of its own, or stands where a document declares schemas.
fn is_declaration(at: &At<'_>) -> bool {
    let parts: Vec<&str> = at.pointer.split('/').skip(1).collect();
    matches!(parts.as_slice(), [] | [_] | ["components", _, _] | ["definitions", _])
}
