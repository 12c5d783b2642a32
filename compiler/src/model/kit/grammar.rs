//! Grammars of names and short texts: a check for the model and the same thing as a pattern for the JSON Schema.
//!
//! Written by hand, so that no regular-expression engine is needed here; a test holds both to the same verdict.

use super::findings::{
    HEADER_CASE, INVALID_FIELD_NAME, INVALID_HEADER_NAME, INVALID_HEADER_VALUE, INVALID_PROVIDER_KEY, INVALID_VALUE,
    MISSING_BASE_URL,
};
use crate::diagnostic::Rule;

/// The grammar of one kind of text.
pub trait Grammar: Clone + std::fmt::Debug + PartialEq + 'static {
    /// The name of one: `a header name in lower case`.
    const TYPE_NAME: &'static str;
    /// The name of several.
    const PLURAL: &'static str;
    /// The same as an ECMAScript pattern that is anchored at both ends; empty when anything goes.
    const PATTERN: &'static str;
    /// Help for writing one.
    const HELP: &'static str;
    /// The rule that a map breaks without one, where it has one of its own.
    const MISSING: Option<&'static Rule> = None;

    /// True if a text follows it.
    fn accepts(text: &str) -> bool;

    /// The rule that a text breaks.
    fn rule(text: &str) -> &'static Rule;

    /// A text that was probably meant.
    fn mend(_text: &str) -> Option<String> {
        None
    }

    /// True if nothing is wrong but a line break at the end, which a block (`|`) leaves.
    fn ends_in_break(_text: &str) -> bool {
        false
    }
}

/// One marker type per grammar.
macro_rules! grammars {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { $type_name:literal, $plural:literal, $pattern:expr, $help:literal, $accepts:expr, $rule:expr $(, $mend:expr)? }
    )+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl Grammar for $name {
            const TYPE_NAME: &'static str = $type_name;
            const PLURAL: &'static str = $plural;
            const PATTERN: &'static str = $pattern;
            const HELP: &'static str = $help;

            fn accepts(text: &str) -> bool {
                let accepts: fn(&str) -> bool = $accepts;
                accepts(text)
            }

            fn rule(text: &str) -> &'static Rule {
                let rule: fn(&str) -> &'static Rule = $rule;
                rule(text)
            }

            $(fn mend(text: &str) -> Option<String> {
                let mend: fn(&str) -> Option<String> = $mend;
                mend(text)
            })?
        }
    )+ };
}

grammars! {
    /// Any text.
    AnyName { "a name", "names", "", "", |_| true, |_| &INVALID_VALUE }

    /// The key of an entry.
    ProviderKey {
        "a provider key", "provider keys", "^[a-z0-9-]+$",
        "provider keys consist of lower-case letters, digits and hyphens",
        provider_key, |_| &INVALID_PROVIDER_KEY,
        |text| Some(text.trim().to_ascii_lowercase().replace(['_', ' ', '.'], "-")).filter(|text| provider_key(text))
    }

    /// The name of a field of `connection_config` or `integration_config`.
    ConfigName {
        "a field name", "field names", "^[a-zA-Z_.-]+$",
        "field names of a configuration consist of letters, `_`, `.` and `-`, without digits",
        |text| of(text, |byte| byte.is_ascii_alphabetic() || b"_.-".contains(&byte)), |_| &INVALID_FIELD_NAME
    }

    /// The name of a field of `credentials` or `assertion_option`.
    CredentialName {
        "a field name", "field names", "^[a-zA-Z_]+$",
        "names of credentials consist of letters and `_`, without digits",
        |text| of(text, |byte| byte.is_ascii_alphabetic() || byte == b'_'), |_| &INVALID_FIELD_NAME
    }

    /// The name of a header, in any case (RFC 9110 section 5.1).
    HeaderName {
        "a header name", "header names", "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        "header names consist of letters, digits and hyphens (RFC 9110 section 5.1)",
        token, |_| &INVALID_HEADER_NAME
    }

    /// The name of a header in lower case, the way the proxy compares them.
    LowerHeaderName {
        "a header name in lower case", "header names in lower case", "^[a-z0-9_.-]+$",
        "header names are written in lower case and consist of letters, digits, `-`, `_` and `.`",
        lower_header, header_rule, lower_case
    }
    /// The name of an operation under `keyway.endpoints`.
    EndpointName {
        "a name such as `issues.list`", "names such as `issues.list`", "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$",
        "write lower-case words, a letter first, with dots between them: `issues.list`, `issue_comments.create`",
        endpoint_name, |_| &INVALID_VALUE,
        |text| Some(text.to_ascii_lowercase().replace(['-', ' ', '/', ':'], "_")).filter(|text| endpoint_name(text))
    }

    /// A section of the connect guide.
    DocSection {
        "a section such as `#step-1`", "sections", "^#[a-z0-9-]+$",
        "write `#` and then lower-case letters, digits and hyphens",
        |text| text.strip_prefix('#').is_some_and(provider_key), |_| &INVALID_VALUE,
        |text| {
            let section = text.trim_start_matches('#').to_ascii_lowercase().replace(['_', ' '], "-");
            Some(format!("#{section}")).filter(|_| provider_key(&section))
        }
    }

    /// The address of a page for people.
    PageUrl {
        "an address that begins with `https://`", "addresses that begin with `https://`", "^https://[!#-;=?-~]+$",
        "write the address of the page, beginning with `https://`, without blanks", page_url, |_| &INVALID_VALUE,
        |text| Some(text.trim().replacen("http://", "https://", 1)).filter(|text| page_url(text))
    }

    /// A day of the calendar.
    Day {
        "a day such as `2026-11-20`", "days such as `2026-11-20`",
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "write year, month and day: `2026-11-20`", day,
        |_| &INVALID_VALUE
    }

    /// HTTP statuses: `429`, `5xx` or `500-503`.
    Statuses {
        "a status", "statuses such as `429`, `5xx` or `500-503`", "^[1-5](xx|[0-9]{2}(-[1-5][0-9]{2})?)$",
        "write `429`, `5xx` or `500-503`", statuses, |_| &INVALID_VALUE
    }

    /// A number of seconds written as text.
    SecondsText {
        "a number of seconds", "numbers of seconds", "^[0-9]{1,12}$", "write digits only",
        |text| text.len() <= 12 && of(text, |byte| byte.is_ascii_digit()), |_| &INVALID_VALUE
    }
}

/// The value of a header, a template. Calls in it may hold line breaks, so a text with `${` is judged once it is
/// parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderValue;

impl Grammar for HeaderValue {
    const TYPE_NAME: &'static str = LiteralHeaderValue::TYPE_NAME;
    const PLURAL: &'static str = LiteralHeaderValue::PLURAL;
    const PATTERN: &'static str = r"^([\s\S]*\$\{[\s\S]*|[^\u0000-\u0008\u000a-\u001f\u007f]*)$";
    const HELP: &'static str = LiteralHeaderValue::HELP;

    fn accepts(text: &str) -> bool {
        text.contains("${") || LiteralHeaderValue::accepts(text)
    }

    fn rule(text: &str) -> &'static Rule {
        LiteralHeaderValue::rule(text)
    }

    fn ends_in_break(text: &str) -> bool {
        LiteralHeaderValue::ends_in_break(text)
    }
}

/// The value of a header without anything to evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiteralHeaderValue;

impl Grammar for LiteralHeaderValue {
    const TYPE_NAME: &'static str = "a header value";
    const PLURAL: &'static str = "header values";
    const PATTERN: &'static str = r"^[^\u0000-\u0008\u000a-\u001f\u007f]*$";
    const HELP: &'static str =
        "header values hold no line breaks and no other control characters (RFC 9110 section 5.5)";

    fn accepts(text: &str) -> bool {
        !text.bytes().any(|byte| byte != b'\t' && byte.is_ascii_control())
    }

    fn rule(_: &str) -> &'static Rule {
        &INVALID_HEADER_VALUE
    }

    fn ends_in_break(text: &str) -> bool {
        text.ends_with(['\n', '\r']) && Self::accepts(text.trim_end_matches(['\n', '\r']))
    }
}

/// The base of every URL: any text, a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseUrl;

impl Grammar for BaseUrl {
    const TYPE_NAME: &'static str = "a string";
    const PLURAL: &'static str = "strings";
    const PATTERN: &'static str = "";
    const HELP: &'static str = "";
    const MISSING: Option<&'static Rule> = Some(&MISSING_BASE_URL);

    fn accepts(_: &str) -> bool {
        true
    }

    fn rule(_: &str) -> &'static Rule {
        &INVALID_VALUE
    }
}

fn of(text: &str, allowed: fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

fn lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Lower-case letters, digits and hyphens.
fn provider_key(text: &str) -> bool {
    of(text, |byte| lower(byte) || byte == b'-')
}

/// Lower-case words of letters, digits and `_`, with dots between them.
fn endpoint_name(text: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase()) && of(word, |byte| lower(byte) || byte == b'_')
    };
    text.split('.').all(word)
}

/// Printable ASCII without quotes and angle brackets, after the scheme.
fn page_url(text: &str) -> bool {
    let letter = |byte| matches!(byte, b'!'..=b'~') && !b"\"<>".contains(&byte);
    text.strip_prefix("https://").is_some_and(|rest| of(rest, letter))
}

/// Year, month and day. That a month has such a day is not checked.
fn day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |from: usize| text.get(from..from + 2).and_then(|digits| digits.parse::<u8>().ok()).unwrap_or(0);
    let is_written = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    is_written && (1..=12).contains(&number(5)) && (1..=31).contains(&number(8))
}

fn token(text: &str) -> bool {
    of(text, |byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn lower_header(text: &str) -> bool {
    of(text, |byte| lower(byte) || b"_.-".contains(&byte))
}

fn header_rule(text: &str) -> &'static Rule {
    if lower_case(text).is_some() { &HEADER_CASE } else { &INVALID_HEADER_NAME }
}

fn lower_case(text: &str) -> Option<String> {
    Some(text.to_ascii_lowercase()).filter(|text| lower_header(text))
}

fn statuses(text: &str) -> bool {
    let one = |text: &[u8]| match text {
        [first, rest @ ..] => (b'1'..=b'5').contains(first) && rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        [] => false,
    };
    match text.as_bytes() {
        [first, b'x', b'x'] => (b'1'..=b'5').contains(first),
        bytes => match text.split_once('-') {
            Some((low, high)) => one(low.as_bytes()) && one(high.as_bytes()),
            None => one(bytes),
        },
    }
}
