//! Query parameters: the endpoint's, over them the caller's, over them the provider's.
//!
//! The query that the caller wrote into the endpoint is neither decoded nor rewritten: a flag, a lone `&`,
//! bytes that are not UTF-8. Further parameters are appended as a form writes them (WHATWG URL, section 5.2); one
//! that is there under the same name is replaced where it stands, because two of a name mean another thing to every
//! server. The base URL has no parameters.

use super::operator_placement::{self, OperatorCredential};
use super::{Call, Inputs, optional_text};
use crate::error::Result;
use crate::secret::Secret;
use crate::sign::parameters::pair;
use crate::template::Scope;
use keyway_spec::Proxy;

/// A query, and what of it is a secret of the entry.
pub(super) struct Query {
    /// As it will be sent; `None` for none.
    pub(super) text: Option<String>,
    /// The values that the provider's templates were filled with.
    pub(super) secrets: Vec<Secret>,
}

/// Adds the caller's and the provider's parameters to the endpoint's own query.
pub(super) fn build(
    inputs: &Inputs<'_>,
    scope: &Scope<'_>,
    proxy: &Proxy,
    call: &Call,
    own: Option<String>,
) -> Result<Query> {
    let mut secrets = Vec::new();
    let mut provider = Vec::with_capacity(proxy.query.len());
    for (name, template) in proxy.query {
        if let Some(value) = optional_text(inputs, scope, template)? {
            if template.as_literal().is_none() {
                secrets.push(Secret::from(value.as_str()));
            }
            provider.push((*name, value));
        }
    }
    if let Some(OperatorCredential { name, value }) = operator_placement::query(inputs)? {
        provider.push((name, value.expose().to_owned()));
        secrets.push(value);
    }
    if call.query.is_empty() && provider.is_empty() {
        return Ok(Query { text: own, secrets });
    }
    let own = own.filter(|query| !query.is_empty());
    let mut parts: Vec<String> = own.iter().flat_map(|query| query.split('&')).map(str::to_owned).collect();
    for (index, (name, value)) in call.query.iter().enumerate() {
        if call.query.iter().take(index).any(|(earlier, _)| earlier == name) {
            parts.push(written(name, value));
        } else {
            replace(&mut parts, name, value);
        }
    }
    for (name, value) in &provider {
        replace(&mut parts, name, value);
    }
    Ok(Query { text: Some(parts.join("&")), secrets })
}

/// The first parameter of the name gets the value, others of the name go; a new one comes last.
fn replace(parts: &mut Vec<String>, name: &str, value: &str) {
    let named = |part: &String| !part.is_empty() && *pair(part.as_bytes()).0 == *name.as_bytes();
    let place = parts.iter().position(named);
    let kept = place.map_or(parts.len(), |place| parts.iter().take(place).filter(|part| !named(part)).count());
    parts.retain(|part| !named(part));
    parts.insert(kept.min(parts.len()), written(name, value));
}

fn written(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}
