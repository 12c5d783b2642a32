//! A small web app: it connects a user's GitHub account and lists the issues assigned to that user.
//!
//! ```sh
//! GITHUB_CLIENT_ID=... GITHUB_CLIENT_SECRET=... cargo run -p keyway-tests --example issues
//! ```
//!
//! Register an OAuth app with the callback `http://127.0.0.1:3000/callback` first. It does not sign users in; the one
//! user of this app is `user-1`.

use axum::Router;
use axum::extract::State;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use keyway::{Integration, Keyway};
use keyway_providers::github::{self, Github};
use serde::Deserialize;

/// The endpoints of GitHub that this app uses.
#[keyway::api(github)]
trait Issues {
    /// Issues assigned to the user.
    #[get("/issues")]
    #[paginate]
    fn assigned(&self, #[query] state: &str) -> Vec<Issue>;
}

/// An issue.
#[derive(Debug, Deserialize)]
struct Issue {
    number: u64,
    title: String,
}

/// The app. `origin` is where a browser finds it.
pub(crate) fn app(keyway: Keyway, origin: &str) -> Router {
    let routes = Router::new().route("/connect", get(connect)).route("/callback/{id}", get(callback));
    routes.route("/issues", get(issues)).with_state(App { keyway, callback: format!("{origin}/callback") })
}

#[derive(Clone)]
struct App {
    keyway: Keyway,
    callback: String,
}

/// Sends the user to GitHub. The cookie ties the flow to this browser.
async fn connect(State(app): State<App>) -> Result<Response, Failure> {
    let github = app.keyway.integration::<Github>("github")?;
    let start = github.authorize("user-1", github::Config {}).redirect_uri(app.callback).begin().await?;
    let cookie = format!("binding={}; HttpOnly; SameSite=Lax; Max-Age=600", start.binding.expose());
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&start.url)).into_response())
}

/// GitHub sends the user back, on a path that is this integration's alone: the code is exchanged and the connection
/// stored.
async fn callback(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Redirect, Failure> {
    let cookies = headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let binding = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("binding=")).unwrap_or_default();
    app.keyway.finish(&uri.to_string(), binding).await?;
    Ok(Redirect::to("/issues"))
}

async fn issues(State(app): State<App>) -> Result<String, Failure> {
    let client = app.keyway.integration::<Github>("github")?.client("user-1").await?;
    let mut pages = client.assigned("open");
    let mut text = String::new();
    while let Some(page) = pages.next().await? {
        text.extend(page.into_iter().map(|issue| format!("#{} {}\n", issue.number, issue.title)));
    }
    Ok(text)
}

/// What a user is told; the details are for the log.
struct Failure(keyway::Error);

impl From<keyway::Error> for Failure {
    fn from(error: keyway::Error) -> Failure {
        Failure(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, format!("{}\n", self.0)).into_response()
    }
}

/// What this app needs of Keyway.
pub(crate) fn integration(id: String, secret: String) -> Integration<Github> {
    Integration::<Github>::new("github").oauth_app(id, secret).scopes(["repo"])
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (id, secret) = (std::env::var("GITHUB_CLIENT_ID")?, std::env::var("GITHUB_CLIENT_SECRET")?);
    let keyway = Keyway::builder().integration(integration(id, secret)).build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(keyway, "http://127.0.0.1:3000")).await?)
}
