//! AWS roles from the customer's ARN to signed calls, every signature verified with `openssl`.
#![allow(clippy::unwrap_used, reason = "a test: what breaks should stop it")]

mod calls;
mod cloud;
#[path = "../../../runtime/tests/signing/openssl.rs"]
mod openssl;
#[path = "../../../runtime/tests/signing/rfc5849.rs"]
mod rfc5849;
mod roles;
mod server;
mod settings;
mod signature;
#[path = "../../../runtime/tests/support/mod.rs"]
mod support;

use cloud::{Cloud, KEY_ID, SECRET_KEY, Sent};
use keyway::connection::ConfigMap;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{Call, Catalogue, Connection, ConnectionKey, Credentials, EgressPolicy, Keyway, Secret};
use keyway_spec::ProviderSpec;
use serde_json::Map;
use std::sync::OnceLock;

const ENTRY: &str = "
aws:
    display_name: AWS
    categories: [storage]
    docs: https://docs.aws.amazon.com
    auth_mode: AWS_SIGV4
    proxy:
        base_url: https://${connectionConfig.service}.${connectionConfig.region}.amazonaws.com
        retry: {after: retry-after}
    credentials:
        role_arn: {type: string, title: Role, description: Its ARN}
    connection_config:
        region: {type: string, title: Region, description: Its region, optional: true}
        service: {type: string, title: '', description: '', automated: true}
    integration_config:
        service: {type: string, title: Service, description: Its name, pattern: '^[a-z0-9-]+$'}
        defaultRegion: {type: string, title: Region, description: If none is given, optional: true}
        stsMode:
            {type: string, title: STS, description: Who issues, enum: [builtin, custom], default_value: builtin, optional: true}
        awsAccessKeyId:
            {type: string, title: Key, description: Its id, secret: true, optional: true, visible_when: {field: stsMode, equals: builtin}}
        awsSecretAccessKey:
            {type: string, title: Secret, description: Its secret, secret: true, optional: true, visible_when: {field: stsMode, equals: builtin}}
        stsEndpointUrl:
            {type: string, title: URL, description: Issues, format: uri, pattern: '^https://', optional: true, visible_when: {field: stsMode, equals: custom}}
        stsAuthType:
            {type: string, title: How, description: Proof, enum: [none, api_key, basic], default_value: none, optional: true, visible_when: {field: stsMode, equals: custom}}
        stsAuthHeader:
            {type: string, title: Header, description: Name, default_value: x-api-key, optional: true, visible_when: {field: stsAuthType, equals: api_key}}
        stsApiKey: {type: string, title: Key, description: Value, secret: true, visible_when: {field: stsAuthType, equals: api_key}}
        stsAuthUsername:
            {type: string, title: Name, description: Name, optional: true, visible_when: {field: stsAuthType, equals: basic}}
        stsAuthPassword:
            {type: string, title: Word, description: Value, secret: true, visible_when: {field: stsAuthType, equals: basic}}
";

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// The entry, compiled once.
fn spec() -> &'static ProviderSpec {
    static SPEC: OnceLock<&'static ProviderSpec> = OnceLock::new();
    SPEC.get_or_init(|| {
        let mut sources = keyway_compiler::source::Sources::default();
        let id = sources.add("providers.yaml", ENTRY.to_owned());
        let (diagnostics, specs) = keyway_compiler::pipeline::compile(&sources, id, &[]);
        let spec = specs.into_iter().next();
        Box::leak(Box::new(spec.unwrap_or_else(|| panic!("the entry does not compile: {diagnostics:?}"))))
    })
}

/// The settings of an operator with keys of its own.
fn builtin(service: &str) -> Vec<(&str, &str)> {
    let keys = [("awsAccessKeyId", KEY_ID), ("awsSecretAccessKey", SECRET_KEY)];
    [("service", service), ("defaultRegion", "us-east-1")].into_iter().chain(keys).collect()
}

fn keyway(cloud: &Cloud, settings: &[(&str, &str)]) -> Keyway {
    built(cloud, settings).unwrap()
}

fn built(cloud: &Cloud, settings: &[(&str, &str)]) -> keyway::Result<Keyway> {
    let custom = settings.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect();
    let record = IntegrationRecord::without_scopes("acme", "aws").custom(custom);
    Keyway::builder()
        .catalogue([spec()].into_iter().collect::<Catalogue>())
        .clock(cloud.clock.clone())
        .transport(cloud.clone())
        .egress(EgressPolicy::default().allow_http(true))
        .integration_record(record)
        .build()
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn connect(keyway: &Keyway, inputs: &[(&str, &str)], config: &[(&str, &str)]) -> keyway::Result<Connection> {
    let inputs = inputs.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect();
    let config: ConfigMap = config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    keyway.import(key(), config, Map::new(), Credentials::submitted(inputs), Trust::User).await
}

/// Status and body of a call.
async fn call(keyway: &Keyway, call: Call) -> (u16, String) {
    let response = keyway.send(&key(), call, None).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect(1000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn actions(seen: &[Sent]) -> Vec<String> {
    seen.iter().map(|sent| sent.parameter("Action")).collect()
}
