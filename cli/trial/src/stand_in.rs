//! What a customer and an operator would say, made from the entry alone.
//!
//! A field's value is its default, its first choice or its example; else one that its format has, else one that its
//! pattern matches, else its name. The runtime holds each against the field as it does a person's.

use keyway::Secret;
use keyway::connection::ConfigMap;
use keyway_compiler::patterns::Language;
use keyway_spec::mode::{InForm, Input};
use keyway_spec::{Field, Format, ProviderSpec};
use std::collections::BTreeMap;

/// The client that the operator registered.
pub const CLIENT_ID: &str = "trial-client-id";
/// Its secret.
pub const CLIENT_SECRET: &str = "trial-client-secret";

/// What was said about an account.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Said {
    /// The connection's configuration.
    pub config: ConfigMap,
    /// Submitted credentials.
    pub credentials: BTreeMap<String, Secret>,
    /// Inputs of an assertion.
    pub assertion_options: BTreeMap<String, Secret>,
    /// The operator's settings.
    pub settings: BTreeMap<String, Secret>,
    /// Fields for which no value was found: a person could not fill them in either.
    pub impossible: Vec<&'static str>,
}

/// Values for everything that an entry asks for.
pub fn said(spec: &'static ProviderSpec) -> Said {
    let mut said = Said::default();
    let impossible = &mut said.impossible;
    fill(spec.connection_config, &mut said.config, impossible);
    fill(spec.credentials, &mut said.credentials, impossible);
    fill(spec.assertion_option, &mut said.assertion_options, impossible);
    fill(spec.integration_config, &mut said.settings, impossible);
    // What every entry of the mode has submitted, where this one does not say more of it.
    let asked = spec.auth.facts().inputs.iter().filter(|input| input.in_form == InForm::Always);
    for Input { name, .. } in asked.filter(|input| spec.credentials.iter().all(|field| field.name != input.name)) {
        said.credentials.entry((*name).to_owned()).or_insert_with(|| Secret::from(format!("trial-{name}")));
    }
    said
}

/// Values that only the vendor supplies, where a field says what they are like.
pub fn supplied(spec: &'static ProviderSpec) -> BTreeMap<String, String> {
    let fields = spec.connection_config.iter().filter(|field| field.automated);
    let said = fields.filter(|field| field.pattern.is_some() || field.example.is_some() || !field.choices.is_empty());
    said.filter_map(|field| Some((field.name.to_owned(), value(field)?))).collect()
}

fn fill<V: for<'a> From<&'a str>>(
    fields: &'static [Field],
    values: &mut BTreeMap<String, V>,
    impossible: &mut Vec<&'static str>,
) {
    for field in fields.iter().filter(|field| !field.automated) {
        // An optional field is left out, as most people do, but for what shows when another has its value.
        if field.optional && field.default_value.is_none() {
            continue;
        }
        match value(field) {
            Some(value) => drop(values.insert(field.name.to_owned(), value.as_str().into())),
            None => impossible.push(field.name),
        }
    }
}

/// A value that a field takes.
fn value(field: &Field) -> Option<String> {
    let named = field.default_value.or(field.choices.first().copied()).or(field.example);
    if let Some(named) = named {
        return Some(named.to_owned());
    }
    match (field.pattern, field.format) {
        (Some(pattern), _) => of_pattern(pattern),
        (None, Some(format)) => Some(of_format(format).to_owned()),
        (None, None) => Some(format!("trial-{}", field.name)),
    }
}

fn of_format(format: Format) -> &'static str {
    match format {
        Format::Hostname => "trial.example.com",
        Format::Uuid => "6f1c3b52-8f0e-4a39-9f51-0d7b6a0c2e11",
        Format::Uri => "https://trial.example.com",
        Format::Email => "trial@example.com",
    }
}

/// A short text that a pattern matches: of plain letters and digits if there is one.
fn of_pattern(pattern: &str) -> Option<String> {
    let all = Language::of(pattern)?;
    let without = |texts: &str| all.outside(&Language::of(texts)?);
    // Outside of the texts with another character: of these characters alone. Outside of no text: any.
    without("[^a-z0-9]|^$").or_else(|| without("[^A-Za-z0-9._-]|^$")).or_else(|| without(r"^[^\s\S]$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_gets_a_value_that_it_takes() {
        let field = |pattern, format| Field { name: "x", pattern, format, ..Field::EMPTY };
        for (field, expected) in [
            (Field { default_value: Some("a"), choices: &["b"], ..field(None, None) }, Some("a")),
            (Field { choices: &["b"], example: Some("c"), ..field(None, None) }, Some("b")),
            (Field { example: Some("c"), ..field(Some("^d$"), None) }, Some("c")),
            (field(None, Some(Format::Hostname)), Some("trial.example.com")),
            (field(None, None), Some("trial-x")),
            (field(Some("^[a-z]{3}-[0-9]{2}$"), None), Some("aaa-00")),
            (field(Some(r"^https://[a-z]+\.acme\.com$"), None), Some("https://a.acme.com")),
            (field(Some("^(us|eu)1?$"), None), Some("eu")),
            (field(Some("^[^\\s\\S]$"), None), None),
        ] {
            assert_eq!(value(&field).as_deref(), expected, "{:?} {:?}", field.pattern, field.format);
        }
    }
}
