//! The routes on which the server says something about itself, and those that vendors come to.

use super::errors::{ANY, BODY, BUDGET, CONNECTING, INTEGRATION, PROVIDER_LEFT, STATE, STORE, TOKEN, UPSTREAM, VALUES};
use super::operation::{Access, ApiAnswer, ApiBody, ApiOperation, HTML, JSON, anything, page};
use super::parameter::{self, ApiParameter};
use crate::answers::Alive;
use crate::webhooks;
use http::Method;
use schemars::{Schema, SchemaGenerator, json_schema};

fn object(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object"})
}

pub(crate) const HEALTH: ApiOperation = ApiOperation {
    id: "getHealth",
    path: "/health",
    group: "Health",
    summary: "The process answers",
    description: "It asks neither the store nor any API.",
    access: Access::Open,
    answers: &[ApiAnswer {
        description: "It does.",
        media: &[(JSON, SchemaGenerator::subschema_for::<Alive>)],
        example: r#"{"status": "ok", "version": "0.1.0"}"#,
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY],
    ..ApiOperation::PLAIN
};

const THIS: &str = "This description";

pub(crate) const OPENAPI: ApiOperation = ApiOperation {
    id: "getOpenapi",
    path: "/openapi.json",
    group: THIS,
    summary: "This document",
    description: "It holds no secret, and is the same for every caller.",
    access: Access::Open,
    parameters: &[ApiParameter::header(
        "If-None-Match",
        "The `etag` of a document that is here already.",
        parameter::any_text,
        "",
    )],
    answers: &[
        ApiAnswer {
            description: "OpenAPI 3.1.",
            media: &[(JSON, object)],
            headers: &[("etag", "The document's hash.")],
            ..ApiAnswer::PLAIN
        },
        ApiAnswer { status: 304, description: "It is still that one.", ..ApiAnswer::PLAIN },
    ],
    errors: &[ANY],
    ..ApiOperation::PLAIN
};

pub(crate) const DOCS: ApiOperation = ApiOperation {
    id: "getDocs",
    path: "/docs",
    group: THIS,
    summary: "This document, as a page",
    access: Access::Open,
    answers: &[ApiAnswer { description: "A page.", media: &[(HTML, page)], ..ApiAnswer::PLAIN }],
    errors: &[ANY],
    ..ApiOperation::PLAIN
};

pub(crate) const RECEIVE_WEBHOOK: ApiOperation = ApiOperation {
    id: "receiveWebhook",
    method: Method::POST,
    path: "/webhooks/{integration}",
    group: "Webhooks",
    summary: "The vendor says that a customer installed the app",
    description: "The vendor's signature of the body stands for the API key, in any header.",
    access: Access::Open,
    parameters: &[ApiParameter::path("integration", "The integration's key.", "github")],
    body: Some(ApiBody { required: false, max: Some(webhooks::MAX_BODY), media: &[("*/*", anything)], examples: &[] }),
    answers: &[
        ApiAnswer { description: "The installation is completed.", ..ApiAnswer::PLAIN },
        ApiAnswer { status: 204, description: "It is about something else.", ..ApiAnswer::PLAIN },
    ],
    errors: &[
        ANY,
        STORE,
        STATE,
        BODY,
        BUDGET,
        VALUES,
        PROVIDER_LEFT,
        INTEGRATION,
        CONNECTING,
        UPSTREAM,
        TOKEN,
        &[(403, "not_authentic")],
    ],
    ..ApiOperation::PLAIN
};

const METADATA: ApiOperation = ApiOperation {
    group: "Client metadata",
    summary: "The OAuth client of an integration, for authorization servers that read this",
    access: Access::Open,
    answers: &[ApiAnswer {
        description: "An OAuth Client ID Metadata Document.",
        media: &[(JSON, object)],
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, STORE, INTEGRATION],
    ..ApiOperation::PLAIN
};

const OF_INTEGRATION: ApiParameter = ApiParameter::path("integration", "The integration's key.", "acme-mcp");

pub(crate) const CLIENT_METADATA: ApiOperation = ApiOperation {
    id: "getClientMetadata",
    path: "/oauth/client-metadata/{integration}",
    parameters: &[OF_INTEGRATION],
    ..METADATA
};

pub(crate) const ISSUER_CLIENT_METADATA: ApiOperation = ApiOperation {
    id: "getClientMetadataForIssuer",
    path: "/oauth/client-metadata/{integration}/{issuer}",
    parameters: &[
        OF_INTEGRATION,
        ApiParameter::path("issuer", "The hash of the authorization server.", "5d41402abc4b2a76"),
    ],
    ..METADATA
};
