//! The API: any path below the base URL, the probe, and two paths of the simulator's own.

use crate::answer;
use crate::check::{Checks, EndpointKind, RefusalKind};
use crate::compare::{is_same_place, once, user_agent};
use crate::expected::to_json;
use crate::limits::{self, WAIT};
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::template::{Values, evaluate};
use crate::{oauth1, pages, place, sts};
use bytes::Bytes;
use http::{Method, Response};
use keyway_spec::{Mode, Proxy, Verification};
use serde_json::json;
use url::Url;

/// A list of three pages.
pub(crate) const ITEMS: &str = "keyway-simulator/items";

/// A resource whose quota is spent once.
pub(crate) const LIMITED: &str = "keyway-simulator/limited";

/// The kind of a request to the API; `None` if it is not below its base URL.
pub(crate) fn kind(state: &VendorState, received: &ReceivedRequest, now: i64) -> Option<EndpointKind> {
    let proxy = state.spec.proxy.as_ref()?;
    let values = state.values(Some(received), now);
    if let Some(verification) = &proxy.verification
        && verification.method == received.method.as_str()
        && probes(state, proxy, verification, &values).iter().any(|probe| is_same_place(probe, &received.url))
    {
        return Some(EndpointKind::Probe);
    }
    let base = base(state, proxy, &values)?;
    let below = below(&base, &received.url)?;
    Some(match below.trim_matches('/') {
        ITEMS => EndpointKind::Page(pages::number(proxy.paginate.as_ref(), received).unwrap_or(0)),
        LIMITED => EndpointKind::Limited,
        _ => EndpointKind::Call,
    })
}

/// The base URL, by the entry or by the operator.
pub(crate) fn base(state: &VendorState, proxy: &Proxy, values: &Values<'_>) -> Option<String> {
    let own = state.account.settings.get("baseUrl").filter(|url| !url.is_empty()).cloned();
    if state.spec.auth.kind() != Mode::AwsSigV4 {
        return own.or_else(|| evaluate(&proxy.base_url, values)?.literal());
    }
    // One service has many endpoints, of which an account may name its own.
    let of_account = state.account.config.get("base_url").filter(|url| !url.is_empty()).cloned();
    let of_entry = || Some(sts::in_partition(state, &evaluate(&proxy.base_url, values)?.literal()?));
    own.or(of_account).or_else(of_entry)
}

/// The path below a base URL.
fn below(base: &str, url: &Url) -> Option<String> {
    let base = Url::parse(base).ok()?;
    let is_same = base.scheme() == url.scheme()
        && base.host() == url.host()
        && base.port_or_known_default() == url.port_or_known_default();
    let decoded = |path: &str| percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let (path, base) = (decoded(url.path()), decoded(base.path()));
    let rest = path.strip_prefix(base.trim_end_matches('/'))?;
    (is_same && (rest.is_empty() || rest.starts_with('/'))).then(|| rest.to_owned())
}

/// The URLs of the probe.
fn probes(state: &VendorState, proxy: &Proxy, verification: &Verification, values: &Values<'_>) -> Vec<String> {
    let own = verification.base_url_override.and_then(|url| evaluate(&url, values)?.literal());
    let Some(base) = own.or_else(|| base(state, proxy, values)) else { return Vec::new() };
    let endpoints = verification.endpoints.iter().filter_map(|endpoint| evaluate(endpoint, values)?.literal());
    endpoints.map(|endpoint| format!("{}/{}", base.trim_end_matches('/'), endpoint.trim_start_matches('/'))).collect()
}

/// Checks a request to the API.
pub(crate) fn examine(state: &VendorState, kind: EndpointKind, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    let Some(proxy) = &state.spec.proxy else { return checks };
    user_agent(&mut checks, received);
    once(&mut checks, received);
    let has_body = !received.body.is_empty();
    if matches!(received.method, Method::GET | Method::HEAD) {
        let size = format!("{} bytes", received.body.len());
        checks.unless(!has_body, RefusalKind::Status(400), "the body", "none", size);
    } else if has_body {
        let got = received.media_type();
        checks.note(
            got.contains('/'),
            RefusalKind::Status(415),
            "the header `content-type`",
            "the type of the body",
            got,
        );
    }
    let mut known = Vec::new();
    if kind == EndpointKind::Probe
        && let Some(verification) = &proxy.verification
    {
        known = probe(&mut checks, state, proxy, verification, received, now);
    }
    // Headers of the probe are those of a caller, and win over the entry's.
    let verification = proxy.verification.filter(|_| kind == EndpointKind::Probe);
    let own = verification.map_or(&[] as &[(&str, &str)], |verification| verification.headers);
    place::examine(&mut checks, state, proxy, received, (&known, own), now);
    match kind {
        EndpointKind::Page(_) => pages::examine(&mut checks, state.pages, proxy.paginate.as_ref(), received),
        EndpointKind::Limited => limits::examine(&mut checks, state.limits, now),
        _ => {}
    }
    checks
}

/// Checks what the entry says of the probe. Gives the names of its query parameters.
fn probe(
    checks: &mut Checks,
    state: &VendorState,
    proxy: &Proxy,
    verification: &Verification,
    received: &ReceivedRequest,
    now: i64,
) -> Vec<String> {
    let values = state.values(Some(received), now);
    for (name, value) in verification.headers {
        let got = received.header(name).unwrap_or_default();
        checks.note(
            got == *value,
            RefusalKind::Status(400),
            format!("the header `{name}`"),
            *value,
            state.mask.shown(&got),
        );
    }
    let probes = probes(state, proxy, verification, &values);
    let own =
        probes.iter().filter_map(|probe| Url::parse(probe).ok()).find(|probe| probe.path() == received.url.path());
    let expected: Vec<(String, String)> = own.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
    let sent = received.query();
    for (name, value) in &expected {
        let got = sent.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let shown = state.mask.shown(got.unwrap_or("nothing"));
        checks.note(
            got == Some(value),
            RefusalKind::Status(400),
            format!("`{name}` in the URL"),
            state.mask.shown(value),
            shown,
        );
    }
    if !verification.data.is_empty() && received.method == Method::POST {
        let sent = received.json().unwrap_or_default();
        for entry in verification.data {
            let (expected, got) = (to_json(&entry.value, &values), sent.get(entry.name).cloned().unwrap_or_default());
            let what = format!("`{}` in the body", entry.name);
            checks.note(
                expected == got,
                RefusalKind::Status(400),
                what,
                expected.to_string(),
                state.mask.shown(&got.to_string()),
            );
        }
    }
    expected.into_iter().map(|(name, _)| name).collect()
}

/// Answers a request that passed every check.
pub(crate) fn succeed(
    state: &mut VendorState,
    kind: EndpointKind,
    received: &ReceivedRequest,
    now: i64,
) -> Response<Bytes> {
    remember(state, received);
    let Some(proxy) = &state.spec.proxy else { return answer::json(404, &json!({})) };
    match (kind, &proxy.paginate) {
        (EndpointKind::Page(page), Some(rule)) => {
            let base = base(state, proxy, &state.values(Some(received), now)).unwrap_or_default();
            state.pages.last = page;
            pages::page(rule, page, received, &base)
        }
        (EndpointKind::Limited, _) if state.limits.holds(now) => {
            let (answer, until) = limits::limited(proxy, WAIT, now);
            state.limits.until = Some(until);
            answer
        }
        (EndpointKind::Limited, _) => {
            state.limits.waited = true;
            answer::json(200, &json!({"ok": true, "limited": false}))
        }
        _ if received.method == Method::HEAD => answer::text(200, "application/json", String::new()),
        _ => answer::json(200, &json!({"ok": true, "id": "simulated", "method": received.method.as_str()})),
    }
}

/// Nonces count once.
fn remember(state: &mut VendorState, received: &ReceivedRequest) {
    if matches!(state.spec.auth, keyway_spec::Auth::OAuth1(_) | keyway_spec::Auth::Tba) {
        state.nonces.extend(oauth1::nonce(received));
    }
}
