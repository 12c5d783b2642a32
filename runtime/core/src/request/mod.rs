//! Building requests: URL, headers, query, body.
//!
//! [`plan`] turns a connection and a call into the request that will be sent. Templates come from the provider only;
//! whatever a caller passes is taken literally, and stays below the base URL.
//!
//! Pure: nothing here sends, waits, or asks for the time.

mod base;
mod body;
mod canonical;
mod encode;
mod form;
mod headers;
mod operator_placement;
mod prepared;
mod query;
pub mod shown;
mod uri;
mod url;
pub mod verification;

pub use self::base::{BaseUrl, check_of_integration as check_base_url, of as base_url};
#[doc(hidden)]
pub use self::prepared::Prepared;
use self::query::Query;
pub use self::uri::addressed;
use self::url::Joined;
pub use self::url::sent_query;
use crate::auth;
pub use crate::call::{Call, CallBody};
use crate::egress::{Egress, EgressPolicy};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::inputs::{Inputs, missing};
pub use crate::plan::{Plan, USER_AGENT};
use crate::planned::{PlannedHeader, PlannedUrl};
use crate::secret::Secret;
use crate::template::{Scope, Text, evaluate, refers, uses_moment, value_refers, value_uses_moment};
use ::url::Url;
pub use keyway_format::header::is_reserved;
use keyway_spec::mode::Place;
use keyway_spec::{ProviderSpec, Proxy, Reference, Template};
use std::borrow::Cow;

/// The request for a call. Auth modes whose requests are not built yet are [`ErrorKind::Unsupported`].
///
/// A plan does not say whether its URL may be requested: the sender asks [`egress`].
pub fn plan(inputs: &Inputs<'_>, call: &Call) -> Result<Plan> {
    plan_below(inputs, call, None)
}

/// [`plan`], with the base URL of these inputs where [`base_url`] found it before.
#[doc(hidden)]
pub fn plan_below(inputs: &Inputs<'_>, call: &Call, base: Option<&BaseUrl>) -> Result<Plan> {
    build(inputs, call, base).map_err(|error| error.provider(inputs.spec.key).stage(Stage::Request).sent(false))
}

/// Where the request of a call may go: the provider's API hosts and the integration's allowed hosts. The call cannot
/// widen the set; its base-URL override is held against it like any other URL. Where customers name a part of the host,
/// only this connection's own host is left, so neither an override nor a redirect leads to another customer's. Where
/// the entry sends the operator's client secret or its own account along, hosts that a customer names are left out.
pub fn egress(inputs: &Inputs<'_>, policy: EgressPolicy, call: &Call) -> Egress {
    let operators = auth::carries_operator_secret(inputs)
        || inputs.spec.proxy.as_ref().is_some_and(|proxy| names_operator_secret(inputs, proxy));
    let mut egress = if operators {
        Egress::for_api_with_operator_secret(inputs.spec, inputs.integration, policy)
    } else {
        Egress::for_api(inputs.spec, inputs.integration, policy)
    };
    if egress.is_open() {
        egress = egress.with_own(&inputs.spec.hosts, inputs.integration, &own(inputs, call));
    }
    egress.patterns.extend(operator_placement::host(inputs));
    egress
}

/// True if a call's request or its hosts depend on more of the call's moment than whether an instant has passed: a
/// template says so, or the mode signs each request with a nonce. Where they do not, no UUID is needed, and where the
/// call may go is the same for every call that names no base URL of its own.
pub fn depends_on_moment(spec: &ProviderSpec) -> bool {
    // A mode with headers of its own may have a nonce among them.
    let has_nonce = !matches!(spec.auth.facts().place, Place::Bearer | Place::Templates | Place::Basic);
    let in_proxy = |proxy: &Proxy| {
        let probe = proxy.verification.and_then(|probe| probe.base_url_override);
        let named = proxy.headers.iter().chain(proxy.query).map(|(_, template)| template);
        named.chain([&proxy.base_url]).chain(&probe).any(uses_moment)
            || proxy.body.iter().any(|entry| value_uses_moment(&entry.value))
    };
    has_nonce || spec.proxy.as_ref().is_some_and(in_proxy)
}

/// The base URLs that the entry makes of this connection: of its API, and of the probe that proves its credential.
fn own(inputs: &Inputs<'_>, call: &Call) -> Vec<Url> {
    let scope = inputs.scope();
    let probe = inputs.spec.proxy.as_ref().and_then(|proxy| proxy.verification);
    let probe = probe.and_then(|probe| probe.base_url_override).and_then(|base| match evaluate(&base, &scope) {
        Ok(Text::Resolved(text)) => Some(text),
        _ => None,
    });
    let service = call.base_url_override.clone().filter(|_| auth::is_bound_to_host(inputs));
    let base = base::own(inputs, &scope).ok().map(Cow::into_owned);
    [base, probe, service].into_iter().flatten().filter_map(|text| Url::parse(&text).ok()).collect()
}

fn names_operator_secret(inputs: &Inputs<'_>, proxy: &Proxy) -> bool {
    let operators = |reference: &Reference| inputs.is_operators(reference);
    let named = proxy.headers.iter().chain(proxy.query).map(|(_, template)| template);
    named.chain([&proxy.base_url]).any(|template| refers(template, &operators))
        || proxy.body.iter().any(|entry| value_refers(&entry.value, &operators))
}

fn build(inputs: &Inputs<'_>, call: &Call, base: Option<&BaseUrl>) -> Result<Plan> {
    let scope = inputs.scope();
    let proxy = inputs.spec.proxy.as_ref().unwrap_or(&Proxy::EMPTY);
    let of_mode = auth::headers(inputs)?;
    let body = body::build(inputs, &scope, proxy, call)?;
    let Joined { mut url, query } = url::build(inputs, &scope, call, base)?;
    let Query { text: query, secrets: query_secrets } = query::build(inputs, &scope, proxy, call, query)?;
    url.set_query(query.as_deref());
    let signing = headers::need_signing(proxy).then(|| canonical::signing(proxy, call, &url, &body)).transpose()?;
    let scope = Scope { signing: signing.as_ref(), ..scope };
    let headers = headers::build(inputs, &scope, proxy, of_mode, call, &body)?;
    let identity = auth::identity(inputs)?;
    let (url, query) = (PlannedUrl(url), query.map(Secret::new));
    let mut plan = Plan { method: call.method.clone(), url, query, headers, body, query_secrets, identity };
    auth::sign(inputs, call, &mut plan)?;
    Ok(plan)
}

/// The text of a template of the entry; `None` where it may be left out because the customer left out what it needs.
fn optional_text(inputs: &Inputs<'_>, scope: &Scope<'_>, template: &Template) -> Result<Option<String>> {
    match evaluate(template, scope)? {
        Text::Resolved(text) => Ok(Some(text)),
        Text::Unresolved(name) if inputs.may_be_missing(name) => Ok(None),
        Text::Unresolved(name) => Err(missing(name)),
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}
