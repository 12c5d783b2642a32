//! `/console/connections/{integration}/{id}/call`: one call of a vendor's API as this connection, tried by hand.
//!
//! The request is shown as it is sent, its secrets masked, and the answer as it came: up to a bound, as text, with
//! every secret of the connection masked in it, too. A failed call is not retried.

use super::connection::address;
use super::frame::{Frame, page};
use super::guard::{Operator, Submitted, Unanswered};
use super::named::NamedConnection;
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::link::server_url;
use crate::pages::{FormTarget, document, quoted};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use keyway::connection::{Connection, ConnectionKey};
use keyway::mask::{self, Masked, Masker};
use keyway::{Call, Error, ErrorKind, Secret};
use std::time::{Duration, Instant};

/// The methods to choose from.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// The most of an answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;

/// The longest that a call takes.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// `GET`: the form.
pub(super) async fn ask(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection }: NamedConnection,
) -> Result<Response, Unanswered> {
    Ok(page(&AttemptPage::new(&app, &operator.frame, &key, &connection)))
}

/// `POST`: sends it, and shows what was sent and what came.
pub(super) async fn send(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection }: NamedConnection,
    form: Submitted,
) -> Result<Response, Unanswered> {
    let mut shown = AttemptPage::new(&app, &operator.frame, &key, &connection);
    shown.method = METHODS.into_iter().find(|method| *method == form.text("method")).unwrap_or("GET");
    shown.path = form.text("path").to_owned();
    shown.body = form.text("body").to_owned();
    match tried(&app, &key, shown.method, &shown.path, &shown.body).await {
        Ok(tried) => shown.tried = Some(tried),
        Err(error) => shown.problem = Some(ApiError::from(error).message),
    }
    Ok(document(StatusCode::OK, &shown, FormTarget::Own))
}

/// A request and its answer, as they may be shown.
struct AttemptedCall {
    request: Masked,
    status: u16,
    reason: &'static str,
    milliseconds: u128,
    headers: Vec<(String, String)>,
    body: String,
    is_cut: bool,
    curl: String,
    rust: String,
}

async fn tried(app: &App, key: &ConnectionKey, method: &str, path: &str, body: &str) -> Result<AttemptedCall, Error> {
    let (call, has_body) = (call(method, path, body)?, !body.is_empty());
    let begun = Instant::now();
    let response = app.keyway.send(key, call.clone(), None).await?;
    let (head, body) = response.into_parts();
    let (bytes, is_cut) = beginning(body).await?;
    let milliseconds = begun.elapsed().as_millis();
    // As it is stored now: the call may have renewed it.
    let connection = app.keyway.store().connection(key).await?;
    let integration = app.keyway.get_integration(&key.integration).await?;
    let secrets = secrets(app, connection.as_ref(), &integration);
    let masker = Masker::new(&secrets);
    let plan = app.keyway.plan(key, &call).await?;
    Ok(AttemptedCall {
        request: mask::mask(&plan, &secrets),
        status: head.status.as_u16(),
        reason: head.status.canonical_reason().unwrap_or_default(),
        milliseconds,
        headers: headers(&head.headers, &masker),
        body: masker.text(&readable(&bytes)),
        is_cut,
        curl: curl(app, key, method, path, has_body),
        rust: rust(key, method, path),
    })
}

/// Everything that a page must not show: the credentials, and what else of the two records is secret.
fn secrets(
    app: &App,
    connection: Option<&Connection>,
    integration: &keyway::integration::IntegrationRecord,
) -> Vec<Secret> {
    let mut secrets: Vec<Secret> =
        integration.client_secret.iter().chain(integration.custom.values()).cloned().collect();
    if let Some(connection) = connection {
        secrets.extend(connection.credentials.secrets().cloned());
        let fields = app.keyway.catalogue().get(&connection.provider).map_or(&[][..], |spec| spec.connection_config);
        let hidden = fields.iter().filter(|field| field.secret).filter_map(|field| connection.config.get(field.name));
        secrets.extend(hidden.map(|value| Secret::new(value.as_str())));
    }
    secrets
}

fn call(method: &str, path: &str, body: &str) -> Result<Call, Error> {
    let invalid = |message: &str| Error::new(ErrorKind::InvalidRequest, message);
    if !path.starts_with('/') {
        return Err(invalid("a path begins with `/`: it is added to the base URL of the API"));
    }
    let method: Method = method.parse().map_err(|_| invalid("the method is none"))?;
    let call = Call::new(method, path).refuse_other_hosts(true).timeout(CALL_TIMEOUT).retries(0).safe_retries(0);
    if body.is_empty() {
        return Ok(call);
    }
    let json = serde_json::from_str(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        invalid(&format!("the body is not JSON: line {line}, column {column}"))
    })?;
    Ok(call.json(json))
}

/// The same call through this server, as a command.
fn curl(app: &App, key: &ConnectionKey, method: &str, path: &str, has_body: bool) -> String {
    let base = server_url(&app.config.public_url, &["proxy"]);
    let mut lines = vec![
        format!("curl -X {method} {}", quoted(&format!("{}{path}", base.as_str().trim_end_matches('/')))),
        "-H \"Authorization: Bearer $KEYWAY_API_KEY\"".to_owned(),
        format!(
            "-H {} -H {}",
            quoted(&format!("Provider-Config-Key: {}", key.integration)),
            quoted(&format!("Connection-Id: {}", key.id))
        ),
    ];
    if has_body {
        lines.push("-H 'Content-Type: application/json' -d @body.json".to_owned());
    }
    lines.join(" \\\n  ")
}

/// The same call of a program that has the runtime in it.
fn rust(key: &ConnectionKey, method: &str, path: &str) -> String {
    let lines = [
        format!("let key = ConnectionKey::new({:?}, {:?});", key.integration, key.id),
        format!("let response = keyway.send(&key, Call::new(Method::{method}, {path:?}), None).await?;"),
    ];
    lines.join("\n")
}

/// The beginning of a body, and whether there is more.
async fn beginning(mut body: keyway::transport::Body) -> Result<(Vec<u8>, bool), Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let broke_off = |_| Error::new(ErrorKind::UnreadableResponse, "the answer broke off");
        let Ok(part) = frame.map_err(broke_off)?.into_data() else { continue };
        let room = MAX_ANSWER - bytes.len();
        bytes.extend_from_slice(part.get(..room).unwrap_or(&part));
        if part.len() > room {
            return Ok((bytes, true));
        }
    }
    Ok((bytes, false))
}

/// JSON with its members on lines, other text as it is, and of what is no text the length.
fn readable(bytes: &[u8]) -> String {
    let json = serde_json::from_slice::<serde_json::Value>(bytes).ok();
    if let Some(pretty) = json.and_then(|json| serde_json::to_string_pretty(&json).ok()) {
        return pretty;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // Cut within a character.
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
        }
        Err(_) => format!("{} bytes that are no text", bytes.len()),
    }
}

/// Cookies of the vendor are the vendor's.
fn headers(headers: &HeaderMap, masker: &Masker) -> Vec<(String, String)> {
    let shown = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = if name == http::header::SET_COOKIE { mask::MASK.to_owned() } else { masker.text(&value) };
        (name.to_string(), value)
    });
    shown.collect()
}

#[derive(Template)]
#[template(path = "console/attempt.html")]
struct AttemptPage<'a> {
    frame: &'a Frame,
    id: String,
    connection: String,
    provider: String,
    methods: [&'static str; 6],
    method: &'static str,
    path: String,
    body: String,
    /// Operations of the entry, as examples of paths.
    operations: Vec<(String, &'static str)>,
    problem: Option<String>,
    tried: Option<AttemptedCall>,
}

impl<'a> AttemptPage<'a> {
    const TITLE: &'static str = "Try a call";

    fn is_chosen(&self, method: &str) -> bool {
        self.method == method
    }

    fn new(app: &App, frame: &'a Frame, key: &ConnectionKey, connection: &Connection) -> AttemptPage<'a> {
        let spec = app.keyway.catalogue().get(&connection.provider);
        let operations = spec.map_or(&[][..], |spec| spec.operations);
        AttemptPage {
            frame,
            id: key.id.clone(),
            connection: address(frame, key),
            provider: spec.map_or_else(|| connection.provider.clone(), |spec| spec.display_name.to_owned()),
            methods: METHODS,
            method: "GET",
            path: spec.map_or("/", keyway_portrait::snippets::endpoint).to_owned(),
            body: String::new(),
            operations: operations.iter().map(|it| (it.verb.name().to_uppercase(), it.path)).collect(),
            problem: None,
            tried: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_path_of_the_api_with_json_or_nothing() {
        for (path, body, expected) in [
            ("/v1/me", "", Ok(())),
            ("/v1/things?a=b", "{\"a\": 1}", Ok(())),
            ("https://evil.example/", "", Err("a path begins with")),
            ("v1/me", "", Err("a path begins with")),
            ("", "", Err("a path begins with")),
            ("/v1/me", "{", Err("the body is not JSON: line 1")),
        ] {
            let made = call("POST", path, body).map(drop).map_err(|error| error.to_string());
            match expected {
                Ok(()) => assert!(made.is_ok(), "{path} {body}: {made:?}"),
                Err(part) => assert!(made.as_ref().is_err_and(|error| error.contains(part)), "{path} {body}: {made:?}"),
            }
        }
    }

    #[test]
    fn a_failed_call_is_not_retried_whatever_its_method() {
        for method in METHODS {
            let call = call(method, "/v1/me", "").unwrap();
            assert_eq!((call.retries, call.safe_retries), (0, Some(0)), "{method}");
        }
    }

    #[test]
    fn a_body_is_shown_as_text() {
        for (bytes, expected) in [
            (&b"{\"a\":[1]}"[..], "{\n  \"a\": [\n    1\n  ]\n}"),
            (b"plain", "plain"),
            (b"caf\xc3", "caf"),
            (b"\xff\xfe\x00", "3 bytes that are no text"),
            (b"", ""),
        ] {
            assert_eq!(readable(bytes), expected);
        }
    }
}
