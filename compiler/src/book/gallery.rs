//! The table of all providers. A script of the book filters its rows by what their cells say.
//!
//! A provider is one line, and no line says anything about the others, so entries that are added side by side change
//! no common line.

use super::cell;
use super::samples::{Samples, kinds};
use crate::emit::plain;
use keyway_portrait::described::described;
use keyway_spec::{HostClass, HostSet, ProviderSpec};
use std::fmt::Write as _;

/// The page.
pub(super) fn page(specs: &[&ProviderSpec], samples: &Samples) -> String {
    let mut text = INTRO.to_owned();
    for spec in specs {
        text += &row(spec, samples);
    }
    text + "\n</div>\n"
}

const INTRO: &str = "# Providers

Each has a page with the flow as a picture, the form that customers see, where its credential may go, and code to copy.
*Described* is what the entry says besides how to sign in; *samples* are answers of the vendor's that are kept and replayed.

<div id=\"kw-providers\">

| provider | mode | categories | API | described | samples |
|---|---|---|---|---|---|
";

fn row(spec: &ProviderSpec, samples: &Samples) -> String {
    let described = described(spec).into_iter().filter(|fact| fact.words.is_some()).map(|fact| fact.name);
    let kinds = samples.get(spec.key).map(|samples| kinds(samples)).unwrap_or_default();
    let mut row = String::new();
    let _ = writeln!(
        row,
        "| [{}]({}) `{}` | `{}` | {} | {} | {} | {} |",
        cell(&plain(spec.display_name)),
        file(spec.key),
        spec.key,
        spec.auth.mode(),
        spec.categories.iter().map(|category| cell(&plain(category))).collect::<Vec<_>>().join(", "),
        class(&spec.hosts.api),
        described.collect::<Vec<_>>().join(", "),
        kinds.join(", "),
    );
    row
}

/// The file of a provider's page. The table of all providers has the name of an entry that is called `index`.
pub(super) fn file(key: &str) -> String {
    if key == "index" { "index_.md".to_owned() } else { format!("{key}.md") }
}

/// The class of a set of hosts, in a word.
pub(super) fn class(set: &HostSet) -> &'static str {
    match set.class() {
        _ if set.patterns().is_empty() => "none",
        HostClass::Fixed => "fixed",
        HostClass::Confined => "confined",
        HostClass::Open => "open",
    }
}
