//! A vendor for every mode, whose every answer holds marked secrets, and which fails as it is told.
//!
//! It answers every caller as the endpoint would, and judges nothing.

use crate::seen::{MARK, Seen, secret};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use serde_json::json;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::net::TcpListener;

/// How the mock fails. What it repeats is what it was sent: the whole request, as it is and in other encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    None,
    /// A refusal that repeats the request, with this status: as JSON, a form, XML or text.
    Repeat(u16, Form),
    /// A success that grants nothing and repeats the request.
    RepeatWithSuccess(Form),
    /// A success that breaks off in the middle of a value.
    Malformed(Form),
    /// A connection that breaks in the middle of the body.
    Reset,
    /// No answer at all.
    Silent,
    /// To a foreign host, with the query or without, with this status.
    Redirect(u16, bool),
    /// A token that cannot be put into a header.
    LineBreak,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Pairs,
    Xml,
    Text,
}

/// Every failure of an answer. [`Failure::Silent`] takes time, so it is injected apart.
pub(crate) const FAILURES: [Failure; 19] = [
    Failure::Repeat(400, Form::Json),
    Failure::Repeat(401, Form::Json),
    Failure::Repeat(500, Form::Json),
    Failure::Repeat(400, Form::Pairs),
    Failure::Repeat(400, Form::Xml),
    Failure::Repeat(403, Form::Text),
    Failure::Repeat(429, Form::Text),
    Failure::RepeatWithSuccess(Form::Json),
    Failure::RepeatWithSuccess(Form::Pairs),
    Failure::RepeatWithSuccess(Form::Xml),
    Failure::RepeatWithSuccess(Form::Text),
    Failure::Malformed(Form::Json),
    Failure::Malformed(Form::Xml),
    Failure::Malformed(Form::Text),
    Failure::Reset,
    Failure::Redirect(302, false),
    Failure::Redirect(302, true),
    Failure::Redirect(307, true),
    Failure::LineBreak,
];

/// What the mock does next: so many good answers, then this failure.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    next: Arc<Mutex<(usize, Failure)>>,
    foreign: String,
}

impl Script {
    pub(crate) fn set(&self, good: usize, failure: Failure) {
        *self.next.lock().unwrap() = (good, failure);
    }

    fn next(&self) -> Failure {
        let mut next = self.next.lock().unwrap();
        if next.0 == 0 {
            return next.1;
        }
        next.0 -= 1;
        Failure::None
    }
}

/// Starts the mock, and a host that is not the vendor's; all that reaches that one is put into `stolen`.
pub(crate) async fn start(stolen: Seen) -> (SocketAddr, Script) {
    let foreign = listen(axum::Router::new().fallback(any(steal)).with_state(stolen)).await;
    // Another name for this machine: neither the vendor's host nor its port.
    let foreign = format!("http://localhost:{}", foreign.port());
    let script = Script { next: Arc::new(Mutex::new((0, Failure::None))), foreign };
    (listen(axum::Router::new().fallback(any(answer)).with_state(script.clone())).await, script)
}

pub(crate) async fn listen(router: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    address
}

async fn steal(State(stolen): State<Seen>, request: Request) -> &'static str {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    // What a caller put into the query itself is the upstream's to pass on: it is nothing that the entry injected.
    let uri = head.uri.to_string().replace(&format!("mine={}", secret("query")), "");
    stolen.text("foreign", &format!("{} {uri} {:?} {body:?}", head.method, head.headers));
    "thanks"
}

async fn answer(State(script): State<Script>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let query = head.uri.query().unwrap_or_default();
    match script.next() {
        Failure::None => success(&head, "\u{20}"),
        Failure::LineBreak => success(&head, "\n"),
        Failure::Repeat(status, form) => {
            (StatusCode::from_u16(status).unwrap(), repeated(&head, &body, form)).into_response()
        }
        Failure::RepeatWithSuccess(form) => repeated(&head, &body, form).into_response(),
        Failure::Malformed(Form::Json | Form::Pairs) => {
            format!("{{\"access_token\": \"{MARK}-new\", \"token\": \"{MARK}-new\", \"expires_in\": ").into_response()
        }
        Failure::Malformed(Form::Xml) => format!("<answer><access_token>{MARK}-new</token>").into_response(),
        Failure::Malformed(Form::Text) => format!("\u{0}{MARK} <html> {MARK}=").into_response(),
        Failure::Reset => Response::new(Body::new(Breaking(Some(format!("{{\"access_token\":\"{MARK}-cut"))))),
        Failure::Silent => std::future::pending().await,
        Failure::Redirect(status, with_query) => {
            let query = if with_query { query } else { "" };
            let location = format!("{}/x?{query}", script.foreign);
            (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, location)]).into_response()
        }
    }
}

/// A body that gives one piece and then fails, which takes the connection with it.
struct Breaking(Option<String>);

impl HttpBody for Breaking {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let broken = || Err(std::io::ErrorKind::ConnectionReset.into());
        Poll::Ready(Some(self.0.take().map_or_else(broken, |piece| Ok(Frame::data(piece.into())))))
    }
}

/// The request, under every name that a reader of refusals looks at.
fn repeated(head: &Parts, body: &str, form: Form) -> String {
    let headers: Vec<String> = head
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let said = format!("{} {} {body} {}", head.method, head.uri, headers.join(" "));
    let names = ["error", "error_description", "message", "error_message", "errorCode", "status", "code"];
    match form {
        Form::Json => {
            json!(names.map(|name| (name, &said)).into_iter().collect::<std::collections::BTreeMap<_, _>>()).to_string()
        }
        Form::Pairs => form_urlencoded::Serializer::new(String::new())
            .extend_pairs(names.iter().map(|name| (name, &said)))
            .finish(),
        Form::Xml => {
            let said = said.replace('&', "&amp;").replace('<', "&lt;");
            format!("<ErrorResponse><Error><Code>{said}</Code><Message>{said}</Message></Error></ErrorResponse>")
        }
        Form::Text => said,
    }
}

/// What the endpoint of a path gives. `middle` is what stands in the middle of every token.
fn success(head: &Parts, middle: &str) -> Response {
    let base = format!("http://{}", head.headers[header::HOST].to_str().unwrap());
    let token = |what: &str| secret(&format!("{what}{}", middle.trim_matches(' ')));
    let path = head.uri.path();
    let body = match path {
        "/oauth1/request" => format!("oauth_token=temporary&oauth_token_secret={MARK}&oauth_callback_confirmed=true"),
        "/oauth1/token" => format!("oauth_token={MARK}-token&oauth_token_secret={MARK}-secret"),
        "/xml/token" => format!("<answer><access_token>{}</access_token></answer>", token("access")),
        "/register" => json!({"client_id": "registered", "client_secret": token("registered")}).to_string(),
        "/.well-known/oauth-protected-resource/server" => {
            json!({"resource": format!("{base}/server"), "authorization_servers": [base]}).to_string()
        }
        "/.well-known/oauth-authorization-server" => json!({
            "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"), "registration_endpoint": format!("{base}/register"),
            "code_challenge_methods_supported": ["S256"],
        })
        .to_string(),
        _ => json!({
            "access_token": token("access"), "refresh_token": token("refresh"), "id_token": token("id"),
            "token": token("installation"), "sessionId": token("session"), "userId": "u", "expires_in": 3600,
            "team": {"id": "t-1"}, "accessKeyId": token("key-id"), "secretAccessKey": token("secret-key"),
            "sessionToken": token("session-token"), "data": [1], "next": "/api/things?page=2",
        })
        .to_string(),
    };
    Response::builder()
        .header("set-cookie", format!("session={}", secret("cookie")))
        .header("x-token", secret("header"))
        .body(Body::from(body))
        .unwrap()
}
