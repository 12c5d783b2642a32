//! The fields of an integration's form, and what was entered in them as the API takes it.
//!
//! Secrets are never shown: an empty field leaves what is stored as it is, and a box takes it away.

use super::guard::Submitted;
use crate::error::ApiError;
use crate::input::Fields;
use keyway::integration::IntegrationRecord;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::{Client, TokenFrom};
use serde_json::{Map, Value, json};

/// The form of an integration.
pub(super) struct Setup<'a> {
    pub(super) key: &'a str,
    /// True where the integration is not there yet.
    pub(super) is_new: bool,
    /// True where the mode knows a client of the operator's.
    pub(super) has_client: bool,
    pub(super) needs_client: bool,
    pub(super) client_id: &'a str,
    pub(super) has_secret: bool,
    pub(super) has_scopes: bool,
    pub(super) scopes: Vec<OfferedScope<'a>>,
    /// Scopes that the entry does not list, one on a line.
    pub(super) more_scopes: String,
    pub(super) custom: Vec<CustomField<'a>>,
    pub(super) allowed_hosts: String,
    pub(super) base_url: &'a str,
    pub(super) app_link: &'a str,
    pub(super) has_app_link: bool,
}

/// A scope to tick.
pub(super) struct OfferedScope<'a> {
    pub(super) name: &'a str,
    pub(super) allows: &'a str,
    pub(super) asked: bool,
}

/// A field that the entry asks the operator for.
pub(super) struct CustomField<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) is_set: bool,
}

impl<'a> Setup<'a> {
    /// The form of a record.
    pub(super) fn new(spec: &'a ProviderSpec, record: &'a IntegrationRecord) -> Setup<'a> {
        let facts = spec.auth.facts();
        let is_asked = |scope: &str| record.scopes.iter().any(|asked| asked == scope);
        let of_entry = spec.known_scopes.iter().map(|scope| (scope.name, scope.allows.unwrap_or_default()));
        let default =
            spec.default_scopes.iter().filter(|name| spec.known_scopes.iter().all(|known| known.name != **name));
        let offered = of_entry.chain(default.map(|name| (*name, "")));
        let scopes: Vec<OfferedScope<'_>> =
            offered.map(|(name, allows)| OfferedScope { name, allows, asked: is_asked(name) }).collect();
        let more = record.scopes.iter().filter(|scope| scopes.iter().all(|offered| offered.name != **scope));
        Setup {
            key: &record.key,
            is_new: record.id.is_empty(),
            has_client: facts.client != Client::None,
            needs_client: facts.client == Client::Required,
            client_id: record.client_id.as_deref().unwrap_or_default(),
            has_secret: record.client_secret.is_some(),
            has_scopes: facts.token == TokenFrom::Consent || !scopes.is_empty() || !record.scopes.is_empty(),
            more_scopes: more.map(String::as_str).collect::<Vec<_>>().join("\n"),
            scopes,
            custom: custom(spec, record),
            allowed_hosts: record.allowed_hosts.join("\n"),
            base_url: record.base_url.as_deref().unwrap_or_default(),
            app_link: record.app_link.as_deref().unwrap_or_default(),
            has_app_link: facts.app_page,
        }
    }
}

fn custom<'a>(spec: &'a ProviderSpec, record: &IntegrationRecord) -> Vec<CustomField<'a>> {
    let fields = spec.integration_config.iter().filter(|field| !field.automated).map(|field| CustomField {
        name: field.name,
        title: if field.title.is_empty() { field.name } else { field.title },
        description: field.description,
        is_set: record.custom.contains_key(field.name),
    });
    fields.collect()
}

/// The entered values, as the body of the API's request.
pub(super) fn read(spec: &ProviderSpec, form: &Submitted) -> Result<Fields, ApiError> {
    let mut body = Map::new();
    body.insert("key".to_owned(), json!(form.text("key")));
    // A form that does not ask for something leaves it as it is.
    for name in ["client_id", "base_url", "app_link"].into_iter().filter(|name| form.has(name)) {
        let text = form.text(name);
        body.insert(name.to_owned(), if text.is_empty() { Value::Null } else { json!(text) });
    }
    // A secret is replaced or taken away, and otherwise stays.
    match (form.text("client_secret"), form.text("remove_client_secret")) {
        ("", "") => {}
        ("", _) => drop(body.insert("client_secret".to_owned(), Value::Null)),
        (secret, _) => drop(body.insert("client_secret".to_owned(), json!(secret))),
    }
    if form.has("more_scopes") {
        let more = form.text("more_scopes").split([',', '\n', ' ']).map(str::trim).filter(|scope| !scope.is_empty());
        let scopes: Vec<&str> = form.all("scope").chain(more).collect();
        body.insert("scopes".to_owned(), json!(scopes));
    }
    if form.has("allowed_hosts") {
        let hosts: Vec<&str> = form.text("allowed_hosts").split_whitespace().collect();
        body.insert("allowed_hosts".to_owned(), json!(hosts));
    }
    let is_asked = |name: &str| spec.integration_config.iter().any(|field| field.name == name);
    let custom: Map<String, Value> = form
        .behind("custom.")
        .filter(|(name, value)| is_asked(name) && !value.is_empty())
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    if !custom.is_empty() {
        body.insert("custom".to_owned(), Value::Object(custom));
    }
    Fields::parse(Value::Object(body).to_string().as_bytes())
}
