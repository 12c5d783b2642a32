//! The vendors' answers that are kept of a provider, as files: a table of its page.

use super::cell;
use crate::emit::plain;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The samples of each provider, by its key.
pub type Samples = BTreeMap<String, Vec<SampleFile>>;

/// An answer of a vendor's that is kept as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// The file's name: `token.http`.
    pub name: String,
    /// The kind of request that it answers: `token`.
    pub kind: &'static str,
    /// The page that prints it.
    pub source: String,
}

/// The section of a provider; nothing where there is no sample.
pub(super) fn section(samples: &[SampleFile]) -> String {
    if samples.is_empty() {
        return String::new();
    }
    let mut text = "
## Samples

Answers of the vendor's, retyped or redacted. `keyway replay` reads each through the real runtime.
A walk (`keyway simulate`) shows only that the entry agrees with itself.

| sample | from |
|---|---|
"
    .to_owned();
    for sample in samples {
        let is_link = sample.source.starts_with("https://") && !sample.source.contains(['<', '>', ' ', '`']);
        let source = if is_link { format!("<{}>", sample.source) } else { plain(&sample.source) };
        let _ = writeln!(text, "| {} | {} |", plain(&sample.name), cell(&source));
    }
    text
}

/// The kinds of a provider's samples, each once, in the order of their files.
pub(super) fn kinds(samples: &[SampleFile]) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for sample in samples {
        if !kinds.contains(&sample.kind) {
            kinds.push(sample.kind);
        }
    }
    kinds
}
