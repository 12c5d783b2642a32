//! The changes of a URL, in words: its scheme, its path, or else both texts.
//!
//! Works on the texts as they are written; whether the change matters was decided before.

use super::ChangeKind;

/// The changes of a URL. Where only the host differs and `host_is_told`, nothing is left to say.
pub(super) fn changes(
    what: &str,
    old: &str,
    new: &str,
    is_base: bool,
    host_is_told: bool,
) -> Vec<(ChangeKind, String)> {
    let mut found = Vec::new();
    let ((old_scheme, old_path), (new_scheme, new_path)) = (parts(old), parts(new));
    if let (Some(before), Some(after)) = (old_scheme, new_scheme)
        && before != after
    {
        found.push((ChangeKind::SchemeChanged, format!("the scheme of {what} was `{before}` and is `{after}`")));
    }
    if old_path != new_path && is_base {
        found.push((ChangeKind::BasePathChanged, format!("the base path was `{old_path}` and is `{new_path}`")));
    } else if old_path != new_path {
        found.push((ChangeKind::UrlChanged, format!("the path of {what} was `{old_path}` and is `{new_path}`")));
    }
    if found.is_empty() && !host_is_told && old == new {
        found.push((ChangeKind::UrlChanged, format!("{what} is written as it was and gives something else")));
    } else if found.is_empty() && !host_is_told {
        found.push((ChangeKind::UrlChanged, format!("{what} was `{old}` and is `{new}`")));
    }
    found
}

/// The scheme, and what stands after the authority; a slash at the end is none.
fn parts(url: &str) -> (Option<&str>, &str) {
    let (scheme, behind) = url.split_once("://").map_or((None, url), |(scheme, behind)| (Some(scheme), behind));
    let path = behind.find('/').and_then(|at| behind.get(at..)).unwrap_or("/").trim_end_matches('/');
    (scheme, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_changed_is_said() {
        for (old, new, told, expected) in [
            (
                "https://a.example/v1",
                "http://a.example/v1",
                false,
                &["the scheme of `u` was `https` and is `http`"][..],
            ),
            ("https://a.example/v1", "https://b.example/v2", true, &["the path of `u` was `/v1` and is `/v2`"]),
            ("https://a.example/v1", "https://b.example/v1", true, &[]),
            (
                "https://${a}.example",
                "https://${b}.example",
                false,
                &["`u` was `https://${a}.example` and is `https://${b}.example`"],
            ),
        ] {
            let said: Vec<String> = changes("`u`", old, new, false, told).into_iter().map(|(_, said)| said).collect();
            assert_eq!(said, expected);
        }
    }
}
