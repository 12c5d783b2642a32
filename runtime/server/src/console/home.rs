//! `GET /`: what this server has, and what to do next.

use super::frame::{Frame, page};
use super::guard::{Operator, Unanswered};
use super::words::distance;
use crate::app::AppState;
use crate::refusals::Refusal;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use keyway::store::ConnectionQuery;

/// The most connections that are counted; more are said to be more.
const MAX_COUNTED: usize = 1000;

/// The most refusals that are shown.
const MAX_SHOWN: usize = 10;

/// The page.
pub(super) async fn show(State(app): AppState, operator: Operator) -> Result<Response, Unanswered> {
    let now = app.keyway.clock().now();
    let integrations = app.keyway.list_integrations().await?;
    let connections = app.keyway.list_connections(ConnectionQuery::first(MAX_COUNTED + 1)).await?.len();
    let broken = ConnectionQuery::first(MAX_COUNTED + 1).reconnect_needed(true);
    let broken = app.keyway.list_connections(broken).await?.len();
    Ok(page(&Home {
        frame: &operator.frame,
        providers: app.keyway.catalogue().iter().count(),
        integrations: integrations.len(),
        connections: count(connections),
        broken: count(broken),
        is_new: integrations.is_empty() && connections == 0,
        version: env!("CARGO_PKG_VERSION"),
        public_url: app.config.public_url.as_str(),
        store: app.config.store_name.as_deref(),
        refusals: app.refusals.latest().into_iter().take(MAX_SHOWN).map(|one| (distance(one.at, now), one)).collect(),
    }))
}

#[derive(Template)]
#[template(path = "console/home.html")]
struct Home<'a> {
    frame: &'a Frame,
    providers: usize,
    integrations: usize,
    connections: String,
    broken: String,
    is_new: bool,
    version: &'static str,
    public_url: &'a str,
    store: Option<&'a str>,
    /// Each with how long ago it was.
    refusals: Vec<(String, Refusal)>,
}

impl Home<'_> {
    const TITLE: &'static str = "Keyway";
}

fn count(count: usize) -> String {
    if count > MAX_COUNTED { format!("more than {MAX_COUNTED}") } else { count.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_was_not_finished_says_so() {
        for (number, expected) in [(0, "0"), (1000, "1000"), (1001, "more than 1000")] {
            assert_eq!(count(number), expected);
        }
    }
}
