//! `GET /authorize` and `POST /token`: the authorization code grant with PKCE, refresh with rotation, and client
//! credentials (RFC 6749, RFC 7636).
//!
//! The resource owner always agrees. Scopes are ignored.

use super::{CLIENT_ID, CLIENT_SECRET, Grant, Inner, State};
use axum::extract::{Form, Query, State as Extract};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

type Parameters = BTreeMap<String, String>;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/authorize", get(authorize)).route("/token", post(token))
}

async fn authorize(Extract(state): Extract<Arc<State>>, Query(query): Query<Parameters>) -> Response {
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    if get("client_id") != CLIENT_ID || get("response_type") != "code" || get("code_challenge_method") != "S256" {
        return (StatusCode::BAD_REQUEST, "client, response type or PKCE method is wrong").into_response();
    }
    let (challenge, redirect_uri) = (get("code_challenge"), get("redirect_uri"));
    let mut inner = state.lock();
    inner.issued += 1;
    let code = format!("code-{}", inner.issued);
    let target = format!("{redirect_uri}?code={code}&state={}", encode(&get("state")));
    inner.codes.insert(code, Grant { challenge, redirect_uri });
    Redirect::to(&target).into_response()
}

async fn token(Extract(state): Extract<Arc<State>>, Form(form): Form<Parameters>) -> Response {
    let get = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let mut inner = state.lock();
    inner.requests += 1;
    if get("client_id") != CLIENT_ID || get("client_secret") != CLIENT_SECRET {
        return refuse("invalid_client");
    }
    match get("grant_type") {
        "authorization_code" => {
            let verifier = ring::digest::digest(&ring::digest::SHA256, get("code_verifier").as_bytes());
            let challenge = URL_SAFE_NO_PAD.encode(verifier);
            match inner.codes.remove(get("code")) {
                Some(grant) if grant.challenge == challenge && grant.redirect_uri == get("redirect_uri") => {
                    issue(&mut inner, true)
                }
                _ => refuse("invalid_grant"),
            }
        }
        "refresh_token" => {
            if !inner.refresh_tokens.remove(get("refresh_token")) {
                return refuse("invalid_grant");
            }
            inner.refreshes += 1;
            issue(&mut inner, true)
        }
        "client_credentials" => issue(&mut inner, false),
        _ => refuse("unsupported_grant_type"),
    }
}

fn issue(inner: &mut Inner, with_refresh: bool) -> Response {
    inner.issued += 1;
    let (access, refresh) = (format!("access-{}", inner.issued), format!("refresh-{}", inner.issued));
    inner.access_tokens.insert(access.clone());
    let mut answer = json!({"access_token": access, "token_type": "Bearer", "expires_in": inner.lifetime});
    if with_refresh {
        inner.refresh_tokens.insert(refresh.clone());
        answer["refresh_token"] = json!(refresh);
    }
    Json(answer).into_response()
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error, "error_description": "not one of <ours>"}))).into_response()
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
