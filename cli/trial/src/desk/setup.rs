//! The values that a person copies from the page: the customer's, the operator's, and both as requests to
//! `keyway serve`.

use keyway_simulator::SimulatedAccount;
use keyway_spec::mode::Connect;
use keyway_spec::{Field, ProviderSpec};
use serde_json::{Map, Value, json};

/// The values of one account.
#[derive(Clone, Debug)]
pub struct Setup {
    pub(super) spec: &'static ProviderSpec,
    /// The URL of the page.
    pub(super) origin: String,
    /// The values that the customer fills in: title, name, value.
    pub(super) customer: Vec<[String; 3]>,
    /// The operator's client and settings.
    pub(super) operator: Vec<[String; 3]>,
    /// The body of `POST /integrations`.
    pub(super) integration: String,
    /// The body of `POST /connections`, or of `POST /connect/sessions` where a browser is sent to the vendor.
    pub(super) connection: String,
    /// The path of that request.
    pub(super) connection_path: &'static str,
    /// True if a browser is sent to the vendor, behind the form that the customer fills in.
    pub(super) is_interactive: bool,
}

/// The values of an account at a stand-in with this origin.
pub fn set_up(spec: &'static ProviderSpec, account: &SimulatedAccount, origin: &str) -> Setup {
    let said = |fields: &[Field], name: &str| {
        fields.iter().find(|field| field.name == name).map_or("", |field| field.title).to_owned()
    };
    let rows = |values: &keyway_simulator::Texts, fields: &[Field]| -> Vec<[String; 3]> {
        let is_supplied = |name: &str| fields.iter().any(|field| field.name == name && field.automated);
        let own = values.iter().filter(|(name, _)| !is_supplied(name));
        own.map(|(name, value)| [said(fields, name), name.clone(), value.clone()]).collect()
    };
    let config = rows(&account.config, spec.connection_config);
    // A vendor makes up what no field asks for.
    let asked = |row: &[String; 3]| spec.connection_config.iter().any(|field| field.name == row[1]);
    let config: Vec<[String; 3]> = config.into_iter().filter(asked).collect();
    let credentials = rows(&account.credentials, spec.credentials);
    let assertion = rows(&account.assertion_options, spec.assertion_option);
    let settings = rows(&account.settings, spec.integration_config);
    let map = |rows: &[[String; 3]]| -> Map<String, Value> {
        rows.iter().map(|[_, name, value]| (name.clone(), Value::from(value.as_str()))).collect()
    };
    let is_interactive = spec.auth.connect() == Connect::Interactive;
    let needs_client = is_interactive || spec.auth.facts().app_page;
    let mut integration = Map::from_iter([("provider".to_owned(), Value::from(spec.key))]);
    let mut operator = Vec::new();
    if needs_client {
        let client = [("client_id", &account.client_id), ("client_secret", &account.client_secret)];
        for (name, value) in client {
            integration.insert(name.to_owned(), Value::from(value.as_str()));
            operator.push([String::new(), name.to_owned(), value.clone()]);
        }
    }
    if !account.scopes.is_empty() {
        integration.insert("scopes".to_owned(), json!(account.scopes));
        operator.push([String::new(), "scopes".to_owned(), account.scopes.join(" ")]);
    }
    if !settings.is_empty() {
        integration.insert("custom".to_owned(), Value::Object(map(&settings)));
    }
    let host = origin.strip_prefix("http://").unwrap_or(origin);
    if config.iter().any(|[_, _, value]| value == origin) {
        integration.insert("allowed_hosts".to_owned(), json!([host]));
    }
    operator.extend(settings);
    let id = account.connection_id.as_str();
    let mut connection = json!({"integration": spec.key, "connection_id": id});
    if let Some(members) = connection.as_object_mut() {
        let groups = [("config", &config), ("credentials", &credentials), ("assertion_option", &assertion)];
        // Before a browser is sent to the vendor, the customer fills in a form.
        for (name, rows) in groups.into_iter().filter(|(_, rows)| !rows.is_empty() && !is_interactive) {
            members.insert(name.to_owned(), Value::Object(map(rows)));
        }
    }
    let text = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    Setup {
        spec,
        origin: origin.to_owned(),
        customer: [config, credentials, assertion].concat(),
        operator,
        integration: text(&Value::Object(integration)),
        connection: text(&connection),
        connection_path: if is_interactive { "/connect/sessions" } else { "/connections" },
        is_interactive,
    }
}
