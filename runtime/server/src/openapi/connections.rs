//! `/connections`.

use super::bodies::{ConnectionChange, NewConnection};
use super::errors::VALUES;
use super::errors::{
    ANY, BODY, CHANGE, CONNECTING, CONNECTION, INTEGRATION, KEY, PROVIDER_LEFT, STORE, TOKEN, UPSTREAM,
};
use super::operation::{ApiAnswer, ApiBody, ApiOperation, JSON};
use super::parameter::{ApiParameter, any_text, flag, text};
use crate::answers::{ConnectionPage, OpenConnection, StoredConnection};
use crate::input::MAX_BODY;
use http::Method;
use schemars::SchemaGenerator;
use serde_json::{Value, json};

const GROUP: &str = "Connections";

const ID: ApiParameter = ApiParameter::path("id", "The connection's id.", "user-42");

const OF_INTEGRATION: ApiParameter =
    ApiParameter::query("integration", "The integration's key.", text, "github").required();

fn limit() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": crate::connections::MAX_PAGE_SIZE,
        "default": crate::connections::DEFAULT_PAGE_SIZE})
}

pub(crate) const IMPORT_CONNECTION: ApiOperation = ApiOperation {
    id: "createConnection",
    method: Method::POST,
    path: "/connections",
    group: GROUP,
    summary: "Store credentials that you have",
    description: "An API key, a user name and password, a token. One customer's account at one integration; you choose \
                  the id.",
    body: Some(ApiBody {
        required: true,
        max: Some(MAX_BODY),
        media: &[(JSON, SchemaGenerator::subschema_for::<NewConnection>)],
        examples: &[
            r#"{"integration": "github", "connection_id": "user-42",
            "credentials": {"access_token": "...", "refresh_token": "...", "expires_in": 3600}}"#,
            r#"{"integration": "acme-key", "connection_id": "acme-inc", "credentials": {"username": "rk_test_..."}}"#,
        ],
    }),
    answers: &[ApiAnswer {
        status: 201,
        description: "It was stored. Without its credentials.",
        media: &[(JSON, SchemaGenerator::subschema_for::<StoredConnection<'_>>)],
        example: r#"{"integration": "github", "connection_id": "user-42", "provider": "github", "config": {},
            "metadata": {}, "expires_at": "2030-01-31T12:00:00.000Z", "reconnect_needed": false,
            "created_at": "2030-01-31T11:00:00.000Z", "updated_at": "2030-01-31T11:00:00.000Z"}"#,
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE, BODY, VALUES, INTEGRATION, CONNECTING, UPSTREAM, TOKEN],
    ..ApiOperation::PLAIN
};

pub(crate) const LIST_CONNECTIONS: ApiOperation = ApiOperation {
    id: "listConnections",
    path: "/connections",
    group: GROUP,
    summary: "A page of the list of connections",
    description: "Ordered by integration and id, letter by letter. Every condition that is given has to hold. Never a \
                  credential.",
    parameters: &[
        ApiParameter::query("integration", "The connections of this integration.", any_text, "github"),
        ApiParameter::query("id_prefix", "Ids that begin so; upper and lower case differ.", any_text, "user-"),
        ApiParameter::query(
            "reconnect_needed",
            "`true`: those whose customer has to connect again; `false`: the others.",
            flag,
            "",
        ),
        ApiParameter::query("limit", "The most connections of the page.", limit, "100"),
        ApiParameter::query("after", "The `next` of the page before, in a list with the same `integration`.", text, ""),
    ],
    answers: &[ApiAnswer {
        description: "A page of the list.",
        media: &[(JSON, SchemaGenerator::subschema_for::<ConnectionPage<'_>>)],
        example: r#"{"connections": [{"integration": "github", "connection_id": "user-42", "provider": "github",
            "expires_at": null, "reconnect_needed": false, "created_at": "2030-01-31T11:00:00.000Z",
            "updated_at": "2030-01-31T11:00:00.000Z"}], "next": null}"#,
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE],
    ..ApiOperation::PLAIN
};

pub(crate) const SHOW_CONNECTION: ApiOperation = ApiOperation {
    id: "getConnection",
    path: "/connections/{id}",
    group: GROUP,
    summary: "One connection, with its credentials",
    description: "A dead token is renewed first.",
    parameters: &[
        ID,
        OF_INTEGRATION,
        ApiParameter::query("refresh", "`true`: renew the token in any case, if it can be.", flag, ""),
    ],
    answers: &[ApiAnswer {
        description: "The connection. No cache may store it.",
        media: &[(JSON, SchemaGenerator::subschema_for::<OpenConnection<'_>>)],
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE, CONNECTION, INTEGRATION, PROVIDER_LEFT, VALUES, CHANGE, UPSTREAM, TOKEN],
    ..ApiOperation::PLAIN
};

pub(crate) const CHANGE_CONNECTION: ApiOperation = ApiOperation {
    id: "changeConnection",
    method: Method::PATCH,
    path: "/connections/{id}",
    group: GROUP,
    summary: "Change a connection's metadata",
    description: "The metadata that is given replaces the old as a whole, `null` clears it. Nothing else changes, also \
                  where the token is renewed at the same moment.",
    parameters: &[ID, OF_INTEGRATION],
    body: Some(ApiBody {
        required: true,
        max: Some(MAX_BODY),
        media: &[(JSON, SchemaGenerator::subschema_for::<ConnectionChange>)],
        examples: &[r#"{"metadata": {"plan": "pro", "seats": 12}}"#],
    }),
    answers: &[ApiAnswer {
        description: "The connection as it is now. Without its credentials.",
        media: &[(JSON, SchemaGenerator::subschema_for::<StoredConnection<'_>>)],
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE, BODY, VALUES, CONNECTION],
    ..ApiOperation::PLAIN
};

pub(crate) const DELETE_CONNECTION: ApiOperation = ApiOperation {
    id: "deleteConnection",
    method: Method::DELETE,
    path: "/connections/{id}",
    group: GROUP,
    summary: "Remove a connection",
    description: "The connection is removed whatever becomes of its token at the provider, which has ten seconds.",
    parameters: &[ID, OF_INTEGRATION],
    answers: &[ApiAnswer {
        status: 204,
        description: "It is gone.",
        headers: &[(
            crate::connections::REVOCATION,
            "What became of the token: `revoked`, `refused; status=400`, `unreachable`, `not-sent`, `not-described`, \
             `no-token`.",
        )],
        ..ApiAnswer::PLAIN
    }],
    errors: &[ANY, KEY, STORE, CONNECTION, CHANGE, &[(400, "missing_value")]],
    ..ApiOperation::PLAIN
};
