//! The bodies of requests, as `/openapi.json` says them.
//!
//! `input::Fields` reads these bodies, because a derived reader would quote the value that it cannot read. So these
//! types hold nothing; a test holds the reader's names against theirs, both ways.
#![expect(dead_code, reason = "they describe what `input::Fields` reads")]

use schemars::JsonSchema;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A name that a caller chooses: no control character, no blank at either end, and none that paths mean.
type Name = String;

/// A new integration.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct NewIntegration {
    /// The provider's key in the catalogue.
    #[schemars(length(min = 1))]
    provider: String,
    #[schemars(flatten)]
    settings: IntegrationSettings,
}

/// A change of an integration: members that are given replace the old value, `null` clears it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct IntegrationChange {
    #[schemars(flatten)]
    settings: IntegrationSettings,
}

/// The settings of an integration.
#[derive(JsonSchema)]
struct IntegrationSettings {
    /// Its key; the provider's by default. In a change it renames, and `null` is refused.
    #[schemars(default, skip_serializing_if = "String::is_empty", transform = super::names::name)]
    key: Name,
    /// The OAuth client id.
    client_id: Option<String>,
    /// The OAuth client secret. It is never shown.
    #[schemars(extend("writeOnly" = true))]
    client_secret: Option<String>,
    /// The scopes to ask for; those of the entry unless given, `[]` for none.
    scopes: Option<Vec<String>>,
    /// Hosts (`sso.example.com`, `*.example.com`) that may receive the operator's secrets, and that a base URL override
    /// may name.
    allowed_hosts: Option<Vec<String>>,
    /// Where calls go instead of the provider's base URL: a whole URL.
    base_url: Option<String>,
    /// The provider's `integration_config`. It is never shown.
    #[schemars(extend("writeOnly" = true))]
    custom: Option<BTreeMap<String, String>>,
    /// The public installation page of an app or a plugin.
    app_link: Option<String>,
    /// Use the plain redirect URI; `false` by default.
    shared_redirect_uri: Option<bool>,
    /// The rule for a refresh whose outcome is unknown; `null`: what the entry says.
    #[schemars(extend("enum" = ["retry", "final", null]))]
    unknown_outcome: Option<String>,
}

/// A connection whose credentials the caller has.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct NewConnection {
    /// The integration's key; or the provider's, where it needs nothing from the operator.
    #[schemars(length(min = 1))]
    integration: String,
    /// The id that you choose.
    #[schemars(transform = super::names::name)]
    connection_id: Name,
    /// The provider's `connection_config`.
    config: Option<BTreeMap<String, String>>,
    /// Your own data: as JSON at most 64 KiB.
    metadata: Option<Map<String, Value>>,
    /// The customer's credentials.
    credentials: Option<NewCredentials>,
    /// Have the provider confirm the credentials first, where its entry says how; `true` by default.
    verify: Option<bool>,
}

/// A change of a connection.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ConnectionChange {
    /// Your own data, as it is to be from now on: as JSON at most 64 KiB. `null` clears it.
    #[schemars(extend("type" = ["object", "null"]))]
    metadata: Map<String, Value>,
}

/// The fields of the provider by name, or a token.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = {"type": "string"}, "writeOnly" = true))]
struct NewCredentials {
    /// The auth mode, checked against the provider's.
    #[schemars(rename = "type")]
    mode: Option<String>,
    /// The token that calls are made with.
    access_token: Option<String>,
    /// The token that new ones are got with.
    refresh_token: Option<String>,
    /// When the access token expires.
    #[schemars(extend("format" = "date-time"))]
    expires_at: Option<String>,
    /// The same, in seconds from now: a hundred years at most.
    #[schemars(range(min = 1, max = 3_153_600_000_i64))]
    expires_in: Option<i64>,
    /// The values that an assertion is made from.
    assertion_option: Option<BTreeMap<String, String>>,
}

/// A new link, for one integration or for several.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    {"required": ["integration"], "properties": {"integration": {"type": "string"}, "allowed_integrations": {"type": "null"}}},
    {"required": ["allowed_integrations"], "properties": {"integration": {"type": "null"}, "allowed_integrations": {"type": "array"}}},
]))]
pub(super) struct NewSession {
    /// The integration's key; or the provider's, where it needs nothing from the operator.
    #[schemars(length(min = 1))]
    integration: Option<String>,
    /// In its place, those among which the customer chooses one; of one alone, no list is shown.
    #[schemars(length(min = 1, max = 100))]
    allowed_integrations: Option<Vec<String>>,
    /// The id of the connection to make.
    #[schemars(transform = super::names::name)]
    connection_id: Name,
    /// Where the last page leads: absolute, `https:`, without a user name, a password or a fragment.
    #[schemars(length(max = 2048))]
    return_url: Option<String>,
    /// The origins of pages of yours that may hold the session's pages in a frame, and that are told what came of it.
    #[schemars(length(max = 10))]
    origins: Option<Vec<String>>,
}

/// The values that a customer entered.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SubmittedForm {
    /// The session's token, unless it is in the query.
    #[schemars(length(min = 1), extend("writeOnly" = true))]
    token: Option<String>,
    /// The provider's `connection_config`.
    config: Option<BTreeMap<String, String>>,
    /// The provider's `credentials`.
    #[schemars(extend("writeOnly" = true))]
    credentials: Option<BTreeMap<String, String>>,
    /// The provider's `assertion_option`.
    #[schemars(extend("writeOnly" = true))]
    assertion_option: Option<BTreeMap<String, String>>,
}

/// Which of several accounts is meant.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MadeChoice {
    /// The `token` of the choices.
    #[schemars(length(min = 1))]
    token: String,
    /// The `value` of one of the options.
    #[schemars(length(min = 1))]
    value: String,
}
