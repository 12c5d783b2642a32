//! A call that was made by hand: sent, and shown with what came.
//!
//! The request is shown as it is sent, its secrets masked, and the answer as it came: up to a bound, as text, with
//! every secret of the connection masked in it, too. A failed call is not retried, so there is nothing to tell of
//! retries.

use crate::app::App;
use http::HeaderMap;
use http_body_util::BodyExt;
use keyway::connection::{Connection, ConnectionKey};
use keyway::mask::{self, Masked, Masker};
use keyway::{Call, Error, ErrorKind, Secret};
use std::time::{Duration, Instant};

/// The most of an answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;

/// The longest that a call takes.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A request and its answer, as they may be shown.
pub(super) struct AttemptedCall {
    pub(super) request: Masked,
    pub(super) status: u16,
    pub(super) reason: &'static str,
    pub(super) milliseconds: u128,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) is_cut: bool,
    pub(super) elsewhere: CallElsewhere,
}

/// The same call in the words of others.
pub(super) struct CallElsewhere {
    /// A command that calls this server.
    pub(super) curl: String,
    /// Lines of a program that has the runtime in it.
    pub(super) rust: String,
}

/// A call as it is made by hand: once, for a bounded time.
pub(super) fn by_hand(call: Call) -> Call {
    call.refuse_other_hosts(true).timeout(CALL_TIMEOUT).retries(0).safe_retries(0)
}

/// Sends the call, and gives what may be shown of it.
pub(super) async fn attempt(
    app: &App,
    key: &ConnectionKey,
    call: Call,
    elsewhere: CallElsewhere,
) -> Result<AttemptedCall, Error> {
    let call = by_hand(call);
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
        elsewhere,
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    #[test]
    fn a_failed_call_is_not_retried_whatever_its_method() {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let call = by_hand(Call::new(method.clone(), "/v1/me").retries(3));
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
