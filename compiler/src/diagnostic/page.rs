//! The page of a rule: what explains it to people.
//!
//! Each stage writes the pages of its rules beside them; a test executes every example.

/// The page of a rule: what `keyway explain` prints and the book shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// One sentence; begins "Checks for".
    pub checks: &'static str,
    /// Why it matters: a paragraph or two of Markdown.
    pub why: &'static str,
    /// A catalogue in which the rule finds exactly one thing. What stands after a line [`OVERLAY`] is laid over it, and
    /// it is compared with what stands after a line [`AGAINST`].
    pub fails: &'static str,
    /// The same catalogue, mended: this rule finds nothing in it, and no other more than a note.
    pub mended: &'static str,
}

/// The line of an example from which on it is another file, laid over the one above.
pub const OVERLAY: &str = "# overlay.yaml\n";

/// The line of an example from which on its comments are lines of another catalogue, to compare with.
pub const AGAINST: &str = "# against/other.jsonl\n";

impl Page {
    /// The files of an example: the catalogue, and what is laid over it.
    pub fn files(example: &str) -> (&str, Option<&str>) {
        example.split_once(OVERLAY).map_or((example, None), |(catalogue, overlay)| (catalogue, Some(overlay)))
    }

    /// The lines of the other catalogue that an example is compared with.
    pub fn against(example: &str) -> String {
        let lines = example.split_once(AGAINST).map_or("", |(_, lines)| lines).lines();
        lines.filter_map(|line| line.strip_prefix("# ")).fold(String::new(), |text, line| text + line + "\n")
    }
}

/// A catalogue of one entry for a page: the keys that describe it, then the rest.
macro_rules! acme {
    ($($rest:expr),+) => {
        concat!(
            "acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n",
            $($rest),+
        )
    };
}
pub(crate) use acme;
