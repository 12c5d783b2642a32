//! Connecting in the browser: links, forms, choices.

use super::bodies::{MadeChoice, NewSession, SubmittedForm};
use super::errors::{ANY, BODY, BUDGET, CONNECTING, INTEGRATION, KEY, PROVIDER_LEFT, STATE, STORE, TOKEN};
use super::errors::{UPSTREAM, VALUES};
use super::operation::{Access, ApiAnswer, ApiBody, ApiOperation, FORM, HTML, JSON, RefusedAs, page};
use super::parameter::{ApiParameter, any_text, text, texts_by_name};
use crate::answers::{CreatedSession, MadeConnection, SubmittedConnection};
use crate::{choice, input, submit};
use http::Method;
use schemars::{Schema, SchemaGenerator};

pub(super) const GROUP: &str = "Connecting in the browser";

const INTEGRATION_KEY: ApiParameter = ApiParameter::path("integration", "The integration's key.", "github");

const FORM_KEY: ApiParameter = ApiParameter::path("integration", "The integration's key.", "acme-key");

const TOKEN_OF_LINK: ApiParameter =
    ApiParameter::query("token", "The session's token, which stands for the API key.", text, "");

const CONFIG: ApiParameter = ApiParameter::members("params", "Values of the provider's `connection_config`.");
const AUTHORIZATION: ApiParameter =
    ApiParameter::members("authorization_params", "Parameters of the authorization request.");
const CLIENT: ApiParameter = ApiParameter::members("credentials", "An OAuth client of the customer's own.");
const USER_SCOPE: ApiParameter = ApiParameter::query("user_scope", "Scopes of the user's own token.", any_text, "");

/// Texts by name: the inputs of a form of this server.
fn inputs(_: &mut SchemaGenerator) -> Schema {
    texts_by_name().try_into().unwrap_or_default()
}

pub(super) const ENDED: ApiAnswer = ApiAnswer { description: "A page.", media: &[(HTML, page)], ..ApiAnswer::PLAIN };

pub(crate) const CREATE_SESSION: ApiOperation = ApiOperation {
    id: "createConnectSession",
    method: Method::POST,
    path: "/connect/sessions",
    group: GROUP,
    summary: "Make a link for one connection",
    description: "It makes one connection, within 30 minutes; until then it may be opened 50 times. With \
                  `allowed_integrations` in the place of `integration` the customer chooses one of these.",
    body: Some(ApiBody {
        required: true,
        max: Some(input::MAX_BODY),
        media: &[(JSON, SchemaGenerator::subschema_for::<NewSession>)],
        examples: &[
            r#"{"integration": "github", "connection_id": "user-42", "return_url": "https://app.example.com/settings",
            "origins": ["https://app.example.com"]}"#,
            r#"{"integration": "acme-key", "connection_id": "acme-inc"}"#,
            r#"{"allowed_integrations": ["github", "acme-key"], "connection_id": "acme-inc"}"#,
        ],
    }),
    answers: &[ApiAnswer {
        status: 201,
        description: "The link.",
        media: &[(JSON, SchemaGenerator::subschema_for::<CreatedSession<'_>>)],
        example: r#"{"token": "...", "url": "https://keyway.example.com/oauth/connect/github?token=...",
            "expires_at": "2030-01-31T12:00:00.000Z"}"#,
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE, BODY, VALUES, INTEGRATION],
    ..ApiOperation::PLAIN
};

pub(crate) const OPEN_LINK: ApiOperation = ApiOperation {
    id: "openLink",
    path: "/oauth/connect/{integration}",
    group: GROUP,
    summary: "Begin a flow, in the customer's browser",
    description: "Opening a link uses nothing up.",
    access: Access::Open,
    head_refused: Some("GET"),
    parameters: &[INTEGRATION_KEY, TOKEN_OF_LINK.required(), CONFIG, AUTHORIZATION, CLIENT, USER_SCOPE],
    answers: &[
        ApiAnswer { description: "A form, where the link lacks a value.", ..ENDED },
        ApiAnswer {
            status: 302,
            description: "To the authorization server.",
            headers: &[("location", "The authorization request."), ("set-cookie", "It ties the flow to this browser.")],
            ..ApiAnswer::PLAIN
        },
    ],
    refusals: RefusedAs::Page,
    errors: &[ANY, STORE, STATE, VALUES, PROVIDER_LEFT, INTEGRATION, UPSTREAM, TOKEN],
    ..ApiOperation::PLAIN
};

pub(crate) const SHOW_OFFER: ApiOperation = ApiOperation {
    id: "chooseIntegration",
    path: "/connect",
    group: GROUP,
    summary: "The list of a link's integrations, in the customer's browser",
    description: "Where a link goes that was made with several `allowed_integrations`. To look uses nothing up.",
    access: Access::Open,
    parameters: &[TOKEN_OF_LINK.required()],
    answers: &[ENDED],
    refusals: RefusedAs::Page,
    errors: &[ANY, STORE, STATE, INTEGRATION],
    ..ApiOperation::PLAIN
};

pub(crate) const SHOW_FORM: ApiOperation = ApiOperation {
    id: "getForm",
    path: "/connect/{integration}",
    group: GROUP,
    summary: "The form with what the provider asks for, in the customer's browser",
    access: Access::Open,
    head_refused: Some("GET, POST"),
    parameters: &[FORM_KEY, TOKEN_OF_LINK.required(), CONFIG, AUTHORIZATION, CLIENT, USER_SCOPE],
    answers: &[ENDED],
    refusals: RefusedAs::Page,
    errors: &[ANY, STORE, STATE, PROVIDER_LEFT, INTEGRATION],
    ..ApiOperation::PLAIN
};

pub(crate) const SUBMIT_FORM: ApiOperation = ApiOperation {
    id: "submitForm",
    method: Method::POST,
    path: "/connect/{integration}",
    group: GROUP,
    summary: "What a customer entered, from the form or as JSON",
    description: "Without a token in the query the body may have 32 KiB. A refusal names fields, never values, and leaves \
                  the token good for another try, ten times.",
    access: Access::Open,
    parameters: &[FORM_KEY, TOKEN_OF_LINK],
    body: Some(ApiBody {
        required: true,
        max: Some(submit::MAX_BODY),
        media: &[(JSON, SchemaGenerator::subschema_for::<SubmittedForm>), (FORM, inputs)],
        examples: &[r#"{"token": "...", "credentials": {"username": "rk_test_..."}}"#],
    }),
    answers: &[
        ApiAnswer { description: "To a form: a page.", ..ENDED },
        ApiAnswer {
            status: 201,
            description: "To JSON: the connection was made.",
            media: &[(JSON, SchemaGenerator::subschema_for::<SubmittedConnection<'_>>)],
            example: r#"{"integration": "acme-key", "connection_id": "acme-inc", "provider": "acme-key", "pending": false}"#,
            ..ApiAnswer::PLAIN
        },
        ApiAnswer {
            status: 303,
            description: "To a form in a redirect mode: to the provider.",
            headers: &[("location", "The authorization request."), ("set-cookie", "It ties the flow to this browser.")],
            ..ApiAnswer::PLAIN
        },
    ],
    refusals: RefusedAs::Either,
    errors: &[ANY, STORE, STATE, BODY, VALUES, INTEGRATION, CONNECTING, UPSTREAM, TOKEN],
    ..ApiOperation::PLAIN
};

pub(crate) const MAKE_CHOICE: ApiOperation = ApiOperation {
    id: "makeChoice",
    method: Method::POST,
    path: "/oauth/choice",
    group: GROUP,
    summary: "Which of several accounts is meant, from the page or as JSON",
    description: "The token of the choice stands for the API key; it is good for 15 minutes and one connection.",
    access: Access::Open,
    body: Some(ApiBody {
        required: true,
        max: Some(choice::MAX_BODY),
        media: &[
            (JSON, SchemaGenerator::subschema_for::<MadeChoice>),
            (FORM, SchemaGenerator::subschema_for::<MadeChoice>),
        ],
        examples: &[r#"{"token": "...", "value": "1324a887"}"#],
    }),
    answers: &[
        ApiAnswer { description: "To a form: a page.", ..ENDED },
        ApiAnswer {
            status: 201,
            description: "To JSON: the connection was made.",
            media: &[(JSON, SchemaGenerator::subschema_for::<MadeConnection<'_>>)],
            example: r#"{"integration": "jira", "connection_id": "acme-inc", "provider": "jira"}"#,
            ..ApiAnswer::PLAIN
        },
    ],
    refusals: RefusedAs::Either,
    errors: &[ANY, STORE, STATE, BODY, BUDGET, VALUES, INTEGRATION, CONNECTING, UPSTREAM, TOKEN],
    ..ApiOperation::PLAIN
};
