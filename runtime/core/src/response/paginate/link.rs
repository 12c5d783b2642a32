//! The `Link` header (RFC 8288): the target of a relation.
//!
//! Nothing is guessed: a line that is not a list of links is an error where no link of the relation was found before
//! the fault. Any byte may stand in a title or a target; one of a target that is not ASCII is percent-encoded as it is.
//! A link with an `anchor` elsewhere is about another resource and is passed over. The target may be relative; the
//! caller resolves it.

use super::broken;
use crate::error::Result;
use crate::response::uri_text;
use http::HeaderMap;
use http::header::LINK;
use url::Url;

/// The target of the first link with the relation, as it was written.
pub fn target(headers: &HeaderMap, rel: &str) -> Option<String> {
    found(headers, rel, &[], str::is_empty).ok().flatten()
}

/// The target of the first link of a page with the relation and these parameters; an error where there is none and a
/// line cannot be read.
pub(super) fn next(headers: &HeaderMap, rel: &str, with: &[(String, String)], page: &Url) -> Result<Option<String>> {
    let of_page = |anchor: &str| page.join(anchor).is_ok_and(|url| url == *page);
    found(headers, rel, with, of_page).map_err(|()| {
        broken("the `Link` header of the page cannot be read (RFC 8288), so nothing says whether the list goes on")
    })
}

/// The target of the first link with the relation and the parameters; an error if there is none and a line is broken.
fn found(
    headers: &HeaderMap,
    rel: &str,
    with: &[(String, String)],
    of_page: impl Fn(&str) -> bool,
) -> Result<Option<String>, ()> {
    let mut broken = false;
    for line in headers.get_all(LINK) {
        let line = uri_text(line);
        for link in Links(&line) {
            match link {
                Ok(link) if link.is(rel) && link.has(with) && link.anchor.as_deref().is_none_or(&of_page) => {
                    return Ok(Some(link.target.to_owned()));
                }
                Ok(_) => {}
                Err(()) => broken = true,
            }
        }
    }
    if broken { Err(()) } else { Ok(None) }
}

/// A link as far as it is looked at.
struct Link<'h> {
    target: &'h str,
    rel: Option<String>,
    anchor: Option<String>,
    /// The other parameters, names as they were written.
    others: Vec<(&'h str, String)>,
}

impl Link<'_> {
    /// True if it is one of this relation: names are separated by spaces and know no case. Some write single quotes.
    fn is(&self, rel: &str) -> bool {
        let names = self.rel.as_deref().unwrap_or("").trim_matches('\'').split_ascii_whitespace();
        names.into_iter().any(|name| name.eq_ignore_ascii_case(rel))
    }

    /// True if it has these parameters with these values.
    fn has(&self, parameters: &[(String, String)]) -> bool {
        let is_there = |name: &str, value: &str| {
            self.others.iter().any(|(own, said)| own.eq_ignore_ascii_case(name) && said == value)
        };
        parameters.iter().all(|(name, value)| is_there(name, value))
    }
}

/// The links of one line, from the front; holds what is not read yet. Ends after a fault.
struct Links<'h>(&'h str);

impl<'h> Iterator for Links<'h> {
    type Item = Result<Link<'h>, ()>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = std::mem::take(&mut self.0).trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return None;
        }
        match link(rest) {
            Some((link, rest)) => {
                self.0 = rest;
                Some(Ok(link))
            }
            None => Some(Err(())),
        }
    }
}

/// The first link of a text, and what stands after it.
fn link(text: &str) -> Option<(Link<'_>, &str)> {
    let (target, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    let mut link = Link { target: target.trim(), rel: None, anchor: None, others: Vec::new() };
    loop {
        rest = skip(rest);
        let Some(behind) = rest.strip_prefix(';') else { break };
        let (name, value, behind) = parameter(skip(behind))?;
        rest = behind;
        if name.eq_ignore_ascii_case("anchor") {
            link.anchor = Some(value);
        } else if name.eq_ignore_ascii_case("rel") && link.rel.is_none() {
            // Only the first counts (section 3.3).
            link.rel = Some(value);
        } else {
            link.others.push((name, value));
        }
    }
    ((rest.is_empty() || rest.starts_with(',')) && !target.contains('<')).then_some((link, rest))
}

fn skip(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// `name`, `name=token` or `name="quoted \" text"`: name, value, and what stands after.
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

    const PAGE: &str = "https://api.vendor.com/things?page=1";

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        let lines = lines.iter().map(|line| (LINK, HeaderValue::from_bytes(line).unwrap()));
        lines.fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
    }

    fn read(lines: &[&[u8]]) -> Result<Option<String>> {
        next(&headers(lines), "next", &[], &PAGE.parse().unwrap())
    }

    #[test]
    fn a_link_counts_with_the_parameters_that_it_has_to_have() {
        let results = [("results".to_owned(), "true".to_owned())];
        for (line, expected) in [
            (r#"<a>; rel="previous"; results="false", <b>; rel="next"; results="true"; cursor="0:100:0""#, Some("b")),
            ("<b>; results=true; rel=next", Some("b")),
            (r#"<b>; RESULTS="true"; rel=next"#, Some("b")),
            (r#"<b>; rel="next"; results="false"; cursor="0:100:0""#, None),
            (r#"<b>; rel="next"; results="True""#, None),
            (r#"<b>; rel="next""#, None),
            (r#"<b>; rel="next"; results"#, None),
            (r#"<a>; rel="next"; results="false", <b>; rel="next"; results="true""#, Some("b")),
            (r#"<a>; rel="next"; title="results=\"true\"""#, None),
        ] {
            let found = next(&headers(&[line.as_bytes()]), "next", &results, &PAGE.parse().unwrap()).unwrap();
            assert_eq!(found.as_deref(), expected, "{line}");
        }
        let broken = headers(&[b"<a; rel=next"]);
        assert!(next(&broken, "next", &results, &PAGE.parse().unwrap()).is_err());
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
            (r#"<a>; rel=next; anchor="""#, "a"),
            ("<a>; rel=next; anchor=\"?page=1\"", "a"),
            ("<a>; rel='next'", "a"),
            ("<a>; rel=next, broken", "a"),
            ("<https://a/?q=caf\u{e9}>; rel=next", "https://a/?q=caf%C3%A9"),
            ("<a>; title=\"\u{dc}bersicht\"; rel=next", "a"),
        ] {
            assert_eq!(read(&[line.as_bytes()]).unwrap().as_deref(), Some(expected), "{line}");
        }
        assert_eq!(read(&[br#"<a>; rel="prev""#, br#"<b>; rel="next""#]).unwrap().as_deref(), Some("b"));
        assert_eq!(read(&[b"<a", br#"<b>; rel="next""#]).unwrap().as_deref(), Some("b"));
        assert_eq!(read(&[b"<a?q=\xe9>; title=\"\xff\"; rel=next"]).unwrap().as_deref(), Some("a?q=%E9"));
        let written = headers(&[b"<a>; rel=next"]);
        assert_eq!((target(&written, "next").as_deref(), target(&written, "prev")), (Some("a"), None));
    }

    #[test]
    fn other_links_are_none() {
        for line in [
            "",
            ",",
            "<a>",
            "<a>; rel=nextx",
            "<a>; rel=\"https://a/next\"",
            "<a>; title=\"<b>; rel=next\"",
            "<a>; rel=next; anchor=\"#part\"",
        ] {
            assert_eq!(read(&[line.as_bytes()]).unwrap(), None, "{line}");
        }
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&[&b"<a>; rel=prev,".repeat(10_000)]).unwrap(), None);
        assert_eq!(read(&[[b"<a>".as_slice(), &b";".repeat(100_000)].concat().as_slice()]).unwrap(), None);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_an_error_and_no_end() {
        for line in [
            "<a; rel=next",
            "a>; rel=next",
            "<a>; rel=\"next",
            "<a>; rel=\"next\\",
            "<a> rel=next",
            "<a>; rel=\"next\" <b>; rel=next",
            "https://a/?page=2; rel=next",
            "<a&gt;; rel=\"prev\", <b>; rel=\"next\"",
            "<a>; rel=prev; title=\"open, <b>; rel=next",
        ] {
            let error = read(&[line.as_bytes()]).unwrap_err();
            assert!(error.message().starts_with("the `Link` header of the page cannot be read"), "{line}");
        }
        assert!(read(&[&b"<".repeat(100_000)]).is_err());
    }
}
