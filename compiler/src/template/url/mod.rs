//! Reads a URL of an entry as the runtime will read it.
//!
//! One place decides what a URL is: [`authority::read`] says which hosts a URL can reach, and the same run finds what
//! is wrong with it. It is stricter than URL parsers are: they drop line breaks, take `\` for `/`, three slashes for
//! two and `1.2.3` for `1.2.0.3`, and what they make of such a text is not what its author wrote. Whatever passes here,
//! a URL parser reads to the same host and port; a test holds the two to that.
//!
//! | file | what |
//! |---|---|
//! | `drawn` | a template as one text, a mark for each value |
//! | `letters` | characters that no URL holds, or that the eye does not see |
//! | `authority`, `host` | host, port; names, addresses, names in other scripts |
//! | `path` | what stands behind |
//!
//! Values are checked by `keyway_spec::url`, URLs without a scheme by the rule `missing-scheme`.

mod authority;
mod drawn;
mod fault;
mod form;
mod host;
mod letters;
mod path;

pub use drawn::HOLE;
pub use fault::{Fault, Weight};
pub use form::Form;

pub(super) use authority::Authority;

use super::ast::Node;
use drawn::Drawn;
use keyway_format::host_pattern::HostPattern;

/// The faults of one alternative of a URL template, in the order of the text. Ranges are of the bytes of the whole
/// text.
pub fn faults(nodes: &[Node], form: Form) -> Vec<Fault> {
    let Some(drawn) = Drawn::of(nodes) else {
        return vec![Fault::refused(0..0, "a URL holds a NUL character", "remove it")];
    };
    let mut found = read(&drawn.text, form);
    found.sort_by_key(|fault| fault.range.start);
    for fault in &mut found {
        fault.range = drawn.source(&fault.range);
    }
    found
}

/// The same for a literal text.
pub fn faults_of_text(text: &str, form: Form) -> Vec<Fault> {
    if text.contains(HOLE) {
        return vec![Fault::refused(0..text.len(), "a URL holds a NUL character", "remove it")];
    }
    read(text, form)
}

/// The host and port of a drawn URL; `None` if it names no host, or none that can be called.
pub(super) fn of_url(text: &str) -> Option<Authority> {
    let mut found = Vec::new();
    letters::read(text, Form::Whole, &mut found);
    let begin = begin(text, &mut found)?;
    let authority = authority::read(text, authority::until_path(text, begin), Form::Whole, &mut found);
    authority.filter(|_| found.iter().all(|fault| fault.weight != Weight::Refused))
}

/// The scheme, the host with its port, and the path of a literal URL, for comparing two of them.
pub fn parts(text: &str) -> Option<(String, String, &str)> {
    let authority = of_url(text)?;
    let (scheme, _) = text.split_once("://")?;
    let end = authority::until_path(text, scheme.len() + "://".len()).end;
    let path = text.get(end..).unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    let host = HostPattern { host: authority.host, port: authority.port };
    Some((scheme.to_ascii_lowercase(), host.to_string(), path))
}

fn read(text: &str, form: Form) -> Vec<Fault> {
    let mut found = Vec::new();
    if text.is_empty() {
        let help = if form == Form::Below { "write a path, or `/` for the base itself" } else { "write a URL" };
        found.push(Fault::refused(0..0, "an empty URL", help));
        return found;
    }
    letters::read(text, form, &mut found);
    // What such a character does to the rest is nothing to reason about.
    if found.iter().any(|fault| fault.weight == Weight::Refused) {
        return found;
    }
    if form == Form::Below {
        path::below(text, &mut found);
        return found;
    }
    let Some(begin) = begin(text, &mut found) else { return found };
    let authority = authority::until_path(text, begin);
    let _ = authority::read(text, authority.clone(), form, &mut found);
    path::read(text, authority.end, form, &mut found);
    found
}

/// Where the authority of a URL begins: after its scheme, or where a value brings both. `None` where there is
/// neither, which another rule says, or where the scheme is none.
fn begin(text: &str, found: &mut Vec<Fault>) -> Option<usize> {
    let scheme = text.find("://");
    if text.starts_with(HOLE) {
        let first = text.find('/').unwrap_or(text.len());
        if scheme.is_some_and(|at| at < first) {
            let end = scheme.unwrap_or_default() + "://".len();
            let help = "write `https://`: a value that a URL begins with has to bring its scheme along";
            found.push(Fault::refused(0..end, "a value stands for the scheme of a URL", help));
            return None;
        }
        return Some(0);
    }
    let end = scheme?;
    let scheme = text.get(..end).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") {
        return Some(end + "://".len());
    }
    let fault = if scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) {
        Fault::refused(0..end, format!("`{scheme}` is not a scheme that can be called"), "write `https://`")
    } else {
        Fault::refused(0..end, "a URL begins with its scheme", "begin it with `https://`, and with nothing before that")
    };
    found.push(fault);
    None
}

#[cfg(test)]
mod tests;
