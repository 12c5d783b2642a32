//! `/integrations`.

use super::bodies::{IntegrationChange, NewIntegration};
use super::errors::{ANY, BODY, CHANGE, INTEGRATION, KEY, PROVIDER_LEFT, STORE, VALUES};
use super::operation::{Access, ApiAnswer, ApiBody, ApiOperation, HTML, JSON, page};
use super::parameter::{self, ApiParameter};
use crate::answers::{IntegrationList, ShownIntegration};
use crate::input::MAX_BODY;
use http::Method;
use schemars::SchemaGenerator;

const GROUP: &str = "Integrations";

const INTEGRATION_KEY: ApiParameter = ApiParameter::path("key", "The integration's key.", "github");

const EXAMPLE: &str = r#"{"id": "k3v9q2", "key": "github", "provider": "github", "client_id": "Iv1.8a61f9b3a7aba766",
    "client_secret_set": true, "scopes": ["repo"], "allowed_hosts": [], "base_url": null, "custom_set": [],
    "app_link": null, "shared_redirect_uri": false,
    "redirect_uri": "https://keyway.example.com/oauth/callback/k3v9q2", "redirect_uri_per": "integration",
    "redirect_uris": {}, "unknown_outcome": null}"#;

const ONE: ApiAnswer = ApiAnswer {
    description: "The integration.",
    media: &[(JSON, SchemaGenerator::subschema_for::<ShownIntegration<'_>>)],
    example: EXAMPLE,
    ..ApiAnswer::PLAIN
};

pub(crate) const CREATE_INTEGRATION: ApiOperation = ApiOperation {
    id: "createIntegration",
    method: Method::POST,
    path: "/integrations",
    group: GROUP,
    summary: "Set up a provider",
    body: Some(ApiBody {
        required: true,
        max: Some(MAX_BODY),
        media: &[(JSON, SchemaGenerator::subschema_for::<NewIntegration>)],
        examples: &[
            r#"{"provider": "github", "client_id": "Iv1.8a61f9b3a7aba766", "client_secret": "...", "scopes": ["repo"]}"#,
        ],
    }),
    answers: &[ApiAnswer { status: 201, description: "It was created.", ..ONE }],
    errors: &[ANY, KEY, STORE, BODY, CHANGE, VALUES, PROVIDER_LEFT, &[(409, "already_exists"), (501, "unsupported")]],
    ..ApiOperation::PLAIN
};

pub(crate) const LIST_INTEGRATIONS: ApiOperation = ApiOperation {
    id: "listIntegrations",
    path: "/integrations",
    group: GROUP,
    summary: "Every integration",
    answers: &[ApiAnswer {
        description: "Every integration, by key.",
        media: &[(JSON, SchemaGenerator::subschema_for::<IntegrationList<'_>>)],
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE],
    ..ApiOperation::PLAIN
};

pub(crate) const SHOW_INTEGRATION: ApiOperation = ApiOperation {
    id: "getIntegration",
    path: "/integrations/{key}",
    group: GROUP,
    summary: "One integration",
    parameters: &[
        INTEGRATION_KEY,
        ApiParameter::query(
            "issuer",
            "Show as `redirect_uri` the one for this authorization server, where there is one for each.",
            parameter::any_text,
            "https://sso.example.com",
        ),
    ],
    answers: &[ONE],
    errors: &[ANY, KEY, STORE, INTEGRATION, PROVIDER_LEFT, VALUES],
    ..ApiOperation::PLAIN
};

pub(crate) const SHOW_REFERENCE: ApiOperation = ApiOperation {
    id: "getIntegrationReference",
    path: "/integrations/{key}/reference",
    group: GROUP,
    summary: "The reference of an integration, for people",
    description: "The operations that can be called by name, with a line of `curl` for each.",
    access: Access::Person,
    parameters: &[INTEGRATION_KEY],
    answers: &[ApiAnswer { description: "A page.", media: &[(HTML, page)], ..ApiAnswer::PLAIN }],
    errors: &[ANY, KEY, STORE, INTEGRATION, PROVIDER_LEFT],
    ..ApiOperation::PLAIN
};

pub(crate) const CHANGE_INTEGRATION: ApiOperation = ApiOperation {
    id: "changeIntegration",
    method: Method::PATCH,
    path: "/integrations/{key}",
    group: GROUP,
    summary: "Change an integration",
    description: "Members that are given replace the old value, `null` clears it, the others stay. A new `key` renames \
                  the integration, and its connections follow.",
    parameters: &[INTEGRATION_KEY],
    body: Some(ApiBody {
        required: true,
        max: Some(MAX_BODY),
        media: &[(JSON, SchemaGenerator::subschema_for::<IntegrationChange>)],
        examples: &[r#"{"scopes": ["repo", "read:org"]}"#],
    }),
    answers: &[ONE],
    errors: &[
        ANY,
        KEY,
        STORE,
        BODY,
        CHANGE,
        VALUES,
        PROVIDER_LEFT,
        INTEGRATION,
        &[(409, "already_exists"), (501, "unsupported")],
    ],
    ..ApiOperation::PLAIN
};

pub(crate) const DELETE_INTEGRATION: ApiOperation = ApiOperation {
    id: "deleteIntegration",
    method: Method::DELETE,
    path: "/integrations/{key}",
    group: GROUP,
    summary: "Remove an integration",
    description: "Its connections go with it.",
    parameters: &[INTEGRATION_KEY],
    answers: &[ApiAnswer { status: 204, description: "It is gone.", ..ApiAnswer::PLAIN }],
    errors: &[ANY, KEY, STORE, INTEGRATION],
    ..ApiOperation::PLAIN
};
