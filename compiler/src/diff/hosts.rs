//! Where requests go.
//!
//! The hosts of a use are those of the spec's host sets. One that a wider pattern of the other side covers is there.

use super::side::{CatalogueSide, Pair};
use super::{Change, ChangeKind};
use crate::lower::trace::{Reached, Use, reached};
use std::collections::BTreeSet;

/// Changes of hosts, by use.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Change> {
    let (old, new) = (urls(&pair.old), urls(&pair.new));
    Use::ALL.into_iter().filter_map(|purpose| hosts(pair, purpose, &old, &new)).collect()
}

fn urls(side: &CatalogueSide<'_>) -> Vec<Reached> {
    side.provider.map(reached).unwrap_or_default()
}

fn hosts(pair: &Pair<'_>, purpose: Use, old: &[Reached], new: &[Reached]) -> Option<Change> {
    let (before, after) = (of(purpose, old), of(purpose, new));
    let missing = |from: &BTreeSet<String>, host: &&String| !from.iter().any(|wider| covers(wider, host));
    let gone: Vec<&String> = before.iter().filter(|host| missing(&after, host)).collect();
    let added: Vec<&String> = after.iter().filter(|host| missing(&before, host)).collect();
    let use_name = purpose.name();
    let (kind, message, urls) = match (gone.as_slice(), added.as_slice()) {
        ([], []) => return None,
        ([], added) => (ChangeKind::HostAdded, format!("`{use_name}` also reaches {}", list(added)), new),
        (gone, []) => (ChangeKind::HostChanged, format!("`{use_name}` no longer reaches {}", list(gone)), old),
        (gone, added) => {
            (ChangeKind::HostChanged, format!("`{use_name}` reached {} and reaches {}", list(gone), list(added)), new)
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

/// True if every host of one pattern is one of the other; `*` stands for one character or more. The port is a part of
/// the text: the scheme's own is none, and `:*` is any.
fn covers(wider: &str, pattern: &str) -> bool {
    let split =
        |text: &str| text.split_once(':').map_or((text.to_owned(), None), |(h, p)| (h.to_owned(), Some(p.to_owned())));
    let ((wider, wide_port), (pattern, port)) = (split(wider), split(pattern));
    let same_port = wide_port == port || wide_port.as_deref() == Some("*");
    same_port && matches(wider.as_bytes(), pattern.as_bytes())
}

/// A star of the text is matched by a star only, which then stands for as much.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    // For each beginning of the text, whether the pattern so far matches it.
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for byte in pattern {
        let mut next = vec![false; text.len() + 1];
        let mut open = false;
        for (at, other) in text.iter().enumerate() {
            open |= reached.get(at).is_some_and(|is_reached| *is_reached);
            let fits = if *byte == b'*' { open } else { reached.get(at) == Some(&true) && byte == other };
            if let Some(slot) = next.get_mut(at + 1) {
                *slot = fits;
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wider_pattern_covers_a_narrower_one() {
        for (wider, pattern, expected) in [
            ("api.acme.com", "api.acme.com", true),
            ("*.acme.com", "api.acme.com", true),
            ("*.acme.com", "*.acme.com", true),
            ("*.acme.com", "*.eu.acme.com", true),
            ("*.eu.acme.com", "*.acme.com", false),
            ("*.acme.com", "acme.com", false),
            ("*.acme.com", ".acme.com", false),
            ("*-api.acme.com", "eu-api.acme.com", true),
            ("*.acme.com", "api.acme.com:8443", false),
            ("*:*", "api.acme.com:8443", true),
            ("*:*", "api.acme.com", true),
            ("api.acme.com:*", "api.acme.com:1", true),
        ] {
            assert_eq!(covers(wider, pattern), expected, "{wider} {pattern}");
        }
    }
}
