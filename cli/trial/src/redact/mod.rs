//! Redaction: an answer that a real account got, with stand-ins in the place of everything that tells about it.
//!
//! An unknown text is replaced. What stays is listed, in two tables that are short enough to be read: members whose
//! words or numbers are needed ([`names`]), and texts that are words of a protocol ([`words`]). Beside them stays what
//! the entry itself says ([`entry_names`]). So a member that no table knows is redacted rather than published.
//!
//! | of the answer | becomes |
//! |---|---|
//! | a text that is not on a list | a stand-in of its class: `token-1`, `user1@example.com`, `id-2`, `text 3` |
//! | a number | itself where its name says a lifetime, a limit or a place in a list; else a number of its own |
//! | an instant that is needed | the same distance from the answer, which is given at 2026-01-02T03:04:05Z |
//! | a list | its first item and its last one |
//! | a URL of the API | its words and parameter names; any other URL is one of `example.com` |
//! | a header that is not on a list | nothing |
//!
//! The same value has the same stand-in in all answers of a recording, however it is escaped, so that a cursor is still
//! the one that is asked for. Numbers have numbers as stand-ins, instants instants.
//!
//! Reading order: [`names`], [`entry_names`], [`words`], [`shapes`], [`stand_ins`] (the table of a recording),
//! [`redaction`] (what becomes of one text), [`waits`], then a file for each form: [`url`], [`jwt`], [`values`],
//! [`form`], [`xml`], [`headers`]. Nothing here reads a file, a clock or the network.

mod entry_names;
mod form;
mod headers;
mod jwt;
mod leaks;
mod names;
mod redaction;
mod shapes;
mod stand_ins;
mod times;
mod url;
mod values;
mod waits;
mod words;
mod xml;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use keyway::{Secret, Timestamp};
use keyway_spec::ProviderSpec;
use redaction::Redaction;
use std::collections::BTreeSet;
use std::fmt;

/// The most distinct values of a recording. More are no sample that a person would read.
const MAX_VALUES: usize = 20_000;

/// The account of a recording, as far as it decides what stays.
#[derive(Clone)]
pub struct RedactionContext {
    /// The entry.
    pub spec: &'static ProviderSpec,
    /// Values that must not be in any answer: credentials, tokens, codes.
    pub secrets: Vec<Secret>,
    /// Values of the account's configuration, each with the one that a replay has in its place.
    pub config: Vec<(String, String)>,
    /// Words that a person says may stay.
    pub keep: BTreeSet<String>,
}

/// An answer.
#[derive(Clone)]
pub struct PlainAnswer {
    /// When it came.
    pub at: Timestamp,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

/// An answer without what tells about the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactedAnswer {
    /// When it came, moved to the day of all samples.
    pub at: Timestamp,
    /// The status.
    pub status: StatusCode,
    /// The headers that stay.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Redacts the answers of one recording.
pub struct Redactor {
    redaction: Redaction,
    secrets: Vec<Secret>,
}

impl Redactor {
    /// A redactor that has seen no answer yet.
    pub fn new(context: RedactionContext) -> Redactor {
        let secrets = context.secrets.clone();
        Redactor { redaction: Redaction::new(context), secrets }
    }

    /// The path and query of a call, as a sample names the call. A parameter that carries the credential is left out.
    pub fn request(&mut self, method: &Method, path: &str) -> (Method, String) {
        let carries = |name: &str| {
            self.redaction.context.spec.proxy.is_some_and(|proxy| proxy.query.iter().any(|(own, _)| *own == name))
        };
        let path = url::without(path, carries);
        (method.clone(), url::below(&mut self.redaction, &path))
    }

    /// The answer without what tells about the account; an error where something of it would still be there.
    pub fn answer(&mut self, answer: &PlainAnswer) -> Result<RedactedAnswer, RedactionFailed> {
        self.redaction.times = times::TimeShift::of(answer.at);
        let redacted = RedactedAnswer {
            at: times::day(),
            status: answer.status,
            headers: headers::redacted(&mut self.redaction, &answer.headers),
            body: body(&mut self.redaction, answer),
        };
        if self.redaction.table.len() > MAX_VALUES {
            return Err(RedactionFailed::TooMany);
        }
        self.check(redacted.headers.iter().map(|(_, value)| value.as_str()).chain([redacted.body.as_str()]))?;
        Ok(redacted)
    }

    /// An error where a text holds a secret, or a value that was replaced.
    pub fn check<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Result<(), RedactionFailed> {
        leaks::check(&self.redaction.table, &self.secrets, texts)
    }
}

/// The body by its form: JSON, a form, XML; else it is one text.
fn body(redaction: &mut Redaction, answer: &PlainAnswer) -> String {
    let Ok(whole) = std::str::from_utf8(&answer.body) else { return redaction.unreadable() };
    let whole = whole.trim();
    if whole.is_empty() {
        return String::new();
    }
    let media_type = answer.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
    let parsed = serde_json::from_str(whole).ok().map(|value| values::json(redaction, value));
    let parsed = parsed.or_else(|| {
        let is_form = media_type.contains("x-www-form-urlencoded") || form::is_one(whole);
        is_form.then(|| form::redacted(redaction, whole))
    });
    let parsed = parsed.or_else(|| if media_type.contains("html") { None } else { xml::redacted(redaction, whole) });
    parsed.unwrap_or_else(|| redaction.unreadable())
}

/// The reason why an answer cannot be written. It names no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedactionFailed {
    /// It has more values than are looked at.
    TooMany,
    /// One of the secrets would be in it.
    Secret,
    /// A value that was replaced in one place would stand in another.
    Value,
}

impl fmt::Display for RedactionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RedactionFailed::TooMany => "the answer is too large to be redacted: ask for fewer items",
            RedactionFailed::Secret => "a credential would be in it, so it is not written; please report it",
            RedactionFailed::Value => {
                "a value that is replaced in one place would stand in another, so it is not written; please report it"
            }
        })
    }
}

impl std::error::Error for RedactionFailed {}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("values", &self.redaction.table.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for RedactionContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactionContext").field("provider", &self.spec.key).finish_non_exhaustive()
    }
}

impl fmt::Debug for PlainAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlainAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
