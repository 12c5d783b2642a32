//! The page as it is filled.

use super::setup::Setup;
use super::{OVERLAY, PRESSED, STYLE};
use askama::Template;
use keyway::Timestamp;
use keyway_simulator::{Check, ConsentDecision, EndpointKind, SeenRequest, Simulator};
use keyway_spec::mode::TokenFrom;

/// The requests that are shown.
const MAX_SHOWN: usize = 50;

/// The page as HTML.
pub(super) fn view(vendor: &Simulator, setup: &Setup, problem: Option<&str>) -> askama::Result<String> {
    let seen = vendor.requests();
    let waiting = vendor.waiting_faults().iter();
    let page = DeskPage {
        name: if setup.spec.display_name.is_empty() { setup.spec.key } else { setup.spec.display_name },
        setup,
        problem,
        style: STYLE,
        pressed: PRESSED,
        overlay: format!("{}{OVERLAY}", setup.origin),
        denies: vendor.next_decision() == ConsentDecision::Deny,
        has_tokens: setup.spec.auth.facts().token != TokenFrom::Nothing,
        lifetime: vendor.token_lifetime(),
        rotates: vendor.rotates(),
        detects_reuse: vendor.detects_reuse(),
        redirect_uri: &vendor.account().redirect_uri,
        waiting: waiting.map(|(kind, fault)| format!("{}: {fault:?}", endpoint(*kind))).collect(),
        seen: seen.iter().rev().take(MAX_SHOWN).map(SeenRow::of).collect(),
    };
    page.render()
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage<'a> {
    name: &'a str,
    setup: &'a Setup,
    problem: Option<&'a str>,
    style: &'a str,
    pressed: &'a str,
    overlay: String,
    denies: bool,
    has_tokens: bool,
    lifetime: i64,
    rotates: bool,
    detects_reuse: bool,
    redirect_uri: &'a str,
    waiting: Vec<String>,
    seen: Vec<SeenRow<'a>>,
}

/// One request, secrets by name.
struct SeenRow<'a> {
    at: String,
    endpoint: &'static str,
    method: &'a str,
    url: &'a str,
    status: u16,
    reason: &'a str,
    wrong: usize,
    checks: &'a [Check],
}

impl SeenRow<'_> {
    fn of(seen: &SeenRequest) -> SeenRow<'_> {
        SeenRow {
            at: Timestamp::from_millisecond(seen.at).map(|at| at.to_string()).unwrap_or_default(),
            endpoint: endpoint(seen.endpoint),
            method: &seen.method,
            url: &seen.url,
            status: seen.status,
            reason: seen.reason.as_deref().unwrap_or_default(),
            wrong: seen.wrong().count(),
            checks: &seen.checks,
        }
    }
}

/// The name of an endpoint for people.
const fn endpoint(kind: EndpointKind) -> &'static str {
    match kind {
        EndpointKind::Discovery => "discovery",
        EndpointKind::Registration => "registration of a client",
        EndpointKind::Authorize => "the page of consent",
        EndpointKind::TokenCode => "token, for a code",
        EndpointKind::TokenRefresh => "token, for a refresh token",
        EndpointKind::TokenClient => "token, for the client",
        EndpointKind::TokenFurther => "token, a further request",
        EndpointKind::LogIn => "login",
        EndpointKind::TemporaryCredentials => "temporary credentials",
        EndpointKind::TokenCredentials => "token credentials",
        EndpointKind::Introspect => "introspection",
        EndpointKind::Lookup => "look-up",
        EndpointKind::Revoke => "revocation",
        EndpointKind::Probe => "probe",
        EndpointKind::Call => "call",
        EndpointKind::Page(_) => "page of a list",
        EndpointKind::Limited => "call with a quota",
        EndpointKind::Unknown => "nothing that the entry describes",
    }
}
