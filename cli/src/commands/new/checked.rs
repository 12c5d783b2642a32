//! Texts that can be what was asked for. A slip is told before it is written, in options and in answers.

use keyway_compiler::diagnostic::nearest;
use keyway_compiler::model::common::CATEGORIES;
use keyway_compiler::model::grammar::{Grammar as _, HeaderName, PageUrl};

/// The URL of an endpoint or of every call, a template perhaps.
pub(super) fn url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let begins = |host: &str| host.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '$' | '['));
    let is_whole = text.starts_with("${") || host.is_some_and(begins);
    if is_whole && !text.contains(char::is_whitespace) {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no URL: write the whole of it, as in `https://api.acme.com/v1`"))
}

/// The address of a page for people.
pub(super) fn page(text: &str) -> Result<String, String> {
    if PageUrl::accepts(text) { Ok(text.to_owned()) } else { Err(format!("`{text}` is no page: {}", PageUrl::HELP)) }
}

/// The name of a header.
pub(super) fn header(text: &str) -> Result<String, String> {
    if HeaderName::accepts(text) {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no name of a header, such as `authorization` or `x-api-key`"))
}

/// A category of the format.
pub(super) fn category(text: &str) -> Result<String, String> {
    if CATEGORIES.contains(&text) {
        return Ok(text.to_owned());
    }
    let next = match nearest(text, CATEGORIES.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", CATEGORIES.join(", ")),
    };
    Err(format!("`{text}` is no category; {next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_entry_could_hold_is_taken() {
        type TextCheck = fn(&str) -> Result<String, String>;
        for (check, text, problem) in [
            (url as TextCheck, "https://api.acme.com/v1", None),
            (url, "http://[::1]:80/x", None),
            (url, "https://${connectionConfig.host}/v1", None),
            (url, "${connectionConfig.origin}/v1", None),
            (url, "not-a-url", Some("`not-a-url` is no URL")),
            (url, "api.acme.com", Some("is no URL")),
            (url, "https://", Some("is no URL")),
            (url, "https:///v1", Some("is no URL")),
            (url, "https://a b", Some("is no URL")),
            (page, "https://acme.com/docs", None),
            (page, "foo", Some("`foo` is no page: write the address of the page, beginning with `https://`")),
            (header, "X-Api-Key", None),
            (header, "https://acme.com", Some("`https://acme.com` is no name of a header")),
            (header, "Authorization: Bearer", Some("is no name of a header")),
            (category, "crm", None),
            (category, "acounting", Some("`acounting` is no category; did you mean `accounting`?")),
            (category, "zzzzzzzzzzzz", Some("it is one of accounting, analytics, ")),
        ] {
            match (check(text), problem) {
                (Ok(taken), None) => assert_eq!(taken, text),
                (Err(said), Some(problem)) => assert!(said.contains(problem), "{text}: {said}"),
                (outcome, _) => panic!("{text}: {outcome:?}"),
            }
        }
    }
}
