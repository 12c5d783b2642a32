//! `/providers`.

use super::errors::{ANY, KEY};
use super::operation::{ApiAnswer, ApiOperation, JSON};
use super::parameter::ApiParameter;
use crate::answers::{ProviderDetails, ProviderList};
use schemars::SchemaGenerator;

const GROUP: &str = "Providers";

pub(crate) const LIST_PROVIDERS: ApiOperation = ApiOperation {
    id: "listProviders",
    path: "/providers",
    group: GROUP,
    summary: "The catalogue",
    answers: &[ApiAnswer {
        description: "Every provider, by key.",
        media: &[(JSON, SchemaGenerator::subschema_for::<ProviderList>)],
        example: r#"{"providers": [{"key": "github", "display_name": "GitHub", "auth_mode": "OAUTH2",
            "categories": ["dev-tools"], "docs": "https://docs.github.com"}]}"#,
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY],
    ..ApiOperation::PLAIN
};

pub(crate) const SHOW_PROVIDER: ApiOperation = ApiOperation {
    id: "getProvider",
    path: "/providers/{key}",
    group: GROUP,
    summary: "One provider",
    description: "With what is needed to draw a form, and the operations that can be called by name.",
    parameters: &[ApiParameter::path("key", "The provider's key.", "github")],
    answers: &[ApiAnswer {
        description: "The provider.",
        media: &[(JSON, SchemaGenerator::subschema_for::<ProviderDetails>)],
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, &[(404, "unknown_provider")]],
    ..ApiOperation::PLAIN
};
