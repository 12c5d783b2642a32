//! Answers of a token endpoint: a token, or a reason.
//!
//! Endpoints are read generously (RFC 6749 section 5.1 asks for JSON; forms, numbers as text and milliseconds occur)
//! and quoted sparingly: of a refusal only the standard error members are kept, without any secret that was sent.

use super::claims;
pub use super::claims::captured;
use super::exchange::{Answer, Granted};
pub(crate) use super::refusal::{failed, refused, without_token};
use super::unsupported;
use crate::clock::Timestamp;
use crate::credentials::Token;
use crate::error::{ErrorKind, Result};
use crate::json::{self, number};
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_format::instant::{self, Use};
use keyway_format::path;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::LifetimeUnit;
use serde_json::{Map, Value};

/// Where an endpoint's answers hold what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ResponseLayout<'a> {
    /// Dotted path of a token, or of an object with a token, that is used when `access_token` is absent.
    pub(crate) alternate: Option<&'a str>,
    /// The names of the members.
    pub(crate) names: MemberNames<'a>,
    /// Further paths of a token.
    pub(crate) fallbacks: &'a [&'a str],
    /// Dotted paths of what becomes configuration, also into a token that is a JWT.
    pub(crate) metadata: &'a [&'a str],
    /// The unit of a lifetime that is a number.
    pub(crate) unit: LifetimeUnit,
    /// The lifetime of a token if the answer does not name one.
    pub(crate) lifetime: Option<SignedDuration>,
}

/// The names of an answer's members: dotted paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberNames<'a> {
    pub(crate) token: &'a str,
    pub(crate) refresh_token: &'a str,
    pub(crate) expires_at: &'a str,
    pub(crate) expires_in: &'a str,
}

/// RFC 6749 section 5.1, and the instant that many send.
impl Default for MemberNames<'_> {
    fn default() -> Self {
        MemberNames {
            token: "access_token",
            refresh_token: "refresh_token",
            expires_at: "expires_at",
            expires_in: "expires_in",
        }
    }
}

/// Reads an answer.
pub(crate) fn parse(answer: &Answer, layout: ResponseLayout<'_>) -> Result<Granted> {
    let members = members(answer.body.expose());
    if !(200..300).contains(&answer.status) {
        return Err(refused(answer, members.as_ref(), "the token endpoint refused"));
    }
    let Some(members) = members else {
        let what = "the token endpoint answered with neither a JSON object nor a form";
        return Err(failed(ErrorKind::TokenUnreadable, answer, None, what));
    };
    let Some((access, context)) = token_at(&members, layout) else {
        return Err(without_token(answer, &members, "the token endpoint answered without a token"));
    };
    unsupported::check_type(context.get("token_type").or_else(|| members.get("token_type")))?;
    Ok(Granted {
        token: Some(Token {
            access: Secret::new(access),
            refresh: at(context, layout.names.refresh_token).and_then(text).map(Secret::new),
            expires_at: expiry(context, layout, answer.received),
            raw: Some(Secret::new(Value::from(members.clone()).to_string())),
        }),
        metadata: layout.metadata.iter().filter_map(|path| claims::said(&members, path)).collect(),
        ..Granted::default()
    })
}

/// The members of a JSON object or of a form.
pub(crate) fn members(body: &str) -> Option<Map<String, Value>> {
    let body = body.trim_start_matches('\u{feff}').trim();
    match json::exact(body) {
        Ok(Value::Object(members)) => Some(members),
        Ok(_) => None,
        Err(_) if body.starts_with(['{', '[', '<', '"']) || !body.contains('=') || body.contains(['\n', ' ']) => None,
        Err(_) => {
            let pairs = form_urlencoded::parse(body.as_bytes());
            Some(pairs.map(|(name, value)| (name.into_owned(), Value::from(value))).collect())
        }
    }
}

/// The token, and the object whose other members belong to it.
pub(crate) fn token_at<'m>(
    members: &'m Map<String, Value>,
    layout: ResponseLayout<'_>,
) -> Option<(&'m str, &'m Map<String, Value>)> {
    if let Some(token) = at(members, layout.names.token).and_then(text) {
        return Some((token, members));
    }
    match layout.alternate.and_then(|path| at(members, path)) {
        Some(Value::Object(context)) => return Some((context.get("access_token").and_then(text)?, context)),
        Some(value) => return Some((text(value)?, members)),
        None => {}
    }
    let found = |path: &&str| Some((at(members, path).and_then(text)?, holder(members, path, layout.names)));
    layout.fallbacks.iter().find_map(found)
}

/// The object whose members belong to the token at a path: the whole answer where it says anything about a token, else
/// the object that the token stands in.
fn holder<'m>(members: &'m Map<String, Value>, path: &str, names: MemberNames<'_>) -> &'m Map<String, Value> {
    let says = |name: &str| at(members, name).is_some();
    if says(names.expires_in) || says(names.expires_at) || says(names.refresh_token) {
        return members;
    }
    let inner = path.rsplit_once('.').and_then(|(outer, _)| at(members, outer)).and_then(Value::as_object);
    inner.unwrap_or(members)
}

/// The lifetime of a token whose endpoint names an implausible number, which must not be read as an unlimited
/// lifetime.
pub(crate) const DEFAULT_LIFETIME: SignedDuration = SignedDuration::from_mins(55);
/// The longest lifetime that is believed: a hundred years.
const MAX_LIFETIME: SignedDuration = SignedDuration::from_hours(100 * 365 * 24);

/// When the token expires: as the answer says, else after the layout's lifetime; `None` if neither is known.
pub(crate) fn expiry(context: &Map<String, Value>, layout: ResponseLayout<'_>, now: Timestamp) -> Option<Timestamp> {
    let (at, within) = (at(context, layout.names.expires_at), at(context, layout.names.expires_in));
    let lifetime = || now.checked_add(lifetime_of(number(within?)?, layout.unit)?).ok();
    let believed = |end: &Timestamp| plausible(*end, now);
    let said = at.and_then(|value| instant(value, now)).filter(believed).or_else(|| lifetime().filter(believed));
    let numbered = [at, within].into_iter().flatten().any(is_number);
    let otherwise = || now.checked_add(layout.lifetime.or(numbered.then_some(DEFAULT_LIFETIME))?).ok();
    said.or_else(otherwise)
}

/// The lifetime that a number says; `None` for one that is none.
pub(crate) fn lifetime_of(amount: f64, unit: LifetimeUnit) -> Option<SignedDuration> {
    let seconds = match unit {
        LifetimeUnit::Seconds => amount,
        LifetimeUnit::Milliseconds => amount / 1000.0,
        LifetimeUnit::Minutes => amount * 60.0,
    };
    SignedDuration::try_from_secs_f64(seconds).ok()
}

/// The unit of lifetimes in the answers of an entry, where it says one.
pub(crate) fn unit_of(spec: &ProviderSpec) -> Option<LifetimeUnit> {
    spec.quirks?.expires_in_unit
}

/// True if a token that was just granted may end then.
pub(crate) fn plausible(end: Timestamp, now: Timestamp) -> bool {
    now < end && end.duration_since(now) <= MAX_LIFETIME
}

/// True if a value is a number or the text of one, however large.
pub(crate) fn is_number(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok_and(|it| !it.is_nan()))
}

/// An instant that an answer names: seconds or milliseconds since 1970, a date, or `D:HH:MM` from now.
pub(super) fn instant(value: &Value, now: Timestamp) -> Option<Timestamp> {
    let milliseconds = match value {
        Value::Number(number) => instant::of_number(number.as_f64()?, Use::Expiry),
        value => instant::of_text(value.as_str()?, Use::Expiry, now.as_millisecond()),
    };
    Timestamp::from_millisecond(milliseconds?).ok()
}

/// The value at a dotted path of an answer's members.
pub(crate) fn at<'m>(members: &'m Map<String, Value>, path: &str) -> Option<&'m Value> {
    path::get_member(members, path)
}

pub(crate) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    const NOW: i64 = 1_700_000_000;

    fn read(body: &str, layout: ResponseLayout<'_>) -> Result<Granted> {
        let secrets = vec![Secret::new("refresh-canary")];
        let received = Timestamp::from_second(NOW).unwrap();
        let answer =
            Answer { status: 200, headers: HeaderMap::new(), body: Secret::new(body), received, secrets, kept: false };
        parse(&answer, layout)
    }

    #[track_caller]
    fn expires(member: &str, expected: Option<i64>) {
        let granted = read(&format!(r#"{{"access_token":"t",{member}}}"#), ResponseLayout::default()).unwrap();
        assert_eq!(granted.token.unwrap().expires_at.map(Timestamp::as_second), expected, "{member}");
    }

    #[test]
    fn expiry_is_read_in_every_spelling_that_occurs() {
        expires(r#""expires_in":3600"#, Some(NOW + 3600));
        expires(r#""expires_in":"3600""#, Some(NOW + 3600));
        expires(r#""expires_in":"never""#, None);
        expires(r#""expires_in":null"#, None);
        expires(r#""expires_in":-5,"expires_at":1735689600"#, Some(1_735_689_600));
        expires(r#""expires_at":1735689600"#, Some(1_735_689_600));
        expires(r#""expires_at":1735689600000"#, Some(1_735_689_600));
        expires(r#""expires_at":"1735689600""#, Some(1_735_689_600));
        expires(r#""expires_at":"2025-01-01T00:00:00Z""#, Some(1_735_689_600));
        expires(r#""expires_at":"2025-01-01T00:00:00""#, Some(1_735_689_600));
        expires(r#""expires_at":"Wed, 01 Jan 2025 00:00:00 GMT""#, Some(1_735_689_600));
        expires(r#""expires_at":"1:02:03""#, Some(NOW + 86_400 + 7200 + 180));
        expires(r#""expires_at":"1:25:00""#, None);
        expires(r#""expires_at":"soon","expires_in":5"#, Some(NOW + 5));
        expires(r#""expires_at":1000,"expires_in":5"#, Some(NOW + 5));
        expires(r#""scope":"a""#, None);
    }

    #[test]
    fn a_number_that_cannot_be_meant_is_the_default_and_never_for_ever() {
        const DEFAULT: i64 = 55 * 60;
        for number in
            ["0", "-1", "-3600", r#""0""#, r#""-7""#, "1e300", "99999999999999999999999", "9999999999", r#""1e999""#]
        {
            for member in ["expires_in", "expires_at"] {
                if (member, number) == ("expires_at", "9999999999") {
                    continue; // an instant in 2286
                }
                expires(&format!(r#""{member}":{number}"#), Some(NOW + DEFAULT));
            }
            let layout = ResponseLayout { lifetime: Some(SignedDuration::from_secs(60)), ..ResponseLayout::default() };
            let body = format!(r#"{{"access_token":"t","expires_in":{number}}}"#);
            let expires_at = read(&body, layout).unwrap().token.unwrap().expires_at;
            assert_eq!(expires_at.map(Timestamp::as_second), Some(NOW + 60), "{number}: the entry's own");
        }
        // One that is past already, whatever the clocks say.
        expires(r#""expires_at":"2001-01-01T00:00:00Z""#, None);
        expires(r#""expires_at":"2001-01-01T00:00:00Z","expires_in":60"#, Some(NOW + 60));
        expires(r#""expires_at":"978307200""#, Some(NOW + DEFAULT));
    }

    #[test]
    fn an_answer_may_count_in_another_unit_and_have_a_lifetime_of_its_own() {
        let own = Some(SignedDuration::from_mins(55));
        for (unit, body, expected) in [
            (LifetimeUnit::Milliseconds, r#"{"access_token":"t","expires_in":60000}"#, NOW + 60),
            (LifetimeUnit::Milliseconds, r#"{"access_token":"t"}"#, NOW + 3300),
            (LifetimeUnit::Minutes, r#"{"access_token":"t","expires_in":"60"}"#, NOW + 3600),
            (LifetimeUnit::Minutes, r#"{"access_token":"t","expires_in":1e300}"#, NOW + 3300),
            (LifetimeUnit::Seconds, r#"{"access_token":"t","expires_in":60}"#, NOW + 60),
        ] {
            let layout = ResponseLayout { unit, lifetime: own, ..ResponseLayout::default() };
            let expires_at = read(body, layout).unwrap().token.unwrap().expires_at;
            assert_eq!(expires_at.map(Timestamp::as_second), Some(expected), "{body}");
        }
    }

    #[test]
    fn tokens_are_found_where_the_shape_says() {
        let alternate = ResponseLayout { alternate: Some("authed_user"), ..ResponseLayout::default() };
        let nested = r#"{"ok":true,"authed_user":{"access_token":"n","refresh_token":"r","expires_in":5}}"#;
        let token = read(nested, alternate).unwrap().token.unwrap();
        assert_eq!(token.access.expose(), "n");
        assert_eq!(token.refresh.unwrap().expose(), "r");
        assert_eq!(token.expires_at.unwrap().as_second(), NOW + 5);
        let path = ResponseLayout { alternate: Some("data.token"), ..ResponseLayout::default() };
        assert_eq!(read(r#"{"data":{"token":"p"}}"#, path).unwrap().token.unwrap().access.expose(), "p");
        let fallbacks = ResponseLayout { fallbacks: &["data.token", "jwt"], ..ResponseLayout::default() };
        assert_eq!(read(r#"{"jwt":"j"}"#, fallbacks).unwrap().token.unwrap().access.expose(), "j");
        for (body, lifetime) in [
            (r#"{"success":true,"data":{"token":"t","expires_in":86400}}"#, Some(86_400)),
            (r#"{"expires_in":60,"data":{"token":"t","expires_in":86400}}"#, Some(60)),
            (r#"{"data":{"token":"t"}}"#, None),
        ] {
            let expires_at = read(body, fallbacks).unwrap().token.unwrap().expires_at;
            assert_eq!(expires_at.map(|end| end.as_second() - NOW), lifetime, "{body}");
        }
    }

    #[test]
    fn a_refusal_says_what_the_endpoint_said() {
        for (body, expected) in [
            (r#"{"error":"invalid_scope"}"#, "refused: `invalid_scope`"),
            (
                r#"{"error":"invalid_grant","error_description":"The code is \nused."}"#,
                "refused: `invalid_grant`: The code is  used.",
            ),
            ("error=invalid_grant&error_description=refresh-canary+is+used", "refused: `invalid_grant`: *** is used"),
            (r#"{"error":{"code":"x1","message":"no such app"}}"#, "refused: `x1`: no such app"),
            ("oauth_problem=timestamp_refused&oauth_problem_advice=late", "refused: `timestamp_refused`: late"),
            (r#"{"error":"use_dpop_nonce"}"#, "refused: `use_dpop_nonce` (sender-constrained tokens (DPoP, RFC 9449)"),
            (r#"{"secret":"other-canary"}"#, "refused"),
        ] {
            let secrets = vec![Secret::new("refresh-canary")];
            let received = Timestamp::from_second(NOW).unwrap();
            let body = Secret::new(body);
            let answer = Answer { status: 400, headers: HeaderMap::new(), body, received, secrets, kept: false };
            let error = refused(&answer, members(answer.body.expose()).as_ref(), "refused");
            assert!(error.message().starts_with(expected), "{error}");
            assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        }
        let long = format!(r#"{{"error":"a","error_description":"{}"}}"#, "x".repeat(5000));
        assert!(read(&long, ResponseLayout::default()).unwrap_err().message().len() < 600, "bounded");
    }

    #[test]
    fn forms_are_answers_too() {
        let token =
            read("access_token=a%2Bb&expires_in=10&scope=x+y", ResponseLayout::default()).unwrap().token.unwrap();
        assert_eq!(token.access.expose(), "a+b");
        assert_eq!(token.expires_at.unwrap().as_second(), NOW + 10);
    }

    #[test]
    fn metadata_keeps_texts_booleans_and_numbers_under_the_dotted_name() {
        let layout = ResponseLayout {
            metadata: &["team.id", "flat.key", "n", "b", "list", "none"],
            ..ResponseLayout::default()
        };
        let body =
            r#"{"access_token":"t","team":{"id":"T1"},"flat.key":"f","n":90071992547409931234,"b":false,"list":[1]}"#;
        let metadata = read(body, layout).unwrap().metadata;
        let expected = [("b", "false"), ("flat.key", "f"), ("n", "90071992547409931234"), ("team.id", "T1")];
        assert_eq!(metadata, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }

    #[test]
    fn a_success_without_a_token_is_a_refusal_with_its_reason_and_no_secret() {
        for body in [
            r#"{"error":"invalid_grant","error_description":"refresh-canary is used","secret":"other-canary"}"#,
            "error=invalid_grant&secret=other-canary",
            r#"{"access_token":"","x":"other-canary"}"#,
            r#"{"access_token":null,"x":"other-canary"}"#,
            r#"{"access_token":"other-canary""#,
            "<html>other-canary</html>",
            "[]",
            "",
        ] {
            let error = read(body, ResponseLayout::default()).unwrap_err();
            let says_no = body.contains("invalid_grant");
            let kind = if says_no { ErrorKind::TokenRefused } else { ErrorKind::TokenUnreadable };
            assert_eq!(error.kind(), kind, "{body}");
            assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
            assert_eq!(error.to_string().contains("invalid_grant"), says_no, "{error}");
        }
    }
}
