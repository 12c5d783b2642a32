//! The `Link` header (RFC 8288): the target of a relation.
//!
//! Strict: what is not a link ends the reading of that header line, and nothing is guessed. A link with an `anchor` is
//! about another resource and is passed over. Absent here: resolving the target, which may be relative.

use crate::response::uri_text;
use http::HeaderMap;
use http::header::LINK;

/// The target of the first link with the relation, as it was written.
pub fn target(headers: &HeaderMap, rel: &str) -> Option<String> {
    let lines: Vec<String> = headers.get_all(LINK).iter().map(uri_text).collect();
    lines.iter().flat_map(|line| Links(line)).find(|link| link.is(rel)).map(|link| link.target.to_owned())
}

/// A link as far as it is looked at.
struct Link<'h> {
    target: &'h str,
    rel: Option<String>,
    anchored: bool,
}

impl Link<'_> {
    /// Whether it is one of this relation: names are separated by spaces and know no case.
    fn is(&self, rel: &str) -> bool {
        let names = self.rel.as_deref().unwrap_or("").split_ascii_whitespace();
        !self.anchored && names.into_iter().any(|name| name.eq_ignore_ascii_case(rel))
    }
}

/// The links of one line, from the front; holds what is not read yet.
struct Links<'h>(&'h str);

impl<'h> Iterator for Links<'h> {
    type Item = Link<'h>;

    fn next(&mut self) -> Option<Link<'h>> {
        let rest = std::mem::take(&mut self.0).trim_start_matches([' ', '\t', ',']);
        let (target, mut rest) = rest.strip_prefix('<')?.split_once('>')?;
        let mut link = Link { target: target.trim(), rel: None, anchored: false };
        loop {
            rest = skip(rest);
            let Some(behind) = rest.strip_prefix(';') else { break };
            let (name, value, behind) = parameter(skip(behind))?;
            rest = behind;
            if name.eq_ignore_ascii_case("anchor") {
                link.anchored = true;
            } else if name.eq_ignore_ascii_case("rel") && link.rel.is_none() {
                // Only the first counts (section 3.3).
                link.rel = Some(value);
            }
        }
        self.0 = rest;
        (rest.is_empty() || rest.starts_with(',')).then_some(link)
    }
}

fn skip(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// `name`, `name=token` or `name="quoted \" text"`: name, value, and what stands behind.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = split(text, |c| matches!(c, '=' | ';' | ',' | ' ' | '\t'));
    let Some(value) = skip(rest).strip_prefix('=').map(skip) else { return Some((name, String::new(), rest)) };
    if let Some(quoted) = value.strip_prefix('"') {
        return quoted_text(quoted).map(|(value, rest)| (name, value, rest));
    }
    let (value, rest) = split(value, |c| matches!(c, ';' | ',' | ' ' | '\t'));
    Some((name, value.to_owned(), rest))
}

/// Up to the closing quote; `None` without one.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

fn split(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[track_caller]
    fn check(lines: &[&[u8]], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(LINK, HeaderValue::from_bytes(line).unwrap());
        }
        assert_eq!(target(&headers, "next").as_deref(), expected, "{:?}", headers.get_all(LINK).iter().next());
    }

    #[test]
    fn the_target_of_the_relation_is_found() {
        for (line, expected) in [
            (r#"<https://a/?page=2>; rel="next", <https://a/?page=9>; rel="last""#, "https://a/?page=2"),
            ("<https://a/1>; rel=prev,<https://a/3>;rel=next", "https://a/3"),
            (r#"</x?a=1,2;3>; title="a, \"b\"; rel=next"; rel="last NEXT""#, "/x?a=1,2;3"),
            (r#"<?page=2> ; REL = "next" ; crossorigin"#, "?page=2"),
            (r#"<>; rel="next""#, ""),
            (",, <a>; rel=prev; rel=next, <b>; rel=next", "b"),
            (r#"<a>; rel=next; anchor="/other", <b>; rel="next""#, "b"),
        ] {
            check(&[line.as_bytes()], Some(expected));
        }
        check(&[br#"<a>; rel="prev""#, br#"<b>; rel="next""#], Some("b"));
        // Bytes that are no ASCII, in the link and beside it.
        check(&[b"<a\xff>; rel=next"], Some("a%FF"));
        check(&[b"<a>; title=\"caf\xe9\"; rel=next"], Some("a"));
    }

    #[test]
    fn what_is_no_such_link_is_none() {
        for line in [
            "",
            ",",
            "<a>",
            "<a; rel=next",
            "a>; rel=next",
            "<a>; rel=\"next",
            "<a>; rel=\"next\\",
            "<a>; rel=nextx",
            "<a> rel=next",
            "<a>; rel=\"next\" <b>; rel=next",
            "https://a/?page=2; rel=next",
            "<a>; title=\"<b>; rel=next\"",
        ] {
            check(&[line.as_bytes()], None);
        }
        check(&[&b"<a>; rel=prev,".repeat(10_000)], None);
        check(&[&b"<".repeat(100_000)], None);
        check(&[[b"<a>".as_slice(), &b";".repeat(100_000)].concat().as_slice()], None);
    }
}
