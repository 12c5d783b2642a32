//! Values that a customer and an operator would enter, made from the entry alone.
//!
//! A field's value is its default, its first choice or its example; else one that its format has, else one that its
//! pattern matches, else its name. The runtime holds each against the field as it does a person's.

use crate::places::{Places, places};
use crate::signing_keys;
use keyway::Secret;
use keyway::connection::{ConfigMap, Trust};
use keyway::egress::HostPattern;
use keyway::fields::validate;
use keyway_compiler::patterns::Language;
use keyway_spec::mode::{InForm, Input};
use keyway_spec::{Field, Format, Position, ProviderSpec};
use std::collections::BTreeMap;

/// The client that the operator registered.
pub const CLIENT_ID: &str = "trial-client-id";

/// The values that are entered for an account.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct StandInValues {
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

/// The fields that a customer fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Those that are required, as most people do.
    Required,
    /// Optional fields too.
    All,
}

/// Values for everything that an entry asks for.
pub fn said(spec: &'static ProviderSpec, filled: Filled) -> StandInValues {
    let mut said = StandInValues::default();
    let impossible = &mut said.impossible;
    let (config, credentials) = places(spec);
    let form = StandInForm { filled, places: &config };
    form.fill(spec.connection_config, &mut said.config, impossible);
    let form = StandInForm { filled, places: &credentials };
    form.fill(spec.credentials, &mut said.credentials, impossible);
    form.fill(spec.assertion_option, &mut said.assertion_options, impossible);
    form.fill(spec.integration_config, &mut said.settings, impossible);
    // What every entry of the mode has submitted, where this one does not say more of it.
    let asked = spec.auth.facts().inputs.iter().filter(|input| input.in_form == InForm::Always);
    for Input { name, .. } in asked.filter(|input| spec.credentials.iter().all(|field| field.name != input.name)) {
        said.credentials.entry((*name).to_owned()).or_insert_with(|| Secret::from(format!("trial-{name}")));
    }
    signing_keys::set(spec, &mut said.settings);
    signing_keys::sign(spec, &mut said.credentials, &mut said.assertion_options);
    said
}

/// The hosts that an operator would list, of those that values name whole.
pub fn hosts<'v>(values: impl Iterator<Item = &'v String>) -> Vec<String> {
    let values = values.map(|value| {
        let behind = value.split_once("://").map_or(value.as_str(), |(_, behind)| behind);
        behind.split('/').next().unwrap_or(behind)
    });
    let named = values.filter(|host| host.contains('.') && HostPattern::parse(host).is_ok());
    named.flat_map(|host| [host.to_owned(), format!("*.{host}")]).collect()
}

/// Values of everything that only the vendor supplies, for an account that is found connected.
pub fn found_out(spec: &'static ProviderSpec) -> BTreeMap<String, String> {
    let (config, _) = places(spec);
    let fields = spec.connection_config.iter().filter(|field| field.automated);
    let values =
        fields.filter_map(|field| Some((field.name.to_owned(), value(field, config.get(field.name).copied())?)));
    values.collect()
}

/// Values that only the vendor supplies, where a field says what they are like.
pub fn supplied(spec: &'static ProviderSpec) -> BTreeMap<String, String> {
    let fields = spec.connection_config.iter().filter(|field| field.automated);
    // A host is that of the vendor, which its stand-in knows.
    let is_made = |format| matches!(format, Format::Uuid | Format::Email);
    let said = fields.filter(|field| {
        field.pattern.is_some()
            || field.example.is_some()
            || !field.choices.is_empty()
            || field.format.is_some_and(is_made)
    });
    said.filter_map(|field| Some((field.name.to_owned(), value(field, None)?))).collect()
}

/// A form that is filled in.
struct StandInForm<'a> {
    filled: Filled,
    places: &'a Places,
}

impl StandInForm<'_> {
    fn fill<V: for<'a> From<&'a str>>(
        &self,
        fields: &'static [Field],
        values: &mut BTreeMap<String, V>,
        impossible: &mut Vec<&'static str>,
    ) {
        for field in fields.iter().filter(|field| !field.automated) {
            let is_left_out = field.optional && field.default_value.is_none() && self.filled == Filled::Required;
            if is_left_out || field.visible_when.is_some() {
                continue;
            }
            match value(field, self.places.get(field.name).copied()) {
                Some(value) => drop(values.insert(field.name.to_owned(), value.as_str().into())),
                None if field.optional => {}
                None => impossible.push(field.name),
            }
        }
    }
}

/// A value that a field takes: the first that it takes itself, of those that it says, and of those that its place, its
/// format and its pattern have.
fn value(field: &'static Field, position: Option<Position>) -> Option<String> {
    let said = [field.default_value, field.choices.first().copied(), field.example].into_iter().flatten();
    let made = [
        position.and_then(of_position).map(str::to_owned),
        field.format.map(|format| of_format(format).to_owned()),
        Some(format!("trial-{}", field.name.to_ascii_lowercase())),
        Some("trial.example.com".to_owned()),
    ];
    let known = said.map(str::to_owned).chain(made.into_iter().flatten());
    let takes = |value: &String| takes(field, value);
    // A pattern may take a text that its place does not: what the place asks for comes first.
    known.into_iter().find(takes).or_else(|| field.pattern.and_then(of_pattern).filter(takes))
}

/// True if a field takes a value that the vendor supplies.
pub(crate) fn takes(field: &'static Field, value: &str) -> bool {
    let values = BTreeMap::from([(field.name.to_owned(), value.to_owned())]);
    validate(std::slice::from_ref(field), &values, Trust::Provider).is_ok()
}

/// A value that fits a place where not every text does.
fn of_position(position: Position) -> Option<&'static str> {
    match position {
        Position::Origin => Some("https://trial.example.com"),
        Position::Host => Some("trial.example.com"),
        Position::Port => Some("8443"),
        Position::HostLabel => Some("trial"),
        _ => None,
    }
}

fn of_format(format: Format) -> &'static str {
    match format {
        Format::Hostname => "trial.example.com",
        Format::Authority => "trial.example.com:8443",
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
            (Field { default_value: Some("b"), choices: &["a", "b"], ..field(None, None) }, Some("b")),
            (Field { choices: &["b"], example: Some("c"), ..field(None, None) }, Some("b")),
            (Field { example: Some("c"), ..field(Some("^d$"), None) }, Some("d")),
            (Field { example: Some("a.example.com"), ..field(None, None) }, Some("a.example.com")),
            (field(Some("^https?://.*$"), Some(Format::Uri)), Some("https://trial.example.com")),
            (field(None, Some(Format::Hostname)), Some("trial.example.com")),
            (field(None, None), Some("trial-x")),
            (field(Some("^[a-z]{3}-[0-9]{2}$"), None), Some("aaa-00")),
            (field(Some(r"^https://[a-z]+\.acme\.com$"), None), Some("https://a.acme.com")),
            (field(Some("^(us|eu)1?$"), None), Some("eu")),
            (field(Some("^[^\\s\\S]$"), None), None),
        ] {
            let field: &'static Field = Box::leak(Box::new(field));
            assert_eq!(value(field, None).as_deref(), expected, "{:?} {:?}", field.pattern, field.format);
        }
    }
}
