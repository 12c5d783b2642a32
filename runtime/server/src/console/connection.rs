//! `/console/connections/{integration}/{id}`: one customer's account, without its credentials.

use super::calls::CallRow;
use super::frame::{Frame, go};
use super::guard::{Operator, Submitted, Unanswered};
use super::metadata::{self, MetadataField};
use super::named::NamedConnection;
use super::words::{SaidState, instant, state};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::pages::{FormTarget, document};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use keyway::connection::{Connection, ConnectionKey};
use keyway::{ErrorKind, RevocationOutcome};
use keyway_spec::ProviderSpec;

/// `GET`: as it is stored; looking renews nothing.
pub(super) async fn show(
    State(app): AppState,
    operator: Operator,
    NamedConnection { connection, .. }: NamedConnection,
) -> Result<Response, Unanswered> {
    Ok(shown(&app, &operator.frame, &connection, StatusCode::OK, None))
}

/// `POST .../renew`: now, due or not.
pub(super) async fn renew(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection: before }: NamedConnection,
    _: Submitted,
) -> Result<Response, Unanswered> {
    match app.keyway.refresh(&key).await {
        Ok(after) => {
            let done = if after.epoch == before.epoch { "nothing-to-renew" } else { "renewed" };
            Ok(go(&format!("{}?done={done}", address(&operator.frame, &key))))
        }
        Err(error) => {
            let (error, now) = (ApiError::from(error), app.keyway.store().connection(&key).await?.unwrap_or(before));
            Ok(shown(&app, &operator.frame, &now, error.status, Some(&error.message)))
        }
    }
}

/// `POST .../metadata`: what the field holds replaces what was there.
pub(super) async fn save_metadata(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection }: NamedConnection,
    form: Submitted,
) -> Result<Response, Unanswered> {
    let text = form.text("metadata");
    let problem = match metadata::read(text) {
        Err(problem) => problem,
        Ok(metadata) => match app.keyway.set_metadata(&key, metadata).await {
            Ok(_) => return Ok(go(&format!("{}?done=metadata-saved", address(&operator.frame, &key)))),
            Err(error) if error.kind() == ErrorKind::InvalidValue => error.message().to_owned(),
            Err(error) => return Err(error.into()),
        },
    };
    let field = MetadataField { text: text.to_owned(), problem: Some(problem) };
    Ok(OneConnection { metadata: field, ..of(&app, &operator.frame, &connection) }.answer(StatusCode::BAD_REQUEST))
}

/// `POST .../delete`: disconnected, and revoked where the vendor has a way.
pub(super) async fn delete(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection }: NamedConnection,
    form: Submitted,
) -> Result<Response, Unanswered> {
    if form.text("typed") != key.id {
        let message = "Type the connection's id to delete it. Nothing was deleted.";
        return Ok(shown(&app, &operator.frame, &connection, StatusCode::BAD_REQUEST, Some(message)));
    }
    let done = match app.keyway.disconnect(&key).await? {
        Some(RevocationOutcome::Revoked) => "disconnected",
        _ => "disconnected-only",
    };
    Ok(go(&format!("{}?done={done}", operator.frame.to(&["console", "connections"]))))
}

/// The page of a connection.
pub(super) fn address(frame: &Frame, key: &ConnectionKey) -> String {
    frame.to(&["console", "connections", &key.integration, &key.id])
}

fn shown(app: &App, frame: &Frame, connection: &Connection, status: StatusCode, problem: Option<&str>) -> Response {
    OneConnection { problem, ..of(app, frame, connection) }.answer(status)
}

/// The page without a problem.
fn of<'a>(app: &App, frame: &'a Frame, connection: &'a Connection) -> OneConnection<'a> {
    let spec = app.keyway.catalogue().get(&connection.provider);
    let token = connection.credentials.token.as_ref();
    let renews = token.is_some_and(|token| token.refresh.is_some()) || spec.is_some_and(renews_alone);
    let (below, now) = (address(frame, &connection.key), app.keyway.clock().now());
    OneConnection {
        frame,
        problem: None,
        id: &connection.key.id,
        integration: &connection.key.integration,
        of_integration: frame.to(&["console", "integrations", &connection.key.integration]),
        provider: spec.map_or(connection.provider.as_str(), |spec| spec.display_name),
        state: state(connection, renews, now),
        has_token: token.is_some(),
        config: config(spec, connection),
        metadata: MetadataField::of(connection),
        calls: app.keyway.recent_calls(connection).iter().map(|call| CallRow::new(call, now)).collect(),
        created: instant(connection.created_at),
        updated: instant(connection.updated_at),
        save_metadata: format!("{below}/metadata"),
        renew: format!("{below}/renew"),
        delete: format!("{below}/delete"),
        call: format!("{below}/call"),
        connect: frame.asking(
            &["console", "connect"],
            &[("integration", &connection.key.integration), ("connection_id", &connection.key.id)],
        ),
    }
}

/// True where a token is obtained again from what was submitted, without a refresh token.
fn renews_alone(spec: &ProviderSpec) -> bool {
    keyway::auth::exchanges_at_once(spec)
}

/// Configuration that is no secret.
fn config<'a>(spec: Option<&ProviderSpec>, connection: &'a Connection) -> Vec<(&'a str, &'a str)> {
    let fields = spec.map_or(&[][..], |spec| spec.connection_config);
    let is_secret = |name: &str| fields.iter().any(|field| field.secret && field.name == name);
    let shown = connection.config.iter().filter(|(name, _)| !is_secret(name));
    shown.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[derive(Template)]
#[template(path = "console/connection.html")]
struct OneConnection<'a> {
    frame: &'a Frame,
    problem: Option<&'a str>,
    id: &'a str,
    integration: &'a str,
    of_integration: String,
    provider: &'a str,
    state: SaidState,
    has_token: bool,
    config: Vec<(&'a str, &'a str)>,
    metadata: MetadataField,
    calls: Vec<CallRow>,
    created: String,
    updated: String,
    save_metadata: String,
    renew: String,
    delete: String,
    call: String,
    connect: String,
}

impl OneConnection<'_> {
    fn answer(&self, status: StatusCode) -> Response {
        document(status, self, FormTarget::Own)
    }
}
