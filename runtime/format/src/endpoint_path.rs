//! `/repos/{owner}/issues`: the path of an operation, in its pieces.
//!
//! The compiler checks with it, the runtime fills in with it. Whether a parameter of a name exists is not known here.

use std::ops::Range;

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPiece<'p> {
    /// Text, sent as it is.
    Text(&'p str),
    /// The name of a value that stays inside its segment: `{owner}`.
    Value(&'p str),
    /// The name of a value that keeps its slashes: `{path*}`.
    Rest(&'p str),
}

impl<'p> PathPiece<'p> {
    /// The name of the value that it is.
    pub fn name(self) -> Option<&'p str> {
        match self {
            PathPiece::Text(_) => None,
            PathPiece::Value(name) | PathPiece::Rest(name) => Some(name),
        }
    }
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathFault {
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
    /// The fault, in words.
    pub message: String,
    /// The way to write it instead.
    pub help: String,
}

/// The pieces of a path with the bytes that each has, braces included; or its first fault.
pub fn parse(path: &str) -> Result<Vec<(Range<usize>, PathPiece<'_>)>, PathFault> {
    if let Some(end) = path.find("://") {
        return Err(fault(
            0..end + 3,
            "a path names no host",
            "leave the host out: `proxy.base_url` comes first, so write what follows it, beginning with `/`",
        ));
    }
    if !path.starts_with('/') {
        return Err(fault(0..path.len(), "a path begins with `/`", format!("write `/{path}`")));
    }
    if path.starts_with("//") {
        return Err(fault(0..2, "`//` begins the name of a host", "begin with one `/`"));
    }
    for (at, sign) in path.char_indices() {
        let range = at..at + sign.len_utf8();
        match sign {
            '?' | '#' => {
                return Err(fault(
                    at..path.len(),
                    format!("a path ends before its `{sign}`"),
                    "list parameters under `query`",
                ));
            }
            '\\' => return Err(fault(range, "a path cannot hold `\\`", "percent-encode it: `%5C`")),
            _ if !sign.is_ascii_graphic() => {
                let shown = sign.escape_default();
                return Err(fault(range, format!("a path cannot hold `{shown}`"), "percent-encode it"));
            }
            _ => {}
        }
    }
    if let Some(range) = upwards(path) {
        return Err(fault(range, "a path has no `.` or `..` in it", "write where it leads"));
    }
    pieces(path)
}

/// A segment that leads to itself or up.
fn upwards(path: &str) -> Option<Range<usize>> {
    let mut start = 0;
    path.split('/').find_map(|segment| {
        let range = start..start + segment.len();
        start = range.end + 1;
        matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..").then_some(range)
    })
}

fn pieces(path: &str) -> Result<Vec<(Range<usize>, PathPiece<'_>)>, PathFault> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(rest) = path.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(open) = rest.find(['{', '}']) else {
            pieces.push((at..path.len(), PathPiece::Text(rest)));
            break;
        };
        let (text, behind) = rest.split_at(open);
        if !text.is_empty() {
            pieces.push((at..at + open, PathPiece::Text(text)));
        }
        at += open;
        if behind.starts_with('}') {
            return Err(fault(at..at + 1, "a `}` without its `{`", "write `{name}`"));
        }
        if text.ends_with('$') {
            return Err(fault(
                at - 1..at + 1,
                "`${...}` is no part of a path: a caller gives its values",
                "write `{name}`",
            ));
        }
        let Some(end) = behind.find('}') else {
            return Err(fault(at..path.len(), "a `{` without its `}`", "write `{name}`"));
        };
        let range = at..at + end + 1;
        let inner = behind.get(1..end).unwrap_or_default();
        let (name, is_rest) = inner.strip_suffix('*').map_or((inner, false), |name| (name, true));
        if !is_name(name) {
            let help = "write a letter and then letters, digits, `_` and `-`: `{issue_number}`";
            return Err(fault(range, format!("`{{{inner}}}` names no value"), help));
        }
        at = range.end;
        pieces.push((range, if is_rest { PathPiece::Rest(name) } else { PathPiece::Value(name) }));
    }
    Ok(pieces)
}

/// True if a path is one of a template's: each value takes something. What is no template fits nothing.
pub fn fits(template: &str, path: &str) -> bool {
    parse(template).is_ok_and(|pieces| {
        let pieces: Vec<PathPiece<'_>> = pieces.into_iter().map(|(_, piece)| piece).collect();
        all_fit(&pieces, path)
    })
}

/// The depth is that of the pieces, of which a template has a few.
fn all_fit(pieces: &[PathPiece<'_>], path: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return path.is_empty() };
    let end = match first {
        PathPiece::Text(text) => return path.strip_prefix(text).is_some_and(|behind| all_fit(rest, behind)),
        PathPiece::Rest(_) => path.len(),
        PathPiece::Value(_) => path.find('/').unwrap_or(path.len()),
    };
    (1..=end).any(|at| path.get(at..).is_some_and(|behind| all_fit(rest, behind)))
}

/// True if a text can name a value of a path: `^[A-Za-z_][A-Za-z0-9_-]*$`.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

fn fault(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> PathFault {
    PathFault { range, message: message.into(), help: help.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_text_and_values() {
        let shown = |path: &str| {
            let pieces = parse(path).unwrap().into_iter().map(|(range, piece)| match piece {
                PathPiece::Text(text) => text.to_owned(),
                PathPiece::Value(name) => format!("<{name}>@{}", range.start),
                PathPiece::Rest(name) => format!("<{name}/..>@{}", range.start),
            });
            pieces.collect::<Vec<_>>().join(" ")
        };
        for (path, expected) in [
            ("/", "/"),
            ("/user", "/user"),
            ("/repos/{owner}/{repo}/issues", "/repos/ <owner>@7 / <repo>@15 /issues"),
            ("/{a}{b-c}.json", "/ <a>@1 <b-c>@4 .json"),
            ("/contents/{path*}", "/contents/ <path/..>@10"),
            ("/a%20b/$count", "/a%20b/$count"),
        ] {
            assert_eq!(shown(path), expected);
        }
    }

    #[test]
    fn a_path_fits_a_template_where_each_value_takes_something() {
        for (template, path, expected) in [
            ("/user", "/user", true),
            ("/user", "/users", false),
            ("/repos/{owner}/{repo}", "/repos/a/b", true),
            ("/repos/{owner}/{repo}", "/repos/a", false),
            ("/repos/{owner}/{repo}", "/repos/a/", false),
            ("/repos/{owner}/{repo}", "/repos/a/b/c", false),
            ("/{a}{b-c}.json", "/xy.json", true),
            ("/{a}{b-c}.json", "/x.json", false),
            ("/{a}.json", "/x.json.json", true),
            ("/{a}.json", "/x.xml", false),
            ("/contents/{path*}", "/contents/a/b", true),
            ("/contents/{path*}", "/contents/", false),
            ("/contents/{path*}/raw", "/contents/a/b/raw", true),
            ("/{a}", "/\u{fc}", true),
            ("{a", "{a", false),
        ] {
            assert_eq!(fits(template, path), expected, "{template} {path}");
        }
    }

    #[test]
    fn what_is_no_path_is_told_with_its_bytes() {
        for (path, at, message) in [
            ("", 0..0, "a path begins with `/`"),
            ("user", 0..4, "a path begins with `/`"),
            ("https://a.example/x", 0..8, "a path names no host"),
            ("//a.example/x", 0..2, "`//` begins the name of a host"),
            ("/a b", 2..3, "a path cannot hold ` `"),
            ("/\u{fc}", 1..3, "a path cannot hold `\\u{fc}`"),
            ("/a\\b", 2..3, "a path cannot hold `\\`"),
            ("/a?b=c", 2..6, "a path ends before its `?`"),
            ("/a#b", 2..4, "a path ends before its `#`"),
            ("/a/../b", 3..5, "a path has no `.` or `..` in it"),
            ("/%2E%2e/b", 1..7, "a path has no `.` or `..` in it"),
            ("/a/.", 3..4, "a path has no `.` or `..` in it"),
            ("/{", 1..2, "a `{` without its `}`"),
            ("/{owner/x", 1..9, "a `{` without its `}`"),
            ("/owner}", 6..7, "a `}` without its `{`"),
            ("/{}", 1..3, "`{}` names no value"),
            ("/{*}", 1..4, "`{*}` names no value"),
            ("/{1a}", 1..5, "`{1a}` names no value"),
            ("/{a{b}}", 1..6, "`{a{b}` names no value"),
            ("/${connectionConfig.x}", 1..3, "`${...}` is no part of a path: a caller gives its values"),
        ] {
            let found = parse(path).unwrap_err();
            assert_eq!((found.range, found.message.as_str()), (at, message), "{path}");
        }
    }
}
