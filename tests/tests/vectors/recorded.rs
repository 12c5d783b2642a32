//! What a recording was made with: the lines, the frozen clock, a connection as a line describes it.

use keyway::clock::{Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::secret::Secret;
use keyway_spec::{Auth, ProviderSpec};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The instant of the recording.
pub(crate) fn now() -> Timestamp {
    "2026-01-02T03:04:05.000Z".parse().unwrap()
}

/// The lines of a file; `None`, said aloud, where there are no recordings.
pub(crate) fn lines(file: &str) -> Option<Vec<Value>> {
    let path = match std::env::var_os("KEYWAY_VECTORS") {
        Some(folder) => Some(std::path::PathBuf::from(folder).join(format!("{file}.jsonl"))),
        None => keyway_tests::shared(&format!("golden/{file}.jsonl")),
    };
    let text = std::fs::read_to_string(path?).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Whether they are those that the list of deviations has figures of.
pub(crate) fn are_the_shared_ones() -> bool {
    std::env::var_os("KEYWAY_VECTORS").is_none()
}

/// A connection and its integration as a line describes them.
pub(crate) struct Account {
    config: ConfigMap,
    metadata: Map<String, Value>,
    credentials: Credentials,
    integration: IntegrationRecord,
    moment: Moment,
}

impl Account {
    /// With the nonce that the recording made of a frozen `Math.random`, where a request of the line has one.
    pub(crate) fn with_nonce_of(mut self, line: &Value) -> Account {
        // All random bytes of the recording are 0xab.
        if line["flow"] == "signature" {
            self.moment.uuid = "ab".repeat(16);
        }
        let text = line.to_string();
        let nonce = text.split_once("oauth_nonce=\\\"").and_then(|(_, rest)| rest.split_once('\\'));
        if let Some((nonce, _)) = nonce {
            nonce.clone_into(&mut self.moment.uuid);
        }
        self
    }

    /// The same without a UUID, ten years later.
    pub(crate) fn at_another_moment(mut self) -> Account {
        let later = keyway::clock::Timestamp::from_second(now().as_second() + 315_360_000).unwrap();
        self.moment = Moment { now: later, uuid: String::new() };
        self
    }

    /// From the `input` of a line.
    pub(crate) fn of(spec: &ProviderSpec, input: &Value) -> Account {
        let (mut config, mut own_client) = (flat(&input["connection_config"]), Vec::new());
        // The customer's own client, which the recording keeps among the configuration.
        if matches!(spec.auth, Auth::Tba) {
            for name in ["oauth_client_id", "oauth_client_secret"] {
                own_client.extend(config.remove(name).map(|value| (format!("{name}_override"), Secret::from(value))));
            }
        }
        let given = if input["dynamic_credentials"].is_object() { "dynamic_credentials" } else { "credentials" };
        let mut credentials = credentials(&input[given]);
        credentials.inputs.extend(own_client);
        Account {
            config,
            metadata: Map::new(),
            credentials: remembering(credentials, input),
            integration: integration(spec, input),
            moment: Moment { now: now(), uuid: "11111111-2222-4333-8444-555555555555".to_owned() },
        }
    }

    pub(crate) fn inputs<'a>(&'a self, spec: &'a ProviderSpec) -> Inputs<'a> {
        Inputs {
            spec,
            integration: &self.integration,
            config: &self.config,
            connection_id: "connection-1",
            metadata: &self.metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }
}

/// Nested maps become dotted names; lists have no use in a configuration.
pub(crate) fn flat(value: &Value) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((prefix, value)) = open.pop() {
        match value {
            Value::Object(object) => open.extend(object.iter().map(|(name, inner)| {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                (path, inner)
            })),
            Value::String(text) => drop(map.insert(prefix, text.clone())),
            Value::Bool(_) | Value::Number(_) => drop(map.insert(prefix, value.to_string())),
            Value::Null | Value::Array(_) => {}
        }
    }
    map
}

/// Where a refresh mentions the redirect URI, the connection remembers it.
fn remembering(mut credentials: Credentials, input: &Value) -> Credentials {
    if let Some(redirect_uri) = input["callback_url"].as_str() {
        credentials.obtained.insert("redirectUri".to_owned(), redirect_uri.into());
    }
    credentials
}

/// Stored credentials: the recorded names of tokens and sessions mean [`Token`] and what was obtained beside it.
pub(crate) fn credentials(given: &Value) -> Credentials {
    const OF_TOKEN: [&str; 6] = ["type", "access_token", "refresh_token", "token", "expires_at", "raw"];
    const OBTAINED: [&str; 6] =
        ["access_key_id", "secret_access_key", "session_token", "oauth_token_secret", "session_id", "user_id"];
    let text = |name: &str| given[name].as_str().map(Secret::from);
    let access =
        ["access_token", "token", "oauth_token", "session_token", "session_id"].iter().find_map(|name| text(name));
    let (mut inputs, mut obtained) = (BTreeMap::new(), BTreeMap::new());
    for (name, value) in flat(given) {
        let root = name.split('.').next().unwrap_or_default();
        if OBTAINED.contains(&name.as_str()) {
            obtained.insert(name, value.into());
        } else if !OF_TOKEN.contains(&root) && root != "assertionOption" {
            inputs.insert(name, value.into());
        }
    }
    let refresh = text("refresh_token");
    let token = (access.is_some() || refresh.is_some()).then(|| {
        Token::new(access.unwrap_or_default())
            .refresh(refresh)
            .expires_at(given["expires_at"].as_str().and_then(|text| text.parse().ok()))
            .raw(given.get("raw").map(|raw| Secret::from(raw.to_string())))
    });
    let options = given["assertionOption"].as_object().into_iter().flatten();
    let assertion_options =
        options.filter_map(|(name, value)| Some((name.clone(), Secret::from(value.as_str()?)))).collect();
    Credentials::submitted(inputs).assertion_options(assertion_options).token(token).obtained(obtained)
}

/// The app's page, where a line does not say which.
const APP_LINK: &str = "https://github.com/apps/my-app";

fn integration(spec: &ProviderSpec, input: &Value) -> IntegrationRecord {
    let given = &input["integration"];
    let custom = given["custom"].as_object().into_iter().flatten();
    let id = given["oauth_client_id"].as_str().or(input["client_id"].as_str());
    // Of the other modes the connection has the scopes.
    let scopes = given["oauth_scopes"].as_str().filter(|_| matches!(spec.auth, keyway_spec::Auth::OAuth2(_)));
    let scopes = scopes.into_iter().flat_map(|all| all.split(','));
    let custom = custom.filter_map(|(name, value)| Some((name.clone(), Secret::from(value.as_str()?)))).collect();
    let app_link = input["connection_config"]["appPublicLink"].as_str().unwrap_or(APP_LINK);
    let mut integration = IntegrationRecord::without_scopes(spec.key, spec.key)
        .scopes(scopes)
        .allowed_hosts(["override.example", "*.o.example"])
        .custom(custom)
        .app_link(app_link);
    integration.client_id = id.map(str::to_owned);
    integration.client_secret = given["oauth_client_secret"].as_str().map(Secret::from);
    integration
}
