//! Following redirects (RFC 9110 section 15.4) without carrying a credential out of the provider's hosts.
//!
//! Inside the set a hop is followed as it is, signed again where the mode signs; where customers name the host or a
//! part of it, only the connection's own host is inside. Outside, only GET and HEAD are followed, with nothing that the
//! entry injected; anything else is the caller's to see. A stream cannot be sent twice, so its redirects are returned
//! too.

use super::once;
use crate::egress::{Egress, OwnedPattern};
use crate::error::Result;
use crate::mask::Masker;
use crate::parts::Parts;
use crate::planned::PlannedUrl;
use crate::request::{CallBody, Plan, sent_query};
use crate::response::{Class, classify, uri_text};
use crate::secret::Secret;
use crate::transport::Body;
use http::header::LOCATION;
use http::{Method, Response, StatusCode};
use keyway_spec::Port;
use url::Url;

/// How many redirects are followed.
const MOST_HOPS: usize = 5;

/// What holds for one call.
pub(super) struct Rules<'a> {
    /// What must not be in the URL of a foreign host; gathered where there is one.
    pub(super) secrets: &'a (dyn Fn() -> Vec<Secret> + Sync),
    /// Whether the caller's own headers follow to a foreign host.
    pub(super) forward_headers: bool,
    /// Signs a hop inside the host set, where the mode signs.
    pub(super) sign: &'a (dyn Fn(&mut Plan) -> Result<()> + Sync),
}

/// The first response that is not a redirect to be followed.
pub(super) async fn follow(
    parts: &Parts,
    mut plan: Plan,
    stream: Option<Body>,
    home: Egress,
    rules: &Rules<'_>,
) -> Result<Response<Body>> {
    let replayable = !matches!(plan.body, CallBody::Stream);
    let mut response = once(parts, &plan, stream, &home, rules.secrets).await?;
    let home = home.narrowed_to(&plan.url.0);
    let mut stripped = false;
    for _ in 0..MOST_HOPS {
        let Some((target, query)) = target(&plan, &response).filter(|_| replayable) else { break };
        let mut next = plan.clone();
        adapt(&mut next, response.status());
        // Once stripped, a request stays stripped, also on its way back.
        let inside = !stripped && home.check_url(&target).is_ok() && !downgrades(&plan.url.0, &target);
        let away = Egress { patterns: everywhere(), ..home.clone() };
        if !inside && !strip(&mut next, &target, &away, rules) {
            break;
        }
        stripped |= !inside;
        next.url = PlannedUrl(target);
        next.query = query.map(Secret::new);
        if inside {
            (rules.sign)(&mut next)?;
        }
        response = once(parts, &next, None, if inside { &home } else { &away }, rules.secrets).await?;
        plan = next;
    }
    Ok(response)
}

/// Where a redirect points, and its query as it is written there.
fn target(plan: &Plan, response: &Response<Body>) -> Option<(Url, Option<String>)> {
    if classify(response.status().as_u16()) != Class::Redirect {
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
fn strip(plan: &mut Plan, target: &Url, away: &Egress, rules: &Rules<'_>) -> bool {
    const HARMLESS: [&str; 4] = ["accept", "accept-language", "range", "user-agent"];
    const NEVER: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];
    let may_follow = matches!(plan.method, Method::GET | Method::HEAD) && matches!(plan.body, CallBody::Empty);
    let secrets = (rules.secrets)();
    let leaks = Masker::new(secrets.iter().chain(&plan.query_secrets)).text(target.as_str()) != target.as_str();
    if !may_follow || leaks || away.check_url(target).is_err() {
        return false;
    }
    plan.identity = None;
    plan.headers.retain(|header| {
        let name = &*header.name;
        let own = rules.forward_headers && !NEVER.contains(&name);
        !header.injected && (own || HARMLESS.contains(&name))
    });
    true
}

fn downgrades(from: &Url, to: &Url) -> bool {
    from.scheme() == "https" && to.scheme() != "https"
}

fn everywhere() -> Vec<OwnedPattern> {
    vec![OwnedPattern { host: "*".to_owned(), port: Port::Any }]
}
