//! Values in URLs: each is checked against the grammar of the place where it lands ([`keyway_spec::url`]), and encoded
//! for it.
//!
//! [`crate::egress`] decides which hosts are allowed.

use keyway_spec::Position;
use keyway_spec::url as spec;
pub(crate) use keyway_spec::url::has_dot_segment;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use url::Url;

/// The encoded value, or why it does not fit. The reason never holds the value.
pub fn fit(position: Position, value: &str) -> Result<Cow<'_, str>, &'static str> {
    spec::fits(position, value)?;
    Ok(match position {
        Position::Text | Position::HostLabel | Position::Port => Cow::Borrowed(value),
        Position::Quoted => Cow::Owned(quoted(value)),
        Position::Origin => Cow::Owned(origin(value)?),
        Position::Host => Cow::Borrowed(without_slash(value)),
        Position::Segment => in_segment(value),
        Position::Path => Cow::Owned(path(value)),
        Position::Query | Position::Fragment => encode(value),
    })
}

/// The characters that `encodeURIComponent` leaves alone: unreserved characters (RFC 3986 section 2.3) and `!*'()`. The
/// masker looks for secrets in this spelling.
pub(crate) const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// As JSON escapes a string (RFC 8259 section 7), which GraphQL reads too (its October 2021 edition, section 2.9.4).
fn quoted(value: &str) -> String {
    let string = serde_json::Value::from(value).to_string();
    let inner = string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

fn encode(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, COMPONENT).into()
}

fn origin(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must look like `https://host`, perhaps with a port and a path";
    let (scheme, rest) = value.split_once("://").ok_or(SHAPE)?;
    let text = format!("{}://{}", scheme.to_ascii_lowercase(), without_slash(rest));
    Url::parse(&text).map_err(|_| SHAPE)?;
    Ok(text)
}

/// A slash that is the whole path says no more than none (RFC 3986 section 6.2.3) and is dropped, because what follows
/// in the template brings its own; one at the end of a path is a part of it.
fn without_slash(host_and_path: &str) -> &str {
    match host_and_path.split_once('/') {
        Some((authority, "")) => authority,
        _ => host_and_path,
    }
}

/// The characters that a segment of a path may hold unencoded (RFC 3986 section 3.3): unreserved characters,
/// `sub-delims`, `:` and
/// `@`. The masker looks for secrets in this spelling too.
pub(crate) const SEGMENT: &AsciiSet =
    &COMPONENT.remove(b'$').remove(b'&').remove(b'+').remove(b',').remove(b';').remove(b'=').remove(b':').remove(b'@');

fn in_segment(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, SEGMENT).into()
}

fn path(value: &str) -> String {
    value.split('/').map(in_segment).collect::<Vec<_>>().join("/")
}

/// A URL that templates made; `None` where it is none, or where a parser would make another one of it: values that are
/// harmless one by one make a segment that is resolved (`.` beside `.`), a `\` becomes a slash, a fragment is not sent.
pub(crate) fn url(text: &str) -> Option<Url> {
    let (_, behind_scheme) = text.split_once("://")?;
    let before_query = behind_scheme.split(['?', '#']).next().unwrap_or_default();
    let path = before_query.split_once('/').map_or("", |(_, path)| path);
    let respelled = before_query.contains('\\') || text.contains('#') || has_dot_segment(path);
    Url::parse(text).ok().filter(|_| !respelled)
}
