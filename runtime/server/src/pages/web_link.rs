//! Links of an entry, as pages show them.

/// The address of a link that a person may follow: a page of the web, never `javascript:` or the like.
pub(crate) fn web_link(page: &str, section: &str) -> Option<String> {
    page.starts_with("https://").then(|| format!("{page}{section}"))
}
