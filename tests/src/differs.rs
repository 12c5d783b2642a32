//! In what an entry differs from the original catalogue's of the same key, and why: two files of `fixtures/KEY`.
//!
//! `differs.tsv` is about facts. `facts.rs` holds its lines against both catalogues: each difference has one, and each
//! is about a difference. `recorded.tsv` is about places of a recorded request, as `token.header.content-type`, at
//! which the entries agree and the first implementation sends something else: `tests/tests/vectors/own`.

use crate::source::workspace_root;

/// A line: one fact, or all that begin alike.
#[derive(Clone, Debug)]
pub struct DiffersLine {
    /// The entry.
    pub key: String,
    /// The path of the fact, as `proxy.base_url`, or the place; may end in `*`.
    pub fact: String,
    /// The reason, a sentence.
    pub reason: String,
    /// The page that says so; `-` where only the other project's code reads the fact.
    pub page: String,
}

impl DiffersLine {
    /// True if the line is about the fact of a path.
    pub fn covers(&self, fact: &str) -> bool {
        match self.fact.strip_suffix('*') {
            Some(start) => fact.starts_with(start),
            None => self.fact == fact,
        }
    }
}

/// The lines of all files of a name, with the folder of each.
///
/// # Panics
/// Where a file cannot be read, or a line has not four parts.
pub fn lines(file: &str) -> Vec<(String, DiffersLine)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(workspace_root().join("fixtures")).unwrap_or_else(|error| panic!("{error}")) {
        let folder = entry.unwrap_or_else(|error| panic!("{error}")).path();
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else { continue };
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for line in text.lines() {
            let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let Ok([key, fact, reason, page]) = <[String; 4]>::try_from(parts) else {
                panic!("{}/{file}: `{line}` has not four parts", folder.display())
            };
            all.push((name.clone(), DiffersLine { key, fact, reason, page }));
        }
    }
    all
}
