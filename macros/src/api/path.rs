//! `/repos/{owner}/issues`: the path of an endpoint, in its pieces.
//!
//! Text in, pieces out. Whether an argument of a name exists is not known here.

/// A piece of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text, sent as it is.
    Text(String),
    /// The name of an argument.
    Value(String),
    /// The name of an argument that keeps its slashes: `{path*}`.
    Rest(String),
}

impl Piece {
    /// The name of the argument that it is.
    pub(super) fn name(&self) -> Option<&String> {
        match self {
            Piece::Text(_) => None,
            Piece::Value(name) | Piece::Rest(name) => Some(name),
        }
    }
}

/// The pieces of a path, or why it is none and what to write.
pub(super) fn parse(path: &str) -> Result<Vec<Piece>, String> {
    if path.contains("://") {
        return Err("leave the host out: the provider's base URL comes first, so write what follows it".to_owned());
    }
    if !path.starts_with('/') {
        return Err(format!("a path begins with `/`: write `\"/{path}\"`"));
    }
    if let Some(sign) = path.chars().find(|sign| *sign == '#' || *sign == '\\' || !sign.is_ascii_graphic()) {
        return Err(format!("a path cannot hold `{}`: percent-encode it", sign.escape_default()));
    }
    let pieces = pieces(path)?;
    let literal = path.split('?').next().unwrap_or_default();
    if literal.split('/').any(|part| matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")) {
        return Err("a path has no `.` or `..` in it: write where it leads".to_owned());
    }
    Ok(pieces)
}

fn pieces(path: &str) -> Result<Vec<Piece>, String> {
    let (mut pieces, mut rest) = (Vec::new(), path);
    while let Some(at) = rest.find(['{', '}']) {
        let (text, behind) = rest.split_at(at);
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        let Some(behind) = behind.strip_prefix('{') else {
            return Err("there is a `}` without its `{`: write `{name}`".to_owned());
        };
        let Some((name, after)) = behind.split_once('}') else {
            return Err(format!("there is a `{{` without its `}}`: write `{{{}}}`", word(behind)));
        };
        let (name, is_rest) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        if name.is_empty() || word(name) != name {
            let name = behind.split_once('}').map_or(name, |(name, _)| name);
            return Err(format!("`{{{name}}}` is not the name of an argument: write `{{id}}`"));
        }
        if path.get(..path.len() - behind.len()).is_some_and(|before| before.contains('?')) {
            return Err(format!(
                "`{{{name}}}` stands in the query: mark the argument `{name}` with `#[query]` instead"
            ));
        }
        let piece = if is_rest { Piece::Rest } else { Piece::Value };
        pieces.push(piece(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// The identifier that a text begins with, or `id`.
fn word(text: &str) -> &str {
    let end = text.find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_')).unwrap_or(text.len());
    match text.get(..end) {
        Some(word) if word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') => word,
        _ => "id",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_text_and_values() {
        let shown = |path: &str| {
            let pieces = parse(path).unwrap().into_iter().map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Value(name) => format!("<{name}>"),
                Piece::Rest(name) => format!("<{name}/..>"),
            });
            pieces.collect::<Vec<_>>().join(" ")
        };
        for (path, expected) in [
            ("/", "/"),
            ("/user", "/user"),
            ("/repos/{owner}/{repo}/issues", "/repos/ <owner> / <repo> /issues"),
            ("/{a}{b}.json", "/ <a> <b> .json"),
            ("/contents/{path*}", "/contents/ <path/..>"),
            ("/search?type=repo", "/search?type=repo"),
        ] {
            assert_eq!(shown(path), expected);
        }
    }

    #[test]
    fn what_is_no_path_says_what_to_write() {
        for (path, expected) in [
            ("user", "a path begins with `/`: write `\"/user\"`"),
            ("", "a path begins with `/`: write `\"/\"`"),
            (
                "https://a.example/x",
                "leave the host out: the provider's base URL comes first, so write what follows it",
            ),
            ("/a b", "a path cannot hold ` `: percent-encode it"),
            ("/a#b", "a path cannot hold `#`: percent-encode it"),
            ("/\u{fc}", "a path cannot hold `\\u{fc}`: percent-encode it"),
            ("/a/../b", "a path has no `.` or `..` in it: write where it leads"),
            ("/%2E%2e/b", "a path has no `.` or `..` in it: write where it leads"),
            ("/{", "there is a `{` without its `}`: write `{id}`"),
            ("/{owner/x", "there is a `{` without its `}`: write `{owner}`"),
            ("/owner}", "there is a `}` without its `{`: write `{name}`"),
            ("/{}", "`{}` is not the name of an argument: write `{id}`"),
            ("/{*}", "`{*}` is not the name of an argument: write `{id}`"),
            ("/{*a}", "`{*a}` is not the name of an argument: write `{id}`"),
            ("/{a-b}", "`{a-b}` is not the name of an argument: write `{id}`"),
            ("/x?q={q}", "`{q}` stands in the query: mark the argument `q` with `#[query]` instead"),
        ] {
            assert_eq!(parse(path), Err(expected.to_owned()), "{path}");
        }
    }
}
