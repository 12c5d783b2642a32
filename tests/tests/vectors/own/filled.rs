//! A connection of our entry, made of one that was recorded of the corpus's: with the defaults of our fields, and where
//! a request cannot be made without them, with values of the fields that the recorded connection lacks.
//!
//! A value is the field's example, one of its list, or what the recorded request has in its place.

use crate::recorded;
use keyway::fields::{self, Trust};
use keyway_spec::{Field, ProviderSpec};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// A line whose connection has more than was recorded.
pub(crate) struct Filled {
    pub(crate) line: Value,
    /// The values that no default says, each standing for what a customer or a vendor says.
    pub(crate) values: Vec<String>,
}

/// The line with the defaults that a connection of this entry is made with.
pub(crate) fn with_defaults(spec: &ProviderSpec, line: &Value) -> Filled {
    let mut line = line.clone();
    for (part, field) in fields_of(spec, &line) {
        if let Some(default) = field.default_value.filter(|_| given(&line, part, field).is_none()) {
            line["input"][part][field.name] = default.into();
        }
    }
    Filled { line, values: Vec::new() }
}

/// The ways to say what the recorded connection lacks, the likeliest first.
pub(crate) fn filled(spec: &ProviderSpec, line: &Value, recorded: &Value) -> Vec<Filled> {
    let line = with_defaults(spec, line).line;
    let lacking: Vec<_> = fields_of(spec, &line)
        .into_iter()
        .filter_map(|(part, field)| {
            let given = given(&line, part, field);
            let fits = given.as_deref().map_or(field.optional, |value| takes(field, value));
            (!fits).then(|| (part, field, candidates(field, given.is_some(), recorded)))
        })
        .collect();
    let rounds = lacking.iter().map(|(_, _, candidates)| candidates.len()).max().unwrap_or_default();
    let round = |round: usize| {
        let mut filled = Filled { line: line.clone(), values: Vec::new() };
        for (part, field, candidates) in &lacking {
            let Some(value) = candidates.get(round).or(candidates.first()) else { continue };
            filled.line["input"][*part][field.name] = value.as_str().into();
            filled.values.push(value.clone());
        }
        filled
    };
    (0..rounds).map(round).collect()
}

/// Where a line has the values of a field.
fn fields_of<'s>(spec: &'s ProviderSpec, line: &Value) -> Vec<(&'static str, &'s Field)> {
    let dynamic = line["input"]["dynamic_credentials"].is_object();
    let credentials = if dynamic { "dynamic_credentials" } else { "credentials" };
    let of = |part: &'static str, fields: &'static [Field]| fields.iter().map(move |field| (part, field));
    of("connection_config", spec.connection_config).chain(of(credentials, spec.credentials)).collect()
}

fn given(line: &Value, part: &str, field: &Field) -> Option<String> {
    recorded::flat(&line["input"][part]).remove(field.name).filter(|value| !value.is_empty())
}

fn takes(field: &Field, value: &str) -> bool {
    // The customer or the vendor supplies it, and nothing else has to be chosen before.
    let field = Field { automated: false, visible_when: None, ..*field };
    let values = BTreeMap::from([(field.name.to_owned(), value.to_owned())]);
    fields::validate(&[field], &values, Trust::Operator).is_ok()
}

/// Those that the field takes come first.
fn candidates(field: &Field, unfit_is_given: bool, recorded: &Value) -> Vec<String> {
    let request = recorded["requests"].get(0).unwrap_or(recorded);
    let url = request["url"].as_str().and_then(|url| Url::parse(url).ok());
    let of_request = url.iter().flat_map(|url| {
        let (host, origin) = (url.host_str().unwrap_or_default(), url.origin().ascii_serialization());
        [host.to_owned(), origin.clone(), format!("{origin}/v1")]
    });
    let said = field.choices.iter().copied().chain(field.example).chain(["1234567"]).map(str::to_owned);
    // What was given in other words is the host.
    let all: Vec<String> = said.filter(|_| !unfit_is_given).chain(of_request).collect();
    let (taken, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|value| takes(field, value));
    taken.into_iter().chain(others).collect()
}

#[test]
fn a_field_takes_its_example_before_what_the_recorded_request_has() {
    let recorded = serde_json::json!({"method": "GET", "url": "https://acme.example.com/v1/things"});
    let field = Field { name: "a", ..Field::EMPTY };
    let cases = [
        (Field { example: Some("acme"), ..field }, false, "acme"),
        (Field { choices: &["na", "eu"], example: Some("eu"), ..field }, false, "na"),
        (Field { pattern: Some("^https://.*/v[0-9]$"), ..field }, false, "https://acme.example.com/v1"),
        (Field { format: Some(keyway_spec::Format::Uri), automated: true, ..field }, false, "https://acme.example.com"),
        (field, false, "1234567"),
        // Its own value did not fit, so it is said in another way.
        (Field { example: Some("acme"), ..field }, true, "acme.example.com"),
    ];
    for (field, unfit_is_given, expected) in cases {
        let found = candidates(&field, unfit_is_given, &recorded);
        assert_eq!(found.first().map(String::as_str), Some(expected), "{field:?}");
    }
}
