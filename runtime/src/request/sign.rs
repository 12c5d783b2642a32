//! Signing, last: over the final URL, after the templates and the caller's query, headers and body.
//!
//! The signature goes over what is sent and covers the form in the body where there is one (RFC 5849 section 3.4.1.3.1)
//! or the whole body (AWS). Signature Version 4 signs a fixed set of headers: those that intermediaries leave alone.
//! It always replaces what a caller put in its place; an `authorization` of the entry's or the caller's own replaces
//! OAuth 1.0's, as it does every other mode's.
//!
//! A redirect inside the host set is signed again, for its own URL and with a nonce of its own: the first signature
//! would be refused there. Outside of the set nothing that was signed goes along.
//!
//! The signatures are computed in [`crate::sign`]; [`crate::auth`] says who signs.

use super::{Call, Inputs, Plan, invalid};
use crate::auth::{aws_sigv4, oauth1, tba};
use crate::error::Result;
use crate::planned::PlannedHeader;
use crate::secret::Secret;
use crate::sign::oauth1 as oauth;
use crate::sign::sigv4::{self, PathForm, Payload};
use bytes::Bytes;
use keyway_spec::Auth;

/// Signs a request where the mode does that.
pub(crate) fn sign(inputs: &Inputs<'_>, call: &Call, plan: &mut Plan) -> Result<()> {
    match &inputs.spec.auth {
        Auth::OAuth1(mode) if !has_authorization(inputs, call) => {
            let (consumer_key, consumer_secret) = oauth1::consumer(inputs.integration)?;
            let token = Some(oauth1::token(inputs.credentials)?);
            let who = oauth::Credentials { consumer_key, consumer_secret, token };
            with_oauth1(inputs, plan, who, oauth1::method(mode)?, None)
        }
        Auth::Tba if !has_authorization(inputs, call) => {
            let realm = tba::realm(inputs.config)?;
            with_oauth1(inputs, plan, tba::signer(inputs)?, oauth::Method::HmacSha256, Some(&realm))
        }
        Auth::AwsSigV4 => with_sigv4(inputs, plan),
        _ => Ok(()),
    }
}

/// Whether calls are signed with a secret of the operator: the receiver of a signature could try out secrets against
/// it, and `PLAINTEXT` is the secret itself.
pub(super) fn with_operator_secret(inputs: &Inputs<'_>) -> bool {
    match inputs.spec.auth {
        Auth::OAuth1(_) => true,
        Auth::Tba => !tba::has_own_client(inputs.credentials),
        _ => false,
    }
}

fn has_authorization(inputs: &Inputs<'_>, call: &Call) -> bool {
    let entrys = inputs.spec.proxy.is_some_and(|proxy| proxy.headers.iter().any(|(name, _)| *name == "authorization"));
    entrys || call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
}

fn with_oauth1(
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
        nonce: &oauth1::nonce(inputs.moment),
        timestamp: inputs.moment.now.as_second(),
        extra: &[],
        realm,
    };
    let authorization = oauth::authorization(request, who, options)?;
    set(plan, "authorization", authorization);
    Ok(())
}

fn with_sigv4(inputs: &Inputs<'_>, plan: &mut Plan) -> Result<()> {
    let (region, service) = aws_sigv4::place(inputs)?;
    let storage = aws_sigv4::is_object_storage(service);
    // A space is signed as `%20` and must be sent so: not every service reads a plus sign as one.
    if let Some(query) = plan.query.as_ref().map(Secret::expose).filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        plan.url.0.set_query(Some(&query));
        plan.query = Some(Secret::new(query));
    }
    // Keys hold what URLs need not encode (`(`, `'`, `@`) and S3 signs encoded: sent so, they are what was signed.
    if storage {
        let path = sigv4::object_path(plan.url.0.path());
        plan.url.0.set_path(&path);
    }
    let body = plan.body.encoded();
    let payload = match &body {
        Some(bytes) => Payload::Bytes(bytes),
        // TLS protects a body that nothing else does.
        None if storage && plan.url.0.scheme() == "https" => Payload::Unsigned,
        None => return Err(unsignable("the provider has the body signed")),
    };
    let covered = |name: &str| matches!(name, "content-type" | "content-md5") || name.starts_with("x-amz-");
    let headers: Vec<(&str, &str)> = plan
        .headers
        .iter()
        .filter(|header| covered(&header.name))
        .map(|header| (&*header.name, header.value.expose()))
        .collect();
    let request = sigv4::Request {
        method: plan.method.as_str(),
        url: &plan.url.0,
        headers: &headers,
        payload,
        path: if storage { PathForm::AsSent } else { PathForm::Normalized },
        content_hash: true,
    };
    let scope = sigv4::Scope { region, service, at: inputs.moment.now };
    for (name, value) in sigv4::headers(&request, aws_sigv4::signer(inputs.credentials)?, scope)? {
        set(plan, name, value);
    }
    Ok(())
}

fn is_form(plan: &Plan) -> bool {
    let value = plan.headers.iter().find(|header| header.name == "content-type").map(|header| header.value.expose());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// One header of the name, in the place of every other.
fn set(plan: &mut Plan, name: &'static str, value: Secret) {
    plan.headers.retain(|header| header.name != name);
    plan.headers.push(PlannedHeader { name: name.into(), value, injected: true });
}

fn unsignable(why: &str) -> crate::Error {
    invalid(format!("{why}, so it cannot be streamed: send at most the buffered size"))
}
