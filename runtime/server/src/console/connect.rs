//! `/console/connect`: a link with which a customer connects an account, or an operator one for a test.

use super::frame::{Frame, page};
use super::guard::{Operator, Submitted, Unanswered};
use super::words::distance;
use crate::app::AppState;
use crate::connect::session_link;
use crate::connections::integration_of;
use crate::error::ApiError;
use crate::input;
use crate::pages::{FormTarget, document};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use keyway::Secret;
use keyway::client::WayBack;
use keyway::connection::ConnectionKey;

/// `GET /console/connect?integration=&connection_id=`.
pub(super) async fn ask(
    State(app): AppState,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Unanswered> {
    let [integration, id] = input::query(query.as_deref(), ["integration", "connection_id"])?;
    let (integration, id) = (integration.unwrap_or_default(), id.unwrap_or_default());
    let keys = app.keyway.list_integrations().await?.into_iter().map(|record| record.key).collect();
    Ok(page(&AskForLink::new(&operator.frame, keys, &integration, &id, None)))
}

/// `POST /console/connect`.
pub(super) async fn create(State(app): AppState, operator: Operator, form: Submitted) -> Result<Response, Unanswered> {
    let (integration, id) = (form.text("integration"), form.text("connection_id"));
    let made = async {
        let record = integration_of(&app, integration).await?;
        session_link(&app, &record, WayBack::new(ConnectionKey::new(integration, id))).await
    };
    match made.await {
        Ok((session, link)) => Ok(page(&MadeLink {
            frame: &operator.frame,
            integration,
            id,
            link: Secret::new(link.as_str()),
            ends: distance(session.expires_at, app.keyway.clock().now()),
            connection: operator.frame.to(&["console", "connections", integration, id]),
        })),
        Err(error) => {
            let error: ApiError = error;
            let keys = app.keyway.list_integrations().await?.into_iter().map(|record| record.key).collect();
            let page = AskForLink::new(&operator.frame, keys, integration, id, Some(&error.message));
            Ok(document(error.status, &page, FormTarget::Own))
        }
    }
}

#[derive(Template)]
#[template(path = "console/ask_for_link.html")]
struct AskForLink<'a> {
    frame: &'a Frame,
    action: String,
    providers: String,
    problem: Option<&'a str>,
    keys: Vec<String>,
    integration: &'a str,
    id: &'a str,
}

impl<'a> AskForLink<'a> {
    const TITLE: &'static str = "Connect an account";

    fn new(
        frame: &'a Frame,
        mut keys: Vec<String>,
        integration: &'a str,
        id: &'a str,
        problem: Option<&'a str>,
    ) -> AskForLink<'a> {
        // One that needs nothing from the operator is made when it is first used.
        if !integration.is_empty() && !keys.iter().any(|key| key == integration) {
            keys.insert(0, integration.to_owned());
        }
        let (action, providers) = (frame.to(&["console", "connect"]), frame.to(&["console", "providers"]));
        AskForLink { frame, action, providers, problem, keys, integration, id }
    }
}

#[derive(Template)]
#[template(path = "console/made_link.html")]
struct MadeLink<'a> {
    frame: &'a Frame,
    integration: &'a str,
    id: &'a str,
    link: Secret,
    ends: String,
    connection: String,
}

impl MadeLink<'_> {
    const TITLE: &'static str = "A link for your customer";
}
