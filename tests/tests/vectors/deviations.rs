//! Where Keyway differs from the recording on purpose: `tests/vectors/deviations.toml`, and how each class is
//! recognised.
//!
//! The list says why and how often; the function of the same name says when. A class without a function, or a function
//! without a class, fails. Recognised is by what the entry says and what was asked and answered; no provider has a
//! class. [`crate::tally`] counts.

use crate::logins;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A line on which both sides differ.
pub(crate) struct Difference<'l> {
    pub(crate) line: &'l Value,
    pub(crate) recorded: Value,
    /// A text that begins with `error: ` where Keyway refuses.
    pub(crate) ours: Value,
}

/// A class of the list.
struct Class {
    name: String,
    /// How many lines of which file.
    lines: BTreeMap<String, usize>,
}

/// Says whether a difference belongs to a class.
type Recognise = fn(&Difference<'_>) -> bool;

/// In this order: the first that fits is the class of a line.
const RECOGNISE: [(&str, Recognise); 36] = [
    ("get-with-a-body", get_with_a_body),
    ("line-break-in-a-header", line_break_in_a_header),
    ("template-of-a-caller", template_of_a_caller),
    ("another-path", another_path),
    ("query-as-it-came", query_as_it_came),
    ("unresolved-url", unresolved_url),
    ("whole-url-behind-a-scheme", whole_url_behind_a_scheme),
    ("one-slash", one_slash),
    ("flat-name-with-a-dot", flat_name_with_a_dot),
    ("retry-of-a-success", retry_of_a_success),
    ("retry-date-under-after", retry_date_under_after),
    ("retry-negative", retry_negative),
    ("retry-bound", retry_bound),
    ("retry-slashes", retry_slashes),
    ("retry-quota-left", retry_quota_left),
    ("retry-standard-fields", retry_standard_fields),
    ("grant-of-a-refresh", grant_of_a_refresh),
    ("scope-encoded-twice", scope_encoded_twice),
    ("unresolved-parameter", unresolved_parameter),
    ("refresh-url", refresh_url),
    ("refresh-token-kept", refresh_token_kept),
    ("number-as-text", number_as_text),
    ("expiry-that-is-past", expiry_that_is_past),
    ("canonical-order", canonical_order),
    ("canonical-object", canonical_object),
    ("number-captured", number_captured),
    ("name-without-a-root", name_without_a_root),
    ("assertion-made-anew", logins::assertion_made_anew),
    ("type-of-a-json-login", logins::type_of_a_json_login),
    ("session-placed", logins::session_placed),
    ("plus-in-a-signed-query", plus_in_a_signed_query),
    ("headers-that-are-signed", headers_that_are_signed),
    ("scope-once", scope_once),
    ("session-name", session_name),
    ("backdated-app-token", backdated_app_token),
    ("secret-in-one-place", secret_in_one_place),
];

/// The class of a difference, if it is on the list of the file.
pub(crate) fn class(file: &str, difference: &Difference<'_>) -> Option<&'static str> {
    let listed = |name: &str| list().iter().any(|class| class.name == name && class.lines.contains_key(file));
    RECOGNISE.iter().find(|(name, recognise)| listed(name) && recognise(difference)).map(|(name, _)| *name)
}

/// The classes of a file, and how many of its lines are in each.
pub(crate) fn of(file: &str) -> BTreeMap<&'static str, usize> {
    list().iter().filter_map(|class| Some((class.name.as_str(), *class.lines.get(file)?))).collect()
}

fn list() -> &'static [Class] {
    static LIST: OnceLock<Vec<Class>> = OnceLock::new();
    LIST.get_or_init(|| {
        let table: toml::Table = include_str!("../../vectors/deviations.toml").parse().unwrap();
        let classes = table["class"].as_array().unwrap().iter().map(|class| {
            let text = |name: &str| class[name].as_str().unwrap().to_owned();
            for told in ["reason", "section"] {
                assert!(!text(told).is_empty(), "{}: no {told}", text("name"));
            }
            let lines = class["lines"].as_table().unwrap().iter();
            let lines =
                lines.map(|(file, lines)| (file.clone(), usize::try_from(lines.as_integer().unwrap()).unwrap()));
            Class { name: text("name"), lines: lines.collect() }
        });
        classes.collect()
    })
}

#[test]
fn every_class_has_a_reason_and_a_way_to_recognise_it() {
    let mut listed: Vec<&str> = list().iter().map(|class| class.name.as_str()).collect();
    let mut recognised: Vec<&str> = RECOGNISE.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    recognised.sort_unstable();
    assert_eq!(listed, recognised);
}

impl Difference<'_> {
    fn refused(&self) -> bool {
        self.ours.as_str().is_some_and(|text| text.starts_with("error: "))
    }

    fn request(&self) -> &Value {
        &self.line["input"]["request"]
    }

    fn endpoint(&self) -> &str {
        self.request()["endpoint"].as_str().unwrap_or_default()
    }
}

/// The URL of a side, which may be all there is.
fn url(side: &Value) -> &str {
    side.get("url")
        .and_then(Value::as_str)
        .or(side.pointer("/requests/0/url").and_then(Value::as_str))
        .or(side.as_str())
        .unwrap_or_default()
}

fn literal(value: &Value) -> bool {
    let text = value.to_string();
    text.contains("${") || text.contains("$%7B")
}

/// Both sides of an exchange, once each request is as `adjust` has it and the pairs of its form are sorted.
fn same_but(difference: &Difference<'_>, adjust: impl Fn(&mut Value)) -> bool {
    let sorted = |side: &Value| {
        let mut side = side.clone();
        for request in side["requests"].as_array_mut().into_iter().flatten() {
            adjust(request);
            if let Some(pairs) = request["body"].as_array_mut() {
                pairs.sort_by_key(ToString::to_string);
            }
        }
        side
    };
    if !is_exchange(difference) {
        return false;
    }
    let (recorded, ours) = (sorted(&difference.recorded), sorted(&difference.ours));
    // Of the exchanges of codes only the requests were recorded.
    recorded["requests"] == ours["requests"] && (difference.line.get("result").is_none() || recorded == ours)
}

fn is_exchange(difference: &Difference<'_>) -> bool {
    [&difference.recorded, &difference.ours].iter().all(|side| side.get("requests").is_some_and(Value::is_array))
}

/// Changes the values of a parameter in a form.
fn in_form(request: &mut Value, name: &str, change: impl Fn(&str) -> Value) {
    for pair in request["body"].as_array_mut().into_iter().flatten() {
        if pair[0] == name
            && let Some(value) = pair[1].as_str()
        {
            pair[1] = change(value);
        }
    }
}

fn scope_encoded_twice(difference: &Difference<'_>) -> bool {
    let once = |scope: &str| Value::from(scope.replace("%20", " "));
    scopes(&difference.recorded) != scopes(&difference.ours)
        && same_but(difference, |request| in_form(request, "scope", once))
}

fn unresolved_parameter(difference: &Difference<'_>) -> bool {
    is_exchange(difference) && literal(&difference.recorded["requests"][0]["body"]) && !literal(&difference.ours)
}

fn refresh_url(difference: &Difference<'_>) -> bool {
    let elsewhere = |request: &mut Value| {
        request["url"] = Value::Null;
        without_client(request);
    };
    let moved = url(&difference.recorded) != url(&difference.ours);
    difference.line["flow"] == "refresh_token" && moved && same_but(difference, elsewhere)
}

fn refresh_token_kept(difference: &Difference<'_>) -> bool {
    let without = |side: &Value| {
        let mut side = side.clone();
        side["refresh"] = Value::Null;
        Difference { line: difference.line, recorded: difference.recorded.clone(), ours: side }
    };
    let dropped = difference.recorded["refresh"].is_null() && difference.ours["refresh"].is_string();
    difference.line["flow"] == "refresh_token" && dropped && same_but(&without(&difference.ours), |_| ())
}

fn get_with_a_body(difference: &Difference<'_>) -> bool {
    let method = difference.request()["method"].as_str();
    let get = method.is_none_or(|method| method.eq_ignore_ascii_case("get"));
    difference.refused() && get && difference.request().get("data").is_some()
}

fn line_break_in_a_header(difference: &Difference<'_>) -> bool {
    difference.refused() && difference.request()["headers"].to_string().contains("\\r\\n")
}

fn template_of_a_caller(difference: &Difference<'_>) -> bool {
    let base = difference.request()["baseUrlOverride"].as_str().unwrap_or_default();
    [base, difference.endpoint()].iter().any(|text| text.contains("${") || text.contains("||"))
}

fn another_path(difference: &Difference<'_>) -> bool {
    let path = difference.endpoint().split(['?', '#']).next().unwrap_or_default().to_lowercase().replace("%2e", ".");
    let resolved = path.split(['/', '\\']).any(|segment| matches!(segment, "." | ".."));
    difference.refused() && (resolved || path.contains('\\') || path.starts_with("//"))
}

fn query_as_it_came(difference: &Difference<'_>) -> bool {
    let (recorded, ours) = (url::Url::parse(url(&difference.recorded)), url::Url::parse(url(&difference.ours)));
    let (Ok(recorded), Ok(ours)) = (recorded, ours) else { return false };
    let query = difference.endpoint().split_once('?').map_or("", |(_, query)| query);
    let as_it_came = ours.query().is_some_and(|sent| sent.starts_with(query));
    recorded[..url::Position::AfterPath] == ours[..url::Position::AfterPath]
        && recorded.query_pairs().eq(ours.query_pairs())
        && as_it_came
        && !query.is_empty()
}

fn unresolved_url(difference: &Difference<'_>) -> bool {
    let recorded = &difference.recorded["url"];
    difference.refused() && literal(if recorded.is_null() { &difference.recorded } else { recorded })
}

fn whole_url_behind_a_scheme(difference: &Difference<'_>) -> bool {
    difference.refused() && url(&difference.recorded).contains("https://http")
}

fn one_slash(difference: &Difference<'_>) -> bool {
    let single = |url: &str| {
        let (_, rest) = url.split_once("://")?;
        Some(rest.replace("//", "/").trim_end_matches('/').to_owned())
    };
    let (recorded, ours) = (url(&difference.recorded), url(&difference.ours));
    recorded != ours && single(recorded).is_some() && single(recorded) == single(ours)
}

fn flat_name_with_a_dot(difference: &Difference<'_>) -> bool {
    let line = difference.line;
    let config = line["input"]["connection_config"].as_object().or(line["replacers"]["connection_config"].as_object());
    let dotted = config.is_some_and(|config| config.keys().any(|name| name.contains('.')));
    difference.line.get("error").is_some() && !difference.refused() && dotted
}

fn retry_of_a_success(difference: &Difference<'_>) -> bool {
    difference.ours["retry"] == false && difference.line["input"]["status"] == 200
}

fn retry_date_under_after(difference: &Difference<'_>) -> bool {
    let case = difference.line["case"].as_str().unwrap_or_default();
    let dated = case.contains("date") || case.contains("iso");
    difference.ours["retry"] == true && difference.line["input"]["retry"]["after"].is_array() && dated
}

fn retry_negative(difference: &Difference<'_>) -> bool {
    difference.ours["wait_ms"] == 0 && difference.recorded["wait_ms"].as_f64() < Some(0.0)
}

fn retry_bound(difference: &Difference<'_>) -> bool {
    difference.ours["gave_up"] == true && difference.recorded["wait_ms"].as_f64() > Some(600_000.0)
}

fn retry_slashes(difference: &Difference<'_>) -> bool {
    let pattern = difference.line["input"]["retry"]["in_body"]["value"].as_str();
    difference.ours["retry"] == true && pattern.is_some_and(|pattern| pattern.starts_with('/'))
}

fn retry_quota_left(difference: &Difference<'_>) -> bool {
    let input = &difference.line["input"];
    let left = input["retry"]["remaining"].as_str().and_then(|name| input["headers"][name].as_str());
    left.and_then(|left| left.parse::<f64>().ok()) > Some(0.0)
        && difference.recorded["retry"] == difference.ours["retry"]
}

/// `Retry-After` beside 403, or a standard field of seconds that an entry lists as an instant.
fn retry_standard_fields(difference: &Difference<'_>) -> bool {
    let input = &difference.line["input"];
    let listed = |name: &str| input["retry"]["at"].as_array().is_some_and(|names| names.iter().any(|at| at == name));
    let sent = |name: &str| input["headers"][name].is_string();
    let refused = input["status"] == 403 && sent("retry-after");
    let seconds = ["retry-after", "ratelimit-reset"].into_iter().any(|name| sent(name) && listed(name));
    difference.ours["retry"] == true && (refused || seconds)
}

fn grant_of_a_refresh(difference: &Difference<'_>) -> bool {
    let grant = |side: &Value| {
        let body = &side["requests"][0]["body"];
        let pair = body.as_array().into_iter().flatten().find(|pair| pair[0] == "grant_type");
        pair.map_or_else(|| body["grant_type"].clone(), |pair| pair[1].clone())
    };
    let (recorded, ours) = (grant(&difference.recorded), grant(&difference.ours));
    difference.line["flow"] == "refresh_token" && recorded == "authorization_code" && ours == "refresh_token"
}

fn is_expiry(difference: &Difference<'_>) -> bool {
    difference.line["fn"] == "parseTokenExpirationDate"
}

fn number_as_text(difference: &Difference<'_>) -> bool {
    let text = difference.line["input"].as_str().unwrap_or_default();
    is_expiry(difference) && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn expiry_that_is_past(difference: &Difference<'_>) -> bool {
    let recorded = difference.recorded.as_str().unwrap_or_default();
    is_expiry(difference) && difference.line["input"].is_number() && recorded.starts_with("1970-")
}

fn canonical_order(difference: &Difference<'_>) -> bool {
    difference.line["fn"] == "buildCanonicalParams" && sorted(&difference.recorded) == sorted(&difference.ours)
}

fn sorted(pairs: &Value) -> Option<Vec<&str>> {
    let mut pairs: Vec<&str> = pairs.as_str()?.split('&').collect();
    pairs.sort_unstable();
    Some(pairs)
}

fn canonical_object(difference: &Difference<'_>) -> bool {
    difference.recorded.as_str().is_some_and(|text| text.contains("object%20Object"))
}

fn number_captured(difference: &Difference<'_>) -> bool {
    let numbers = difference.line["input"].as_object().is_some_and(|input| input.values().any(Value::is_number));
    difference.line["fn"].as_str().is_some_and(|name| name.starts_with("getConnectionMetadata")) && numbers
}

/// A name of the template that stands without its root is said to be unknown, with the name that is meant.
fn name_without_a_root(difference: &Difference<'_>) -> bool {
    let unknown = difference.ours.as_str().is_some_and(|text| text.contains("is not a name that"));
    unknown && literal(&difference.recorded)
}

/// Both are signed, and the query has a plus sign.
fn plus_in_a_signed_query(difference: &Difference<'_>) -> bool {
    let signed =
        |side: &Value| side["headers"]["authorization"].as_str().is_some_and(|value| value.starts_with("OAuth "));
    signed(&difference.recorded) && signed(&difference.ours) && url(&difference.ours).contains('+')
}

fn headers_that_are_signed(difference: &Difference<'_>) -> bool {
    let signed = |side: &Value| side.to_string().contains("AWS4-HMAC-SHA256 ");
    signed(&difference.recorded) && signed(&difference.ours)
}

/// The signature covers the name, so it differs too.
fn session_name(difference: &Difference<'_>) -> bool {
    let unsigned = |request: &mut Value| {
        for name in ["authorization", "x-amz-content-sha256"] {
            request["headers"][name] = Value::Null;
        }
        in_form(request, "RoleSessionName", |name| name.split_once('-').map_or(0, |(_, random)| random.len()).into());
    };
    same_but(difference, unsigned)
}

/// The `scope` parameters of the first request.
fn scopes(side: &Value) -> Vec<&Value> {
    let body = side["requests"][0]["body"].as_array();
    body.into_iter().flatten().filter(|pair| pair[0] == "scope").map(|pair| &pair[1]).collect()
}

fn scope_once(difference: &Difference<'_>) -> bool {
    scopes(&difference.recorded).len() == 2 && scopes(&difference.ours).len() == 1
}

/// The header is there on both sides, and the client's id and secret are in the body of the recording alone.
fn secret_in_one_place(difference: &Difference<'_>) -> bool {
    let headers = |side: &Value| side["requests"][0]["headers"]["authorization"].clone();
    let named = |side: &Value| side["requests"][0]["body"].to_string().contains("client_secret");
    let basic = headers(&difference.ours);
    basic.as_str().is_some_and(|value| value.starts_with("Basic "))
        && headers(&difference.recorded) == basic
        && named(&difference.recorded)
        && !named(&difference.ours)
        && same_but(difference, without_client)
}

/// Leaves the client out of the body of a request whose header has it.
fn without_client(request: &mut Value) {
    if !request["headers"]["authorization"].as_str().is_some_and(|value| value.starts_with("Basic ")) {
        return;
    }
    match &mut request["body"] {
        Value::Array(pairs) => pairs.retain(|pair| pair[0] != "client_id" && pair[0] != "client_secret"),
        Value::Object(members) => members.retain(|name, _| name != "client_id" && name != "client_secret"),
        _ => {}
    }
}

fn backdated_app_token(difference: &Difference<'_>) -> bool {
    let access = |side: &Value| side["access"].clone();
    difference.line["input"]["connection_config"].get("installation_id").is_some()
        && access(&difference.recorded) == access(&difference.ours)
}
