//! `keyway check --hosts`: where every URL of every entry can lead, and how much of the host a customer decides.
//!
//! One row for each URL on standard output, the counts by use on standard error. The class is the compiler's.

use super::format::{self, Format};
use super::plural;
use crate::exit::{Failure, written};
use crate::terminal::say;
use keyway_compiler::lower::trace::{Reached, Use, reached};
use keyway_compiler::model::Provider;
use keyway_compiler::pipeline::Checked;
use keyway_spec::HostClass;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A use of an entry and, where it names a host, one URL of it.
struct Row<'c> {
    provider: &'c str,
    purpose: Use,
    reached: Option<Reached>,
}

/// Prints the rows and says the counts.
pub(super) fn run(checked: &Checked, format: Format) -> Result<(), Failure> {
    let rows: Vec<Row<'_>> = checked.providers.iter().flat_map(|provider| rows(provider)).collect();
    let width = rows.iter().map(|row| row.provider.len()).max().unwrap_or_default();
    written(format::print(&rows, format, |row| line(row, width), |row| object(row)))?;
    say(&summary(checked, &rows));
    Ok(())
}

/// The URLs of an entry; an entry without an API host has a row that says so.
fn rows(provider: &Provider) -> Vec<Row<'_>> {
    let key = provider.key.name.as_str();
    let mut rows: Vec<Row<'_>> = reached(provider)
        .into_iter()
        .map(|reached| Row { provider: key, purpose: reached.purpose, reached: Some(reached) })
        .collect();
    if rows.iter().all(|row| row.purpose != Use::Api) {
        rows.push(Row { provider: key, purpose: Use::Api, reached: None });
    }
    rows.sort_by_key(|row| row.purpose);
    rows
}

fn line(row: &Row<'_>, width: usize) -> String {
    let (class, hosts, place) = match &row.reached {
        None => ("none", String::new(), "only hosts that the operator allows"),
        Some(reached) => (class(reached.class()), hosts(reached).join(" "), ""),
    };
    let place = row.reached.as_ref().map_or_else(|| place.to_owned(), place_of);
    let purpose = row.purpose.name();
    format!("{:width$}  {purpose:9}  {class:8}  {hosts}  {place}", row.provider)
}

fn object(row: &Row<'_>) -> Value {
    let reached = row.reached.as_ref();
    json!({
        "provider": row.provider,
        "use": row.purpose.name(),
        "class": class(reached.and_then(Reached::class)),
        "hosts": reached.map(hosts).unwrap_or_default(),
        "path": reached.map(|reached| reached.path.join(".")).filter(|path| !path.is_empty()),
        "url": reached.map(|reached| reached.url.as_str()).filter(|url| !url.is_empty()),
    })
}

fn hosts(reached: &Reached) -> Vec<String> {
    reached.hosts.iter().map(ToString::to_string).collect()
}

fn place_of(reached: &Reached) -> String {
    if reached.path.is_empty() { "the mode itself".to_owned() } else { reached.path.join(".") }
}

fn class(class: Option<HostClass>) -> &'static str {
    match class {
        Some(HostClass::Fixed) => "fixed",
        Some(HostClass::Confined) => "confined",
        Some(HostClass::Open) => "open",
        None => "none",
    }
}

/// `25 entries; authorize: 9 fixed, 2 confined; token: ...; api: 20 fixed, 3 confined, 2 open`: each entry once a use,
/// by the widest class of its URLs.
fn summary(checked: &Checked, rows: &[Row<'_>]) -> String {
    let mut text = plural(checked.keys.len(), "entry", "entries");
    for purpose in Use::ALL {
        let mut widest: Vec<(&str, Option<HostClass>)> = Vec::new();
        for row in rows.iter().filter(|row| row.purpose == purpose) {
            let class = row.reached.as_ref().and_then(Reached::class);
            match widest.last_mut().filter(|(provider, _)| *provider == row.provider) {
                Some((_, known)) => *known = class.max(*known),
                None => widest.push((row.provider, class)),
            }
        }
        let counts = [Some(HostClass::Fixed), Some(HostClass::Confined), Some(HostClass::Open), None].map(|of| {
            let count = widest.iter().filter(|(_, class)| *class == of).count();
            (count > 0).then(|| format!("{count} {}", class(of)))
        });
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        if !counts.is_empty() {
            let _ = write!(text, "; {}: {}", purpose.name(), counts.join(", "));
        }
    }
    match checked.keys.len() - checked.providers.len() {
        0 => text,
        unread => text + &format!("; {unread} could not be read, see `keyway check`"),
    }
}
