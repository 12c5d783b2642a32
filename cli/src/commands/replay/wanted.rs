//! The samples that an entry should have, and has not.

use super::folder;
use crate::commands::format::{self, Format};
use crate::commands::plural;
use crate::exit::{Failure, written};
use crate::terminal::say;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::TokenFrom;
use keyway_trial::sample::SampleKind;
use serde_json::json;
use std::path::Path;

/// An entry with the kinds that it wants, and those that it lacks.
pub(super) struct Row {
    key: &'static str,
    wants: Vec<SampleKind>,
    lacks: Vec<SampleKind>,
}

/// One row for each entry that describes an answer.
pub(super) fn rows(specs: &[&'static ProviderSpec], samples: &Path) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for spec in specs {
        let read = folder::read(&samples.join(spec.key))?;
        let wants = wants(spec);
        let has = |kind: &SampleKind| read.samples.iter().any(|sample| sample.kind == *kind);
        let lacks = wants.iter().copied().filter(|kind| !has(kind)).collect();
        rows.push(Row { key: spec.key, wants, lacks });
    }
    Ok(rows)
}

/// The answers that an entry describes: what it says of one can be wrong.
fn wants(spec: &ProviderSpec) -> Vec<SampleKind> {
    let proxy = spec.proxy.as_ref();
    let names_a_wait = proxy.is_some_and(|proxy| {
        let retry = proxy.retry;
        !retry.at.is_empty() || !retry.after.is_empty() || retry.in_body.is_some()
    });
    let described = [
        (SampleKind::Token, matches!(spec.auth.facts().token, TokenFrom::Consent | TokenFrom::Exchange)),
        (SampleKind::Refused, proxy.is_some_and(|proxy| proxy.verification.is_some())),
        (SampleKind::Page, proxy.is_some_and(|proxy| proxy.paginate.is_some())),
        (SampleKind::Limited, names_a_wait),
    ];
    described.into_iter().filter_map(|(kind, described)| described.then_some(kind)).collect()
}

/// That an entry has no sample, and which ones it should have.
pub(super) fn none(spec: &ProviderSpec, samples: &Path) -> String {
    let folder = samples.join(spec.key);
    let files: Vec<String> = wants(spec)
        .into_iter()
        .map(|kind| format!("`{}`", folder.join(format!("{}.http", kind.name())).display()))
        .collect();
    let key = spec.key;
    let write = match files.as_slice() {
        [] => return format!("`{key}` has no samples, and describes no answer that one could show"),
        [one] => format!("write {one}"),
        [before @ .., last] => format!("write one to {} or {last}", before.join(", ")),
    };
    format!("`{key}` has no samples: {write}; `keyway replay --help` shows how")
}

/// Prints those that lack one, and how many there are of each kind.
pub(super) fn print(rows: &[Row], format: Format) -> Result<(), Failure> {
    let names = |kinds: &[SampleKind]| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>();
    let width = rows.iter().map(|row| row.key.len()).max().unwrap_or(0);
    let lacking = rows.iter().filter(|row| !row.lacks.is_empty());
    written(format::print(
        lacking,
        format,
        |row| format!("{:width$}  {}", row.key, names(&row.lacks).join(", ")),
        |row| json!({ "provider": row.key, "wants": names(&row.wants), "lacks": names(&row.lacks) }),
    ))?;
    for kind in SampleKind::ALL {
        let wanted = rows.iter().filter(|row| row.wants.contains(&kind)).count();
        let there = wanted - rows.iter().filter(|row| row.lacks.contains(&kind)).count();
        if wanted > 0 {
            say(&format!("{}: {there} of {}", kind.name(), plural(wanted, "entry", "entries")));
        }
    }
    Ok(())
}
