//! Signing a call with Signature Version 4.
//!
//! A fixed set of headers is signed: those that intermediaries leave alone. The signature always replaces what a caller
//! put in its place.

use super::config::region_and_service;
use crate::auth::signed_call::{set, unsignable};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::secret::Secret;
use crate::sign::sigv4::{self, PathForm, Payload};

/// Signs a call.
pub(super) fn sign(inputs: &Inputs<'_>, plan: &mut Plan) -> Result<()> {
    let (region, service) = region_and_service(inputs)?;
    let storage = is_object_storage(service);
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
    for (name, value) in sigv4::headers(&request, signer(inputs.credentials)?, scope)? {
        set(plan, name, value);
    }
    Ok(())
}

/// The signer of proxied calls: the temporary credentials.
fn signer(credentials: &Credentials) -> Result<sigv4::Credentials<'_>> {
    let missing = |name: &str| {
        Error::new(ErrorKind::MissingValue, format!("`{name}` has no value on this connection: connect again"))
    };
    let obtained = |name: &str| credentials.obtained.get(name).ok_or_else(|| missing(name));
    let token = credentials.token.as_ref().ok_or_else(|| missing("session_token"))?;
    Ok(sigv4::Credentials {
        key_id: obtained("access_key_id")?.expose(),
        secret: obtained("secret_access_key")?,
        session_token: Some(&token.access),
    })
}

/// True if a service is S3 or one of its kind: they sign paths as they are, and accept bodies that are not signed.
fn is_object_storage(service: &str) -> bool {
    service == "s3" || service == "s3express" || service.starts_with("s3-")
}
