//! What a customer submits and an operator sets up, for each provider of the fixture: every secret is marked, or is
//! the one key where a key has to be one.

use crate::seen::{KEY, secret};
use keyway::Secret;
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::integration::IntegrationRecord;
use keyway_compiler::{pipeline, source::Sources};
use keyway_spec::{Auth, ProviderSpec};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::OnceLock;

/// The providers of the fixture at a mock.
pub(crate) fn providers(mock: SocketAddr) -> Vec<&'static ProviderSpec> {
    let text = include_str!("providers.yaml").replace("ORIGIN", &format!("http://{mock}"));
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let (diagnostics, specs) = pipeline::compile(&sources, file, &[]);
    assert!(specs.len() >= 29, "{} entries: {diagnostics:?}", specs.len());
    specs.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect()
}

/// The operator's settings.
pub(crate) fn integration(spec: &ProviderSpec, mock: SocketAddr) -> IntegrationRecord {
    let signs = matches!(spec.auth, Auth::App(_)) || spec.key == "oauth-assertion";
    let set = |name: &str, value: String| (name.to_owned(), Secret::from(value));
    let mut custom = BTreeMap::from([
        set("webhookSecret", secret("webhook")),
        set("app_id", "42".to_owned()),
        set("private_key", KEY.to_owned()),
        set("username", "plugin".to_owned()),
        set("password", secret("plugin")),
    ]);
    if matches!(spec.auth, Auth::AwsSigV4) {
        custom.extend([
            set("service", "s3".to_owned()),
            set("defaultRegion", "us-east-1".to_owned()),
            set("stsMode", "custom".to_owned()),
            set("stsEndpointUrl", format!("http://{mock}/token")),
            set("stsAuthType", "basic".to_owned()),
            set("stsAuthUsername", "sts".to_owned()),
            set("stsAuthPassword", secret("sts")),
        ]);
    }
    let discovers = matches!(spec.auth, Auth::McpOAuth2(_) | Auth::McpOAuth2Generic);
    let mut integration = IntegrationRecord::without_scopes(spec.key, spec.key)
        .custom(custom)
        .app_link(format!("http://{mock}/apps/mine"));
    if !discovers {
        integration.client_id = Some("client".to_owned());
        integration.client_secret = Some(if signs { KEY.into() } else { secret("client").into() });
    }
    integration
}

/// The customer's configuration.
pub(crate) fn config(spec: &ProviderSpec, mock: SocketAddr) -> ConfigMap {
    let pairs: &[(&str, String)] = match spec.key {
        "key" => &[("appKey", secret("app"))],
        "outbound" => &[("actor", "a-1".to_owned())],
        "tba" => &[("accountId", "123-sb1".to_owned())],
        "mcp-generic" => &[("mcp_server_url", format!("http://{mock}/server"))],
        _ => &[],
    };
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// What a customer submits; nothing for modes that send a browser away.
pub(crate) fn submitted(spec: &ProviderSpec) -> Credentials {
    let client = ("client_id", "ann".to_owned());
    let inputs: Vec<(&str, String)> = match spec.key {
        "key" | "key-in-path" => vec![("apiKey", secret("key"))],
        "basic" | "wsse" => vec![("username", "ann".to_owned()), ("password", secret("password"))],
        "cc" | "cc-query" => vec![client, ("client_secret", secret("customers"))],
        "cc-assertion" => vec![client, ("client_private_key", KEY.to_owned())],
        "cc-certificate" => vec![
            client,
            ("client_secret", secret("customers")),
            ("client_certificate", certificate().to_owned()),
            ("client_private_key", KEY.to_owned()),
        ],
        "two-step" => vec![("user", "ann".to_owned()), ("password", secret("password"))],
        "two-step-get" | "two-step-xml" => vec![("password", secret("password"))],
        "two-step-jwt" | "two-step-saml" => vec![("secret", secret("asserted"))],
        "jwt" => vec![("privateKey", KEY.to_owned()), ("issuer", "me".to_owned())],
        "tba" => vec![
            ("token_id", secret("token-id")),
            ("token_secret", secret("token-secret")),
            ("oauth_client_id_override", "own".to_owned()),
            ("oauth_client_secret_override", secret("own-client")),
        ],
        "session" => vec![
            ("username", "ann".to_owned()),
            ("password", secret("password")),
            ("organization_id", "org".to_owned()),
            ("dev_key", secret("dev-key")),
        ],
        // The name of a role is configuration, not a secret.
        "sigv4" => vec![("role_arn", "arn:aws:iam::123456789012:role/ours".to_owned())],
        _ => Vec::new(),
    };
    let inputs = inputs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let assertion_options = match spec.assertion_option {
        [] => BTreeMap::new(),
        _ => BTreeMap::from([("privateKey".to_owned(), KEY.into())]),
    };
    Credentials::submitted(inputs).assertion_options(assertion_options)
}

/// A token that was obtained elsewhere.
pub(crate) fn imported() -> Credentials {
    let token = Token::new(secret("imported"))
        .refresh(Secret::from(secret("imported-refresh")))
        .raw(Secret::from(secret("raw")));
    let obtained = BTreeMap::from([("oauth_token_secret".to_owned(), secret("imported-secret").into())]);
    Credentials::default().token(token).obtained(obtained)
}

/// The same with a line break in every submitted value.
pub(crate) fn broken(credentials: &Credentials) -> Credentials {
    let break_up = |values: &BTreeMap<String, Secret>| -> BTreeMap<String, Secret> {
        values.iter().map(|(name, value)| (name.clone(), format!("{}\r\nx: y", value.expose()).into())).collect()
    };
    credentials
        .clone()
        .inputs(break_up(&credentials.inputs))
        .assertion_options(break_up(&credentials.assertion_options))
}

/// A certificate for the key, made once.
fn certificate() -> &'static str {
    static CERTIFICATE: OnceLock<String> = OnceLock::new();
    CERTIFICATE.get_or_init(|| {
        let key = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/core/tests/keys/rsa.pkcs8.pem");
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-new", "-x509", "-subj", "/CN=client", "-days", "1", "-key", key]);
        String::from_utf8(openssl.output().unwrap().stdout).unwrap()
    })
}
