//! Signing a call, last: over the final URL, after the templates and the caller's query, headers and body.
//!
//! The signature goes over what is sent and covers the form in the body where there is one (RFC 5849 section 3.4.1.3.1)
//! or the whole body (AWS). An `authorization` of the entry's or the caller's own replaces OAuth 1.0's, as it does
//! every other mode's. A redirect inside the host set is signed again, for its own URL and with a nonce of its own: the
//! first signature would be refused there. Outside of the set nothing that was signed goes along.
//!
//! Here is what the modes that sign have in common; the signatures themselves are [`crate::sign`]'s.

use crate::call::Call;
use crate::clock::Moment;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::planned::PlannedHeader;
use crate::secret::Secret;
use crate::sign::oauth1 as oauth;
use bytes::Bytes;

/// True if the entry or the caller has an `authorization` of its own, which replaces OAuth 1.0's.
pub(super) fn has_authorization(inputs: &Inputs<'_>, call: &Call) -> bool {
    let entrys = inputs.spec.proxy.is_some_and(|proxy| proxy.headers.iter().any(|(name, _)| *name == "authorization"));
    entrys || call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
}

/// Signs a call with OAuth 1.0 (RFC 5849 section 3.4).
pub(super) fn with_oauth1(
    inputs: &Inputs<'_>,
    plan: &mut Plan,
    who: oauth::Credentials<'_>,
    method: oauth::Method,
    realm: Option<&str>,
) -> Result<()> {
    let form = match plan.body.encoded() {
        _ if method == oauth::Method::Plaintext || !is_form(plan) => Bytes::new(),
        Some(bytes) => bytes,
        None => return Err(unsignable("the provider has the form in the body signed")),
    };
    let request = oauth::Request { method: plan.method.as_str(), url: &plan.url.0, form: &form };
    let options = oauth::Options {
        method,
        nonce: &nonce(inputs.moment),
        timestamp: inputs.moment.now.as_second(),
        extra: &[],
        realm,
    };
    let authorization = oauth::authorization(request, who, options)?;
    set(plan, "authorization", authorization);
    Ok(())
}

/// A value that is used once (section 3.3): the request's own UUID, without its hyphens.
pub(super) fn nonce(moment: &Moment) -> String {
    moment.uuid.replace('-', "")
}

fn is_form(plan: &Plan) -> bool {
    let value = plan.headers.iter().find(|header| header.name == "content-type").map(|header| header.value.expose());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// One header of the name, in the place of every other.
pub(super) fn set(plan: &mut Plan, name: &'static str, value: Secret) {
    PlannedHeader { name: name.into(), value, injected: true }.put_into(&mut plan.headers);
}

/// The error of a stream whose signature would have to cover its bytes.
pub(super) fn unsignable(why: &str) -> Error {
    let message = format!("{why}, so it cannot be streamed: send at most the buffered size");
    Error::new(ErrorKind::InvalidRequest, message)
}
