//! The part of a URL after the host: path, query, fragment.

use super::drawn::HOLE;
use super::fault::{Fault, Weight};
use super::form::Form;
use keyway_spec::url;
use percent_encoding::{CONTROLS, utf8_percent_encode};
use std::ops::Range;

/// Reads what stands after the authority of a URL.
pub(super) fn read(text: &str, begin: usize, form: Form, found: &mut Vec<Fault>) {
    fragment(text, begin, form, found);
    if form == Form::Link {
        return;
    }
    let (path, query) = parts(text, begin);
    backslashes(text, path.clone(), found);
    if form == Form::Base {
        // Such a base is refused wherever the character stands.
        backslashes(text, query.clone(), found);
    }
    dots(text, path.clone(), found);
    letters(text, path.start..query.end, found);
}

/// Reads the path of an endpoint, which is put below a base.
pub(super) fn below(text: &str, found: &mut Vec<Fault>) {
    fragment(text, 0, Form::Below, found);
    let (path, query) = parts(text, 0);
    if text.get(path.clone()).is_some_and(|path| path.starts_with("//")) {
        found.push(Fault::refused(0..2, "an endpoint begins with two slashes", "begin it with one").mended("/"));
    }
    backslashes(text, path.clone(), found);
    dots(text, path.clone(), found);
    letters(text, path.start..query.end, found);
}

/// The bytes of the path and of the query.
fn parts(text: &str, begin: usize) -> (Range<usize>, Range<usize>) {
    let rest = text.get(begin..).unwrap_or_default();
    let end = begin + rest.find('#').unwrap_or(rest.len());
    let query = begin + rest.find('?').unwrap_or(rest.len());
    let query = query.min(end);
    (begin..query, query..end)
}

fn fragment(text: &str, begin: usize, form: Form, found: &mut Vec<Fault>) {
    let at = text.get(begin..).and_then(|rest| rest.find('#')).map(|at| begin + at);
    let Some(at) = at.filter(|_| form != Form::Link) else { return };
    let range = at..text.len();
    found.push(match form {
        Form::Below => {
            Fault::new(Weight::Respelled, range, "an endpoint holds a fragment, which is not sent", "remove it")
        }
        Form::Base => Fault::refused(range, "a base URL holds a fragment", "remove it: endpoints are put behind it"),
        Form::Whole | Form::Link => {
            let help = "remove it; a page that is chosen by a fragment has it in `authorization_url_fragment`";
            Fault::refused(range, "a URL holds a fragment, which is not sent", help)
        }
    });
}

fn backslashes(text: &str, range: Range<usize>, found: &mut Vec<Fault>) {
    let part = text.get(range.clone()).unwrap_or_default();
    if let Some(at) = part.find('\\').map(|at| range.start + at) {
        found.push(Fault::refused(
            at..at + 1,
            "a URL holds a `\\`",
            "write `/`, or `%5C` where the character is meant",
        ));
    }
}

/// Segments that a URL parser resolves. A value is never empty, so one beside dots is no such segment.
fn dots(text: &str, range: Range<usize>, found: &mut Vec<Fault>) {
    let mut at = range.start;
    for segment in text.get(range).unwrap_or_default().split(['/', '\\']) {
        if url::is_dot_segment(segment) {
            let help = "write the path that is meant: nothing is resolved";
            found.push(Fault::refused(at..at + segment.len(), format!("`{segment}` is a part of the path"), help));
        }
        at += segment.len() + 1;
    }
}

/// Characters that are sent in another spelling.
fn letters(text: &str, range: Range<usize>, found: &mut Vec<Fault>) {
    let part = text.get(range.clone()).unwrap_or_default();
    let mut told = 0;
    for (at, letter) in part.char_indices().filter(|(_, letter)| *letter != HOLE) {
        let rest = part.get(at + letter.len_utf8()..).unwrap_or_default();
        let mut end = at + letter.len_utf8();
        let fault = match letter {
            _ if at < told => continue,
            '{' | '}' => {
                if letter == '{' {
                    // A placeholder of another language is one mistake.
                    end += rest.find('}').map_or(0, |close| close + 1);
                }
                told = end;
                let shown: String = part.get(at..end).unwrap_or_default().replace(HOLE, "*");
                (
                    Weight::Respelled,
                    format!("`{shown}` is sent as it stands"),
                    "a value is written `${name}`".to_owned(),
                )
            }
            '"' | '<' | '>' | '^' | '`' | '|' => {
                let help = format!("write `%{:02X}`, or remove it", u32::from(letter));
                (Weight::Respelled, format!("no URL holds `{letter}`"), help)
            }
            '%' if !is_encoded(rest) => {
                let help = "write `%25` where the character is meant";
                (Weight::Respelled, "a `%` that encodes nothing".to_owned(), help.to_owned())
            }
            _ if !letter.is_ascii() => {
                let encoded = utf8_percent_encode(letter.encode_utf8(&mut [0; 4]), CONTROLS).to_string();
                (Weight::Noted, format!("`{letter}` is sent as `{encoded}`"), format!("write `{encoded}`"))
            }
            _ => continue,
        };
        let (weight, message, help) = fault;
        found.push(Fault::new(weight, range.start + at..range.start + end, message, help));
    }
}

/// True if what follows a `%` makes it an encoded byte. A value in its place is the customer's.
fn is_encoded(rest: &str) -> bool {
    let mut digits = rest.chars().take(2);
    let is_digit = |digit: Option<char>| digit.is_some_and(|digit| digit.is_ascii_hexdigit());
    is_digit(digits.next()) && is_digit(digits.next())
}
