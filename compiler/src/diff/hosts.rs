//! Where requests go.
//!
//! The hosts of a use are those of the spec's host sets; the path is that of `proxy.base_url` as it is written.
//! No URL is parsed here.

use super::side::{Pair, Side};
use super::{Change, Kind};
use crate::spec::trace::{Reached, Use, reached};
use std::collections::BTreeSet;

/// Changes of hosts, by use, and of the base path.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Change> {
    let (old, new) = (urls(&pair.old), urls(&pair.new));
    let mut changes: Vec<Change> =
        Use::ALL.into_iter().filter_map(|purpose| hosts(pair, purpose, &old, &new)).collect();
    changes.extend(base_path(pair));
    changes
}

fn urls(side: &Side<'_>) -> Vec<Reached> {
    side.provider.map(reached).unwrap_or_default()
}

fn hosts(pair: &Pair<'_>, purpose: Use, old: &[Reached], new: &[Reached]) -> Option<Change> {
    let (before, after) = (of(purpose, old), of(purpose, new));
    let gone: Vec<&String> = before.difference(&after).collect();
    let added: Vec<&String> = after.difference(&before).collect();
    let use_name = purpose.name();
    let (kind, message, urls) = match (gone.as_slice(), added.as_slice()) {
        ([], []) => return None,
        ([], added) => (Kind::HostAdded, format!("`{use_name}` also reaches {}", list(added)), new),
        (gone, []) => (Kind::HostChanged, format!("`{use_name}` no longer reaches {}", list(gone)), old),
        (gone, added) => {
            (Kind::HostChanged, format!("`{use_name}` reached {} and reaches {}", list(gone), list(added)), new)
        }
    };
    let changed = |reached: &&Reached| {
        reached.purpose == purpose
            && reached.hosts.iter().any(|host| {
                let host = host.to_string();
                gone.contains(&&host) || added.contains(&&host)
            })
    };
    let path: Vec<&str> = urls.iter().find(changed).into_iter().flat_map(|url| &url.path).map(String::as_str).collect();
    Some(pair.change(kind, &path, message))
}

fn of(purpose: Use, urls: &[Reached]) -> BTreeSet<String> {
    let urls = urls.iter().filter(|url| url.purpose == purpose);
    urls.flat_map(|url| &url.hosts).map(ToString::to_string).collect()
}

fn list(hosts: &[&String]) -> String {
    let shown: Vec<String> = hosts.iter().take(3).map(|host| format!("`{host}`")).collect();
    let more = hosts.len().saturating_sub(3);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn base_path(pair: &Pair<'_>) -> Option<Change> {
    let path = ["proxy", "base_url"];
    let (old, new) = (pair.old.text(&path)?, pair.new.text(&path)?);
    let (before, after) = (path_of(old), path_of(new));
    let message = || format!("the base path was `{before}` and is `{after}`");
    (before != after).then(|| pair.change(Kind::BasePathChanged, &path, message()))
}

/// What stands behind the authority; a slash at the end is none.
fn path_of(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.find('/').and_then(|at| behind.get(at..)).unwrap_or("/").trim_end_matches('/')
}
