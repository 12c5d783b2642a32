//! Following redirects (RFC 9110 section 15.4) without carrying a credential out of the provider's hosts.
//!
//! Inside the set a hop is followed as it is, signed again where the mode signs; where customers name the host or a
//! part of it, only the connection's own host is inside. Outside, only GET and HEAD are followed, with nothing that the
//! entry injected; any other redirect is returned to the caller. A stream cannot be sent twice, so its redirects are
//! returned too. Which hosts belong to the set is decided in [`crate::egress`].

use super::outgoing::send_plan;
use crate::account::Account;
use crate::auth;
use crate::egress::{Egress, HostPattern};
use crate::engine::Engine;
use crate::error::Result;
use crate::mask::Masker;
use crate::planned::PlannedUrl;
use crate::request::{Call, CallBody, Plan, sent_query};
use crate::response::{is_redirect, uri_text};
use crate::secret::Secret;
use crate::transport::Response;
use http::header::LOCATION;
use http::{Method, StatusCode};
use keyway_spec::Port;
use url::Url;

/// The number of redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// A response, and the URL that it came from where redirects led to another one.
pub(super) struct Followed {
    pub(super) response: Response,
    pub(super) moved_to: Option<PlannedUrl>,
}

/// True if a response is a redirect that may be followed.
pub(super) fn is_followed(call: &Call, response: &Response) -> bool {
    !matches!(call.body, CallBody::Stream) && is_redirect(response.status().as_u16())
}

/// The response that redirects lead to, or the last that is not followed. `plan` is that of the first request.
pub(super) async fn follow(
    engine: &Engine,
    account: &Account,
    call: &Call,
    plan: &Plan,
    mut response: Response,
    home: &Egress,
) -> Result<Followed> {
    let mut plan = plan.clone();
    // What an upstream names is held against the host that was asked, where a customer may name any.
    let mut narrowed = None;
    let mut stripped = false;
    for _ in 0..MAX_REDIRECTS {
        let Some((target, query)) = target(&plan, &response) else { break };
        let home = &*narrowed.get_or_insert_with(|| home.clone().narrowed_to(&plan.url.0));
        let mut next = plan.clone();
        adapt(&mut next, response.status());
        // Once stripped, a request stays stripped, also on its way back.
        let inside = !stripped && home.check_url(&target).is_ok() && !downgrades(&plan.url.0, &target);
        let mut away = home.clone();
        away.patterns = everywhere();
        if !inside && !strip(&mut next, &target, &away, account, call) {
            break;
        }
        stripped |= !inside;
        next.url = PlannedUrl(target);
        next.query = query.map(Secret::new);
        if inside {
            // Each hop is signed with a fresh nonce.
            let moment = engine.moment()?;
            auth::sign(&account.inputs(&moment), call, &mut next)?;
        }
        response = send_plan(engine, account, &next, None, if inside { home } else { &away }).await?;
        plan = next;
    }
    Ok(Followed { response, moved_to: Some(plan.url) })
}

/// Where a redirect points, and its query as it is written there.
fn target(plan: &Plan, response: &Response) -> Option<(Url, Option<String>)> {
    if !is_redirect(response.status().as_u16()) {
        return None;
    }
    let location = uri_text(response.headers().get(LOCATION)?);
    let url = plan.url.0.join(&location).ok()?;
    let written = location.split('#').next().and_then(|text| text.split_once('?'));
    let query = written.map(|(_, query)| sent_query(query.trim_end())).or_else(|| url.query().map(str::to_owned));
    Some((url, query))
}

/// 303 turns into GET, and so does a redirected POST with 301 or 302, as every client does it.
fn adapt(plan: &mut Plan, status: StatusCode) {
    let becomes_get = match status {
        StatusCode::SEE_OTHER => plan.method != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => plan.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        plan.method = Method::GET;
        plan.body = CallBody::Empty;
        plan.headers.retain(|header| !header.name.starts_with("content-"));
    }
}

/// Takes everything away that a foreign host must not see; false if the redirect must not be followed.
fn strip(plan: &mut Plan, target: &Url, away: &Egress, account: &Account, call: &Call) -> bool {
    const HARMLESS: [&str; 4] = ["accept", "accept-language", "range", "user-agent"];
    const NEVER: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];
    let may_follow = matches!(plan.method, Method::GET | Method::HEAD) && matches!(plan.body, CallBody::Empty);
    let secrets = account.secrets();
    let leaks = Masker::new(secrets.iter().chain(&plan.query_secrets)).text(target.as_str()) != target.as_str();
    if !may_follow || leaks || away.check_url(target).is_err() {
        return false;
    }
    let declared = account.spec.proxy.is_some_and(|proxy| proxy.forward_headers_on_redirect);
    let forward_headers = call.forward_headers_on_redirect.unwrap_or(declared);
    plan.identity = None;
    plan.headers.retain(|header| {
        let name = &*header.name;
        let own = forward_headers && !NEVER.contains(&name);
        !header.injected && (own || HARMLESS.contains(&name))
    });
    true
}

fn downgrades(from: &Url, to: &Url) -> bool {
    from.scheme() == "https" && to.scheme() != "https"
}

fn everywhere() -> Vec<HostPattern> {
    vec![HostPattern { host: "*".to_owned(), port: Port::Any }]
}
