//! Answers as vendors send them.

use crate::check::RefusalKind;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// An answer in JSON.
pub(crate) fn json(status: u16, body: &Value) -> Response<Bytes> {
    text(status, "application/json; charset=utf-8", body.to_string())
}

/// An answer of any type.
pub(crate) fn text(status: u16, media_type: &str, body: String) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    with_header(answer, "content-type", media_type)
}

/// The answer with one more header.
pub(crate) fn with_header(mut answer: Response<Bytes>, name: &str, value: &str) -> Response<Bytes> {
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
        answer.headers_mut().append(name, value);
    }
    answer
}

/// A token answer must not be stored (RFC 6749 section 5.1).
pub(crate) fn not_stored(answer: Response<Bytes>) -> Response<Bytes> {
    with_header(with_header(answer, "cache-control", "no-store"), "pragma", "no-cache")
}

/// The answer to a request that is refused.
pub(crate) fn refusal(refused: RefusalKind, reason: &str) -> Response<Bytes> {
    match refused {
        RefusalKind::OAuth(code) => oauth(code, reason),
        RefusalKind::Unauthorized => with_header(
            json(401, &json!({"error": "unauthorized", "message": reason})),
            "www-authenticate",
            "Bearer realm=\"api\", error=\"invalid_token\"",
        ),
        RefusalKind::Status(status) => {
            let answer = json(status, &json!({"error": {"status": status, "message": reason}}));
            if status == 405 { with_header(answer, "allow", "POST") } else { answer }
        }
    }
}

/// An error answer of a token endpoint (RFC 6749 section 5.2).
fn oauth(code: &str, reason: &str) -> Response<Bytes> {
    let body = json!({"error": code, "error_description": described(reason)});
    if code == "invalid_client" {
        return not_stored(with_header(json(401, &body), "www-authenticate", "Basic realm=\"token\""));
    }
    not_stored(json(400, &body))
}

/// The characters that RFC 6749 section 5.2 allows in a description.
pub(crate) fn described(reason: &str) -> String {
    reason
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') || c == ' ' { c } else { '\'' })
        .collect()
}
