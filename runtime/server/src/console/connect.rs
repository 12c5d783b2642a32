//! `/console/connect`: a link with which a customer connects an account, or an operator one for a test. Of several
//! integrations that are ticked, the customer chooses one.

use super::frame::{Frame, page};
use super::guard::{Operator, Submitted, Unanswered};
use super::words::distance;
use crate::app::{App, AppState};
use crate::connect::session_link;
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
    let (ticked, id) = (integration.into_iter().collect::<Vec<_>>(), id.unwrap_or_default());
    let integrations = listed(&app, &ticked).await?;
    Ok(page(&AskForLink::new(&operator.frame, integrations, &id, None)))
}

/// `POST /console/connect`.
pub(super) async fn create(State(app): AppState, operator: Operator, form: Submitted) -> Result<Response, Unanswered> {
    let ticked: Vec<String> = form.all("integration").map(str::to_owned).collect();
    let id = form.text("connection_id");
    let first = ticked.first().map_or("", String::as_str);
    match session_link(&app, ticked.clone(), WayBack::new(ConnectionKey::new(first, id))).await {
        Ok((session, link)) => Ok(page(&MadeLink {
            frame: &operator.frame,
            id,
            link: Secret::new(link.as_str()),
            ends: distance(session.expires_at, app.keyway.clock().now()),
            connection: (ticked.len() == 1).then(|| operator.frame.to(&["console", "connections", first, id])),
            integrations: &ticked,
        })),
        Err(error) => {
            let integrations = listed(&app, &ticked).await?;
            let page = AskForLink::new(&operator.frame, integrations, id, Some(&error.message));
            Ok(document(error.status, &page, FormTarget::Own))
        }
    }
}

/// An integration to tick.
struct Tickable {
    key: String,
    is_ticked: bool,
}

/// Every integration, and those that are ticked: one that needs nothing from the operator is made when it is first
/// used.
async fn listed(app: &App, ticked: &[String]) -> Result<Vec<Tickable>, ApiError> {
    let mut keys: Vec<String> = app.keyway.list_integrations().await?.into_iter().map(|record| record.key).collect();
    let new: Vec<String> = ticked.iter().filter(|key| !key.is_empty() && !keys.contains(key)).cloned().collect();
    keys.splice(0..0, new);
    let is_only = keys.len() == 1;
    Ok(keys.into_iter().map(|key| Tickable { is_ticked: is_only || ticked.contains(&key), key }).collect())
}

#[derive(Template)]
#[template(path = "console/ask_for_link.html")]
struct AskForLink<'a> {
    frame: &'a Frame,
    action: String,
    providers: String,
    problem: Option<&'a str>,
    integrations: Vec<Tickable>,
    id: &'a str,
}

impl<'a> AskForLink<'a> {
    const TITLE: &'static str = "Connect an account";

    fn new(frame: &'a Frame, integrations: Vec<Tickable>, id: &'a str, problem: Option<&'a str>) -> AskForLink<'a> {
        let (action, providers) = (frame.to(&["console", "connect"]), frame.to(&["console", "providers"]));
        AskForLink { frame, action, providers, problem, integrations, id }
    }
}

#[derive(Template)]
#[template(path = "console/made_link.html")]
struct MadeLink<'a> {
    frame: &'a Frame,
    integrations: &'a [String],
    id: &'a str,
    link: Secret,
    ends: String,
    /// The page of the connection to be, where it is known which one.
    connection: Option<String>,
}

impl MadeLink<'_> {
    const TITLE: &'static str = "A link for your customer";
}
