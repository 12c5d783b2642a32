//! The errors of routes, in the groups in which routes share them.

use super::operation::ErrorCase;

/// Of every route.
pub(super) const ANY: &[ErrorCase] = &[(400, "invalid_request"), (500, "internal")];

/// Of routes that want the API key.
pub(super) const KEY: &[ErrorCase] = &[(401, "unauthorized")];

/// Of routes that read the store.
pub(super) const STORE: &[ErrorCase] = &[(500, "seal_broken"), (503, "store_unavailable")];

/// Of routes that change a record.
pub(super) const CHANGE: &[ErrorCase] = &[(409, "conflict")];

/// Of routes with a body.
pub(super) const BODY: &[ErrorCase] = &[(408, "request_timeout"), (413, "body_too_large")];

/// Of routes with a body from a sender without an API key, as far as bodies share a budget.
pub(super) const BUDGET: &[ErrorCase] = &[(503, "busy")];

pub(super) const INTEGRATION: &[ErrorCase] = &[(404, "unknown_integration")];
pub(super) const CONNECTION: &[ErrorCase] = &[(404, "unknown_connection")];

/// The provider of an integration left the catalogue.
pub(super) const PROVIDER_LEFT: &[ErrorCase] = &[(400, "unknown_provider")];

/// Of values: one is missing, or does not fit.
pub(super) const VALUES: &[ErrorCase] = &[(400, "missing_value"), (400, "invalid_value")];

/// Of sessions, choices and flows: unknown, used, too old, or of another browser.
pub(super) const STATE: &[ErrorCase] = &[(400, "invalid_state")];

/// Of routes that obtain or renew a token.
pub(super) const TOKEN: &[ErrorCase] =
    &[(424, "token_refused"), (424, "token_unreadable"), (424, "reconnect_needed"), (424, "refresh_backoff")];

/// Of routes that send something.
pub(super) const UPSTREAM: &[ErrorCase] = &[
    (400, "host_not_allowed"),
    (400, "secret_host_not_allowed"),
    (501, "unsupported"),
    (502, "upstream_unreachable"),
    (502, "unexpected_answer"),
    (502, "upstream_unreadable"),
    (504, "upstream_timeout"),
];

/// Of routes that make a connection.
pub(super) const CONNECTING: &[ErrorCase] = &[
    (400, "unknown_provider"),
    (400, "not_verified"),
    (400, "invalid_state"),
    (409, "already_exists"),
    (409, "choice_needed"),
    (409, "conflict"),
];

/// Of no route in particular: with these the request did not reach one.
pub(super) const NO_ROUTE: &[ErrorCase] =
    &[(404, "not_found"), (405, "method_not_allowed"), (503, "too_many_connections")];
