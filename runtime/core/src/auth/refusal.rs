//! Why a token endpoint granted nothing: whether an answer is a refusal, its code, the wait that it asks for
//! ([`crate::response::retry`] reads that).
//!
//! An answer is quoted sparingly: only the standard error members are kept, without any secret that was sent. Grants
//! are read in [`super::token_response`]; the refresh acts on refusals.

use super::exchange::Answer;
use super::unsupported;
use crate::callback::Callback;
use crate::error::{Error, ErrorKind};
use crate::json::number;
use crate::mask::hide;
use crate::response::retry::told;
use crate::secret::Secret;
use serde_json::{Map, Value};

/// The error of a success without a token: a refusal where it says so, else it cannot be read.
pub(crate) fn without_token(answer: &Answer, members: &Map<String, Value>, what: &str) -> Error {
    let kind = if says_no(members) { ErrorKind::TokenRefused } else { ErrorKind::TokenUnreadable };
    failed(kind, answer, Some(members), what)
}

/// True if an answer with the status of a success is a refusal: nothing was granted, and nothing was used up.
fn says_no(members: &Map<String, Value>) -> bool {
    const FAILED: [&str; 6] = ["error", "fail", "failed", "failure", "ko", "nok"];
    let is = |name: &str, value: &Value| members.get(name) == Some(value);
    let failed = |value: &Value| match value {
        Value::String(text) => FAILED.contains(&text.to_ascii_lowercase().as_str()) || means_failure(value),
        value => means_failure(value),
    };
    let explained = ["message", "msg", "errmsg"].iter().any(|name| members.contains_key(*name));
    // `error`, `errors`, `error_description`, `errorCode`, `errcode`, the outermost element of an XML error, ...
    let names_an_error = |name: &str| name.to_ascii_lowercase().contains("error") || name == "errcode";
    members.iter().any(|(name, value)| names_an_error(name) && is_reason(value))
        || ["ok", "success", "succeeded"].iter().any(|name| is(name, &Value::from(false)))
        || members.get("status").is_some_and(failed)
        || explained && members.get("code").is_some_and(|code| is_reason(code) && !means_success(code))
}

/// True if a member that stands for errors holds one: `null`, `false`, an empty list and the code 0 are none.
fn is_reason(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// A `status` that repeats a status of HTTP.
fn means_failure(value: &Value) -> bool {
    number(value).is_some_and(|status| (400.0..600.0).contains(&status))
}

/// A `code` that stands beside a message and is not a refusal.
fn means_success(code: &Value) -> bool {
    let word = code.as_str().map(str::to_ascii_lowercase);
    number(code).is_some_and(|code| (200.0..300.0).contains(&code))
        || word.is_some_and(|word| matches!(word.as_str(), "ok" | "success"))
}

/// The code of a refusal: the standard's `error`, or what vendors have in its place.
fn code(members: &Map<String, Value>) -> Option<String> {
    const NAMES: [&str; 6] = ["error", "error_code", "errorCode", "errcode", "code", "errors"];
    NAMES.iter().filter_map(|name| members.get(*name)).filter(|value| is_reason(value)).find_map(code_in)
}

/// The code that a member is, or holds.
fn code_in(value: &Value) -> Option<String> {
    const NAMES: [&str; 6] = ["error", "code", "error_code", "errorCode", "type", "status"];
    let scalar_in = |members: &Map<String, Value>| NAMES.iter().find_map(|name| scalar(members.get(*name)?));
    match value {
        Value::String(_) | Value::Number(_) => scalar(value),
        Value::Object(members) => scalar_in(members),
        Value::Array(items) => match items.first()? {
            Value::Object(members) => scalar_in(members),
            item => scalar(item),
        },
        Value::Null | Value::Bool(_) => None,
    }
}

/// A refusal with what the endpoint said, as far as it may be repeated.
pub(crate) fn refused(answer: &Answer, members: Option<&Map<String, Value>>, what: &str) -> Error {
    failed(ErrorKind::TokenRefused, answer, members, what)
}

pub(crate) fn failed(kind: ErrorKind, answer: &Answer, members: Option<&Map<String, Value>>, what: &str) -> Error {
    let said = said(members, &answer.secrets);
    let first = |names: &[&str]| names.iter().find_map(|name| said.get(*name).and_then(Value::as_str));
    let code = members.and_then(code).map(|code| hide(&code, &answer.secrets));
    let named = code.as_deref().or_else(|| first(&["oauth_problem"]));
    let described = first(&["error_description", "error_message", "errmsg", "oauth_problem_advice"]);
    let mut message = match (named, described) {
        (Some(code), Some(described)) => format!("{what}: `{code}`: {described}"),
        (Some(code), None) => format!("{what}: `{code}`"),
        (None, Some(described)) => format!("{what}: {described}"),
        (None, None) => what.to_owned(),
    };
    if let Some(hint) = unsupported::hint(&message) {
        message = format!("{message} ({hint})");
    }
    let body = if said.is_empty() {
        format!("[{} bytes, not shown]", answer.body.expose().len())
    } else {
        Value::from(said).to_string()
    };
    let error = Error::new(kind, message).sent(true).response(answer.status, body).oauth_error(code);
    error.wait(told(&answer.headers, answer.received))
}

/// The members of a refusal, without any secret that was sent: the members of RFC 6749 section 5.2 and
/// those that occur in their place, also where `error` is an object with a code and a message.
fn said(members: Option<&Map<String, Value>>, secrets: &[Secret]) -> Map<String, Value> {
    const SAID: [&str; 10] = [
        "error",
        "error_description",
        "message",
        "error_message",
        "errorCode",
        "status",
        "errcode",
        "errmsg",
        "oauth_problem",
        "oauth_problem_advice",
    ];
    let shown = |value: &Value| Some(Value::from(hide(&scalar(value)?, secrets)));
    let of = |members: &Map<String, Value>, name: &str| members.get(name).and_then(shown);
    let Some(members) = members else { return Map::new() };
    let mut said: Map<String, Value> =
        SAID.iter().filter_map(|name| Some(((*name).to_owned(), of(members, name)?))).collect();
    if let Some(error) = members.get("error").and_then(Value::as_object) {
        let code = ["code", "type", "status"].iter().find_map(|name| of(error, name));
        for (name, value) in [("error", code), ("error_description", of(error, "message"))] {
            said.extend(value.map(|value| (name.to_owned(), value)));
        }
    }
    said
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Why the person did not agree, where the callback says that they did not (RFC 6749 section 4.1.2.1).
pub(super) fn denial(callback: &Callback) -> Option<Error> {
    let error = hide(callback.get("error")?, &[]);
    let mut message = match callback.get("error_description") {
        Some(description) => format!("the authorization server said `{error}`: {}", hide(description, &[])),
        None => format!("the authorization server said `{error}`"),
    };
    if let Some(hint) = unsupported::hint(&message) {
        message = format!("{message} ({hint})");
    }
    Some(Error::new(ErrorKind::AuthorizationDenied, message))
}

#[cfg(test)]
mod tests {
    use super::super::exchange::Granted;
    use super::super::token_response::{ResponseLayout, parse};
    use super::*;
    use crate::clock::Timestamp;
    use crate::error::Result;
    use http::HeaderMap;
    use http::header::{DATE, RETRY_AFTER};

    const NOW: i64 = 1_700_000_000;

    fn read(body: &str) -> Result<Granted> {
        let received = Timestamp::from_second(NOW).unwrap();
        let (headers, secrets) = (HeaderMap::new(), Vec::new());
        let answer = Answer { status: 200, headers, body: Secret::new(body), received, secrets, kept: false };
        parse(&answer, ResponseLayout::default())
    }

    #[test]
    fn refusals_with_the_status_of_a_success_are_read_with_their_code() {
        for (body, code) in [
            (r#"{"error":"invalid_grant"}"#, Some("invalid_grant")),
            (r#"{"ok":false,"error":"bad_refresh_token"}"#, Some("bad_refresh_token")),
            (r#"{"ok":false}"#, None),
            (r#"{"success":false,"message":"no"}"#, None),
            (r#"{"errcode":40030,"errmsg":"invalid refresh_token"}"#, Some("40030")),
            (r#"{"errors":["invalid_grant"]}"#, Some("invalid_grant")),
            (r#"{"errors":[{"code":"E7","message":"no"}]}"#, Some("E7")),
            (r#"{"errors":[{"message":"no"}]}"#, None),
            (r#"{"error":{"code":"expired","message":"no"}}"#, Some("expired")),
            (r#"{"status":"error","message":"no"}"#, None),
            (r#"{"status":401,"message":"no"}"#, None),
            (r#"{"code":"invalid_grant","message":"no"}"#, Some("invalid_grant")),
            (r#"{"code":1004,"msg":"no"}"#, Some("1004")),
            (r#"{"code":"0","message":"no","error_code":"X"}"#, Some("X")),
        ] {
            let error = read(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TokenRefused, "{body}");
            assert_eq!(error.evidence().oauth_error.as_deref(), code, "{body}");
        }
        for body in [
            r#"{"errors":[]}"#,
            r#"{"errcode":0,"data":{}}"#,
            r#"{"status":"ok"}"#,
            r#"{"status":200}"#,
            r#"{"code":0,"message":"ok"}"#,
            r#"{"code":200,"message":"success"}"#,
            r#"{"error":null,"error_description":""}"#,
            r#"{"code":"abc"}"#,
        ] {
            let error = read(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TokenUnreadable, "{body}");
        }
        for body in [
            r#"{"access_token":"t","errors":[],"errcode":0,"status":"error"}"#,
            r#"{"access_token":"t","code":5,"message":"no","ok":false}"#,
        ] {
            assert_eq!(read(body).unwrap().token.unwrap().access.expose(), "t", "{body}");
        }
    }

    #[test]
    fn the_wait_that_a_refusal_asks_for_is_kept() {
        let date = "Tue, 14 Nov 2023 22:13:20 GMT"; // the instant NOW
        for (retry_after, own_date, expected) in [
            ("7", None, Some(7)),
            ("0", None, Some(0)),
            (" 7 ", None, Some(7)),
            ("1.5", None, Some(1)),
            ("-1", None, None),
            ("Tue, 14 Nov 2023 22:13:50 GMT", None, Some(30)),
            ("Tue, 14 Nov 2023 23:13:50 GMT", Some("Tue, 14 Nov 2023 23:13:20 GMT"), Some(30)),
            (date, None, Some(0)),
            ("soon", None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
            if let Some(own) = own_date {
                headers.insert(DATE, own.parse().unwrap());
            }
            let received = Timestamp::from_second(NOW).unwrap();
            let answer =
                Answer { status: 429, headers, body: Secret::default(), received, secrets: Vec::new(), kept: false };
            let error = parse(&answer, ResponseLayout::default()).unwrap_err();
            assert_eq!(error.evidence().wait.map(|wait| wait.as_secs()), expected, "{retry_after}");
        }
    }
}
