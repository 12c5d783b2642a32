//! The vendor's page of consent: a form that is sent, and the way back with a code.

use crate::catalogue::MARKUP;
use crate::vendor::Counts;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;
use url::form_urlencoded::parse;

fn given(text: &str) -> BTreeMap<String, String> {
    parse(text.as_bytes()).into_owned().collect()
}

/// `GET /authorize`.
pub(crate) async fn ask(State(counts): State<Arc<Counts>>, RawQuery(query): RawQuery) -> Html<String> {
    let given = given(&query.unwrap_or_default());
    counts.scopes.lock().unwrap().push(given.get("scope").cloned().unwrap_or_default());
    Html(format!(
        "<title>Acme</title><h1>Let Keyway in?</h1><form method=post>\
         <input type=hidden name=redirect_uri value='{}'><input type=hidden name=state value='{}'>\
         <button>Allow</button><button name=refused value=yes>Refuse</button></form>",
        given["redirect_uri"], given["state"]
    ))
}

/// `POST /authorize`.
pub(crate) async fn agree(body: String) -> Response {
    let given = given(&body);
    let mut back: Url = given["redirect_uri"].parse().unwrap();
    back.query_pairs_mut().append_pair("state", &given["state"]);
    if given.contains_key("refused") {
        back.query_pairs_mut().append_pair("error", "access_denied").append_pair("error_description", MARKUP);
    } else {
        back.query_pairs_mut().append_pair("code", "a-code");
    }
    Redirect::to(back.as_str()).into_response()
}
