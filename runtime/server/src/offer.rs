//! `GET /connect`: the integrations among which the customer of a link chooses.
//!
//! A list of links with the same token, each to the form of its entry or to the vendor's pages; so nothing is kept of a
//! choice, the browser's way back leads here, and to look uses nothing up. An integration that was deleted since the
//! link was made is left out.

use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::input;
use crate::link::{address_of_integration, local};
use crate::pages::{self, ErrorPage, OfferedIntegration};
use crate::way_back;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use keyway::{Error, ErrorKind, Secret};

/// The parameters of the query.
pub(crate) const QUERY: [&str; 1] = ["token"];

/// `GET /connect?token=...`.
pub(crate) async fn show(State(app): AppState, RawQuery(query): RawQuery) -> Result<Response, ErrorPage> {
    let [token] = input::query(query.as_deref(), QUERY)?;
    let token = Secret::new(token.ok_or_else(|| ApiError::invalid("this link has no token"))?);
    let way = way_back::of_token(&app, &token).await;
    match offered(&app, &token).await {
        Ok(offered) => Ok(pages::offer(&offered, way.as_deref())),
        Err(error) => Err(ErrorPage::of(&app, error, way)),
    }
}

/// The integrations that the token allows and that are still there.
async fn offered(app: &App, token: &Secret) -> Result<Vec<OfferedIntegration>, ApiError> {
    let mut offered = Vec::new();
    for key in app.keyway.session_keys(token.expose()).await? {
        let record = match app.keyway.get_integration(&key.integration).await {
            Err(error) if error.kind() == ErrorKind::UnknownIntegration => continue,
            record => record?,
        };
        let Some(spec) = app.keyway.catalogue().get(&record.provider) else { continue };
        let address = local(&address_of_integration(app, &record, token));
        offered.push(OfferedIntegration { provider: spec.display_name, key: record.key, address });
    }
    if offered.is_empty() {
        let message = "none of the integrations of this link is there any more";
        return Err(Error::new(ErrorKind::UnknownIntegration, message).into());
    }
    Ok(offered)
}
