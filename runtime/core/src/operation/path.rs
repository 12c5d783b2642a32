//! The path of an operation, and its placeholders.

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathPart {
    /// The entry's own text.
    Text(&'static str),
    /// `{name}`: a segment, or a part of one.
    Segment(&'static str),
    /// `{name*}`: segments, with the slashes between them.
    Segments(&'static str),
}

/// The parts of a path. A brace without its partner is text.
pub(super) fn parts(path: &'static str) -> Vec<PathPart> {
    let (mut parts, mut rest) = (Vec::new(), path);
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        parts.push(PathPart::Text(before));
        parts.push(match name.strip_suffix('*') {
            Some(name) => PathPart::Segments(name),
            None => PathPart::Segment(name),
        });
        rest = after;
    }
    parts.push(PathPart::Text(rest));
    parts
}

/// The names of the placeholders, in order.
pub(super) fn placeholders(path: &'static str) -> impl Iterator<Item = &'static str> {
    parts(path).into_iter().filter_map(|part| match part {
        PathPart::Segment(name) | PathPart::Segments(name) => Some(name),
        PathPart::Text(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_in_braces() {
        for (path, expected) in [
            ("/user", &[][..]),
            ("/repos/{owner}/{repo}", &["owner", "repo"]),
            ("/repos/{repo}/contents/{path*}.json", &["repo", "path"]),
            ("/a/{b", &[]),
            ("", &[]),
        ] {
            assert_eq!(placeholders(path).collect::<Vec<_>>(), expected, "{path}");
        }
        let whole = parts("/a/{b*}/c");
        assert_eq!(whole, [PathPart::Text("/a/"), PathPart::Segments("b"), PathPart::Text("/c")]);
    }
}
