//! Values that people and providers supply, checked where they enter.
//!
//! One pass, the same for the library and the server: names, who may set them, patterns, choices, formats, defaults.
//! All problems are reported together. An error names fields and says what would fit; it never holds a value.
//! [`crate::template`] encodes the values for the place where they go.

use crate::error::{Error, ErrorKind, Result};
use crate::pattern::Pattern;
use crate::secret::Secret;
use keyway_spec::{Field, Format};
use std::collections::BTreeMap;
use url::Url;

/// The party that supplies values; decides which fields it may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// A customer, perhaps through a form or the connect API: all required values, no automated ones.
    User,
    /// The operator: all required values, automated ones too.
    Operator,
    /// The provider, in a callback or a token response: some values, also ones that the entry does not declare.
    Provider,
}

/// A text that can be a field's value: [`String`] or [`Secret`].
pub trait FieldValue: Clone {
    /// The text.
    fn text(&self) -> &str;
    /// A value with a text from the entry.
    fn from_default(text: &str) -> Self;
}

impl FieldValue for String {
    fn text(&self) -> &str {
        self
    }

    fn from_default(text: &str) -> String {
        text.to_owned()
    }
}

impl FieldValue for Secret {
    fn text(&self) -> &str {
        self.expose()
    }

    fn from_default(text: &str) -> Secret {
        Secret::from(text)
    }
}

/// The values to keep: checked, defaults filled in, empty optional ones and those of invisible fields left out.
pub fn validate<V: FieldValue>(
    fields: &[Field],
    values: &BTreeMap<String, V>,
    trust: Trust,
) -> Result<BTreeMap<String, V>> {
    validate_in("", fields, values, trust)
}

/// The same, where errors name fields as members of something: `credentials.apiKey`.
pub(crate) fn validate_in<V: FieldValue>(
    place: &str,
    fields: &[Field],
    values: &BTreeMap<String, V>,
    trust: Trust,
) -> Result<BTreeMap<String, V>> {
    let (kept, problems) = judge(fields, values, trust);
    if problems.is_empty() { Ok(kept) } else { Err(report(place, &problems)) }
}

/// The problem of each faulty field: for a form, which shows it beside the field. Never holds a value.
pub fn problems<V: FieldValue>(
    fields: &[Field],
    values: &BTreeMap<String, V>,
    trust: Trust,
) -> BTreeMap<String, String> {
    judge(fields, values, trust).1.into_iter().map(|problem| (problem.field, problem.text)).collect()
}

/// True if a form has to ask for a field before anything else can be done.
pub fn must_be_asked<V: FieldValue>(fields: &[Field], values: &BTreeMap<String, V>) -> bool {
    judge(fields, values, Trust::User).1.iter().any(|problem| problem.missing)
}

fn judge<V: FieldValue>(
    fields: &[Field],
    values: &BTreeMap<String, V>,
    trust: Trust,
) -> (BTreeMap<String, V>, Vec<Problem>) {
    let mut kept = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, value) in values {
        if fields.iter().all(|field| field.name != name) {
            if trust == Trust::Provider {
                kept.insert(name.clone(), value.clone());
            } else {
                let reason = format!("is not a field of this provider: {}", fields_to_give(fields));
                problems.push(Problem { unknown: true, ..Problem::invalid(&shown(name), &reason) });
            }
        }
    }
    for field in fields {
        if !is_visible(field, fields, values) {
            continue;
        }
        match check(field, values.get(field.name), trust) {
            Ok(Some(value)) => _ = kept.insert(field.name.to_owned(), value),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    (kept, once(fields, problems))
}

/// One problem for one mistake: an unknown name that is a misspelt field of which nothing else was given.
fn once(fields: &[Field], mut problems: Vec<Problem>) -> Vec<Problem> {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let unknown: Vec<String> = problems.iter().filter(|problem| problem.unknown).map(|p| p.field.clone()).collect();
    for name in unknown {
        let meant = |problem: &Problem| problem.missing && plain(&problem.field) == plain(&name);
        let Some(meant) = problems.iter().position(meant).map(|at| problems.remove(at).field) else { continue };
        let Some(field) = fields.iter().find(|field| field.name == meant) else { continue };
        for problem in problems.iter_mut().filter(|problem| problem.unknown && problem.field == name) {
            let reason = format!("is not a field of this provider: it is spelt `{}`", field.name);
            *problem = Problem { unknown: true, ..Problem::invalid(&name, &reason) };
        }
    }
    problems
}

/// A problem of a field.
struct Problem {
    field: String,
    missing: bool,
    /// True if the provider has no such field.
    unknown: bool,
    text: String,
}

impl Problem {
    fn invalid(name: &str, reason: &str) -> Problem {
        Problem { field: name.to_owned(), missing: false, unknown: false, text: format!("`{name}` {reason}") }
    }
}

/// The names that may be given instead.
fn fields_to_give(fields: &[Field]) -> String {
    let names = fields.iter().filter(|field| !field.automated).map(|field| format!("`{}`", field.name));
    let names: Vec<String> = names.collect();
    if names.is_empty() { "it has none here".to_owned() } else { format!("it has {}", names.join(", ")) }
}

fn report(place: &str, problems: &[Problem]) -> Error {
    let missing = problems.iter().all(|problem| problem.missing);
    // Every text begins with the field's name.
    let placed = |text: &str| match text.strip_prefix('`') {
        Some(rest) if !place.is_empty() => format!("`{place}.{rest}"),
        _ => text.to_owned(),
    };
    let texts: Vec<String> = problems.iter().map(|problem| placed(&problem.text)).collect();
    Error::new(if missing { ErrorKind::MissingValue } else { ErrorKind::InvalidValue }, texts.join("; "))
}

/// An unknown name comes from outside: bounded and escaped.
fn shown(name: &str) -> String {
    name.chars().take(64).flat_map(char::escape_debug).collect()
}

fn check<V: FieldValue>(field: &Field, value: Option<&V>, trust: Trust) -> Result<Option<V>, Problem> {
    let value = match value {
        Some(_) if field.automated && trust == Trust::User => {
            return Err(Problem::invalid(field.name, "is set by the provider and cannot be given: leave it out"));
        }
        Some(value) if !value.text().is_empty() => value,
        given => return absent(field, given, trust),
    };
    // The entry's own default is meant, even where it is a dummy that fits no pattern.
    if field.default_value != Some(value.text()) {
        shape(field, value.text())?;
    }
    Ok(Some(value.clone()))
}

/// A field without a value, or with an empty one.
fn absent<V: FieldValue>(field: &Field, given: Option<&V>, trust: Trust) -> Result<Option<V>, Problem> {
    if trust == Trust::Provider {
        return Ok(given.cloned());
    }
    if let Some(default) = field.default_value {
        return Ok(Some(V::from_default(default)));
    }
    if field.optional || field.automated || field.hidden {
        return Ok(None);
    }
    Err(Problem {
        field: field.name.to_owned(),
        missing: true,
        unknown: false,
        text: format!("`{}` is missing{}", field.name, example(field)),
    })
}

fn shape(field: &Field, text: &str) -> Result<(), Problem> {
    let wrong = |reason: &str| Err(Problem::invalid(field.name, reason));
    if !field.choices.is_empty() && !field.choices.contains(&text) {
        return wrong(&format!("must be one of `{}`", field.choices.join("`, `")));
    }
    if let Some(pattern) = field.pattern {
        match Pattern::compile(pattern).and_then(|pattern| pattern.is_match(text)) {
            Ok(true) => {}
            Ok(false) => return wrong(&format!("does not match its pattern `{pattern}`{}", example(field))),
            Err(unusable) => return wrong(&format!("cannot be checked: {unusable}")),
        }
    }
    match field.format {
        Some(Format::Hostname) if !is_hostname(text) => {
            wrong(&format!("must be a host name, without a scheme or a port{}", example(field)))
        }
        Some(Format::Authority) => authority(text).or_else(|reason| wrong(&format!("{reason}{}", example(field)))),
        Some(Format::Uuid) if !is_uuid(text) => wrong("must be a UUID, such as `6ba7b810-9dad-41d1-80b4-00c04fd430c8`"),
        Some(Format::Uri) if !is_uri(text) => wrong(&format!("must be an absolute URL{}", example(field))),
        Some(Format::Email) if !is_email(text) => wrong("must be an e-mail address"),
        _ => Ok(()),
    }
}

fn example(field: &Field) -> String {
    field.example.filter(|_| !field.secret).map_or_else(String::new, |example| format!(", for example `{example}`"))
}

/// True if a field is asked for. Conditions are followed field by field; ones that go in a circle count as met.
fn is_visible<V: FieldValue>(field: &Field, fields: &[Field], values: &BTreeMap<String, V>) -> bool {
    let mut at = field;
    for _ in 0..fields.len() {
        let Some(condition) = at.visible_when else { return true };
        let Some(other) = fields.iter().find(|other| other.name == condition.field) else { return false };
        let given = values.get(other.name).map(FieldValue::text).filter(|text| !text.is_empty());
        if given.or(other.default_value) != Some(condition.equals) {
            return false;
        }
        at = other;
    }
    true
}

fn is_hostname(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

/// A host, perhaps with a port: what may stand between `https://` and the path.
fn authority(text: &str) -> Result<(), &'static str> {
    if text.contains(['/', '\\', '?', '#']) {
        return Err("must be a host name or `host:port`, without a scheme or a path");
    }
    keyway_spec::url::authority(text)
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_uri(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control()) && Url::parse(text).is_ok()
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |text: &str| !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    !local.is_empty()
        && plain(local)
        && is_hostname(domain)
        && domain.split('.').all(|label| !label.is_empty())
        && domain.contains('.')
}

#[cfg(test)]
mod tests;
