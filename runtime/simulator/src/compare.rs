//! A received request beside the expected one.

use crate::check::{Checks, RefusalKind};
use crate::crypto;
use crate::expected::{ExpectedParameter, ExpectedRequest, ParameterValue};
use crate::mask::Mask;
use crate::path;
use crate::request::{ReceivedRequest, duplicate};
use crate::text::{Expected, TextForm};
use crate::xml;
use keyway_spec::auth::BodyFormat;
use serde_json::Value;
use url::Url;

/// Texts that stood in the places of forms.
pub(crate) type Captures = Vec<(TextForm, String)>;

const INVALID: RefusalKind = RefusalKind::OAuth("invalid_request");

/// A parameter that was received, with its type in JSON.
struct ReceivedParameter {
    name: String,
    value: Value,
}

/// Compares everything. The client's authentication is not a part of it.
pub(crate) fn compare(expected: &ExpectedRequest, received: &ReceivedRequest, mask: &Mask) -> (Checks, Captures) {
    let (mut checks, mut captures) = (Checks::default(), Captures::new());
    checks.note(
        received.method == expected.method,
        RefusalKind::Status(405),
        "the method",
        expected.method.as_str(),
        received.method.as_str(),
    );
    checks.note(
        is_same_place(&expected.url, &received.url),
        RefusalKind::Status(404),
        "the URL",
        place_of(&expected.url),
        mask.shown(&place_of(received.url.as_str())),
    );
    user_agent(&mut checks, received);
    once(&mut checks, received);
    in_url(&mut checks, &mut captures, expected, received, mask);
    in_body(&mut checks, &mut captures, expected, received, mask);
    for (name, value) in &expected.headers {
        captures.extend(header(&mut checks, name, value, expected.refused, received, mask));
    }
    (checks, captures)
}

/// True if a URL names the same scheme, host, port and path, however its characters are encoded.
pub(crate) fn is_same_place(expected: &str, received: &Url) -> bool {
    let Ok(expected) = Url::parse(expected) else { return false };
    expected.scheme() == received.scheme()
        && expected.host() == received.host()
        && expected.port_or_known_default() == received.port_or_known_default()
        && decoded(expected.path()) == decoded(received.path())
}

fn decoded(path: &str) -> Vec<String> {
    path.split('/').map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
}

/// A URL without its query.
fn place_of(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// A vendor answers 403 to requests without a `User-Agent` (as one well-known API does).
pub(crate) fn user_agent(checks: &mut Checks, received: &ReceivedRequest) {
    let agent = received.header("user-agent").unwrap_or_default();
    checks.note(!agent.trim().is_empty(), RefusalKind::Status(403), "User-Agent", "a name", agent);
}

/// Headers and parameters that may be there only once.
pub(crate) fn once(checks: &mut Checks, received: &ReceivedRequest) {
    for name in ["authorization", "content-type", "host", "content-length"] {
        let times = received.times(name);
        checks.unless(times < 2, RefusalKind::Status(400), name, "once", format!("{times} times"));
    }
    let query = received.query();
    checks.unless(
        duplicate(&query).is_none(),
        INVALID,
        "parameters of the URL",
        "each once (RFC 6749 section 3.1)",
        format!("`{}` twice", duplicate(&query).unwrap_or_default()),
    );
}

/// A header, exactly.
pub(crate) fn header(
    checks: &mut Checks,
    name: &str,
    value: &Expected,
    refused: RefusalKind,
    received: &ReceivedRequest,
    mask: &Mask,
) -> Captures {
    let got = received.header(name);
    let what = format!("the header `{name}`");
    let captures = got.as_deref().and_then(|got| value.captures(got));
    let is_type = name == "content-type" && got.as_deref().is_some_and(|got| is_media_type(value, got));
    checks.note(captures.is_some() || is_type, refused, what, value.shown.clone(), shown(got.as_deref(), value, mask));
    captures.unwrap_or_default()
}

/// A `Content-Type` may have a charset that nobody asked for.
fn is_media_type(expected: &Expected, got: &str) -> bool {
    let Some(literal) = expected.literal() else { return false };
    let type_of = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    type_of(&literal) == type_of(got)
}

/// A received text, with names for secrets.
pub(crate) fn shown(got: Option<&str>, expected: &Expected, mask: &Mask) -> String {
    match got {
        None => "nothing".to_owned(),
        Some(got) if expected.captures(got).is_some() => expected.shown.clone(),
        Some(got) if expected.secret => mask.wrong(got),
        Some(got) => mask.shown(got),
    }
}

fn in_url(
    checks: &mut Checks,
    captures: &mut Captures,
    expected: &ExpectedRequest,
    received: &ReceivedRequest,
    mask: &Mask,
) {
    let own =
        Url::parse(&expected.url).map(|url| url.query_pairs().into_owned().collect::<Vec<_>>()).unwrap_or_default();
    let own = own.iter().map(|(name, value)| ExpectedParameter {
        refused: INVALID,
        ..ExpectedParameter::text(name, Expected { shown: mask.shown(value), ..Expected::plain(value.clone()) })
    });
    let mut all: Vec<ExpectedParameter> = own.chain(expected.query.iter().cloned()).collect();
    if expected.format == BodyFormat::Query {
        all.extend(expected.parameters.iter().cloned());
    }
    let received = received.query().into_iter();
    let received: Vec<ReceivedParameter> =
        received.map(|(name, value)| ReceivedParameter { name, value: Value::String(value) }).collect();
    captures.extend(parameters(checks, &all, &received, "in the URL", false, mask));
}

fn in_body(
    checks: &mut Checks,
    captures: &mut Captures,
    expected: &ExpectedRequest,
    received: &ReceivedRequest,
    mask: &Mask,
) {
    let has_body = expected.format != BodyFormat::Query
        && expected.method != http::Method::GET
        && expected.parameters.iter().any(|parameter| !parameter.optional);
    if !has_body {
        let is_optional = !expected.parameters.is_empty() && expected.method != http::Method::GET;
        if !is_optional || expected.format == BodyFormat::Query {
            let size = format!("{} bytes", received.body.len());
            // An object without members says as little.
            let is_object = expected.format == BodyFormat::Json && received.body.as_ref() == b"{}";
            checks.note(received.body.is_empty() || is_object, INVALID, "the body", "none", size);
            return;
        }
    }
    let own_type = expected.headers.iter().any(|(name, _)| name == "content-type");
    let (media, others): (&str, &[&str]) = match expected.format {
        BodyFormat::Form => ("application/x-www-form-urlencoded", &[]),
        BodyFormat::Json => ("application/json", &[]),
        BodyFormat::Xml => ("application/xml", &["text/xml"]),
        BodyFormat::Query => ("", &[]),
    };
    if !own_type && (has_body || !received.body.is_empty()) {
        let got = received.media_type();
        let ok = got == media || others.contains(&got.as_str());
        checks.note(ok, INVALID, "the header `content-type`", media, got);
    }
    match body_parameters(expected.format, received) {
        Ok(body) => captures.extend(parameters(
            checks,
            &expected.parameters,
            &body,
            "in the body",
            expected.format == BodyFormat::Json,
            mask,
        )),
        Err(problem) => {
            checks.note(false, INVALID, "the body", expected.format.name(), problem);
        }
    }
    if expected.format == BodyFormat::Form {
        let form = received.form();
        checks.unless(
            duplicate(&form).is_none(),
            INVALID,
            "parameters of the body",
            "each once (RFC 6749 section 3.2)",
            format!("`{}` twice", duplicate(&form).unwrap_or_default()),
        );
        order(checks, expected.order, &form);
    }
}

/// Names that come first do so, in their order.
fn order(checks: &mut Checks, expected: &[&str], form: &[(String, String)]) {
    let is_named = |name: &str| expected.contains(&name);
    let first: Vec<&str> = expected.iter().copied().filter(|name| form.iter().any(|(sent, _)| sent == name)).collect();
    let sent: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).take(first.len()).collect();
    if !first.is_empty() {
        let ok = sent == first || !sent.iter().any(|name| is_named(name)) && first.is_empty();
        checks.note(ok, INVALID, "the first parameters", first.join(", "), sent.join(", "));
    }
}

fn body_parameters(format: BodyFormat, received: &ReceivedRequest) -> Result<Vec<ReceivedParameter>, String> {
    let text = |(name, value): (String, String)| ReceivedParameter { name, value: Value::String(value) };
    match format {
        BodyFormat::Form => Ok(received.form().into_iter().map(text).collect()),
        BodyFormat::Query => Ok(Vec::new()),
        BodyFormat::Json if received.body.is_empty() => Ok(Vec::new()),
        BodyFormat::Json => {
            let Some(body @ Value::Object(_)) = received.json() else { return Err("no JSON object".to_owned()) };
            Ok(path::leaves(&body).into_iter().map(|(name, value)| ReceivedParameter { name, value }).collect())
        }
        BodyFormat::Xml => Ok(xml::read(&received.body_text())?.into_iter().map(text).collect()),
    }
}

/// Every expected parameter is there with its value, and no other.
fn parameters(
    checks: &mut Checks,
    expected: &[ExpectedParameter],
    received: &[ReceivedParameter],
    place: &str,
    is_json: bool,
    mask: &Mask,
) -> Captures {
    let mut captures = Captures::new();
    for parameter in expected {
        let what = format!("`{}` {place}", parameter.name);
        let got = received.iter().find(|received| received.name == parameter.name).map(|received| &received.value);
        let Some(got) = got else {
            // RFC 6749 section 5.2: a request that lacks a parameter is invalid, whatever a wrong value would be.
            let refused = match parameter.refused {
                RefusalKind::OAuth("invalid_client") => parameter.refused,
                RefusalKind::OAuth("invalid_grant") if parameter.name == "code_verifier" => parameter.refused,
                RefusalKind::Unauthorized => RefusalKind::Unauthorized,
                _ => INVALID,
            };
            checks.unless(parameter.optional, refused, &what, &parameter.value.shown(), "nothing");
            continue;
        };
        let found = parameter.value.captures(got, is_json);
        let shown = match &parameter.value {
            ParameterValue::Text(expected) => shown(got.as_str(), expected, mask),
            ParameterValue::Json(_) => mask.shown(&got.to_string()),
            ParameterValue::Verifier(_) => if found.is_some() { "it" } else { "another one" }.to_owned(),
        };
        let shown = if found.is_none() && got.as_str().is_none() { mask.shown(&got.to_string()) } else { shown };
        checks.note(found.is_some(), parameter.refused, what, parameter.value.shown(), shown);
        captures.extend(found.unwrap_or_default());
    }
    for parameter in received {
        let is_expected = expected.iter().any(|expected| expected.name == parameter.name);
        let what = format!("`{}` {place}", parameter.name);
        checks.unless(is_expected, INVALID, &what, "nothing", mask.wrong(&text_of(&parameter.value)));
    }
    captures
}

impl ParameterValue {
    /// The captures of a received value; `None` if it is another one.
    fn captures(&self, got: &Value, is_json: bool) -> Option<Captures> {
        match self {
            ParameterValue::Text(expected) => expected.captures(got.as_str()?),
            ParameterValue::Json(value) => {
                let is_same = if is_json { value == got } else { text_of(value) == text_of(got) };
                is_same.then(Captures::new)
            }
            ParameterValue::Verifier(challenge) => {
                let verifier = got.as_str()?;
                let is_unreserved =
                    |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
                let is_one = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
                let digest = crypto::base64url(&crypto::sha256(verifier.as_bytes()));
                (is_one && digest == *challenge).then(Captures::new)
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            ParameterValue::Text(expected) => expected.shown.clone(),
            ParameterValue::Json(value) => value.to_string(),
            ParameterValue::Verifier(_) => "the verifier of the code challenge, 43 to 128 characters".to_owned(),
        }
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
