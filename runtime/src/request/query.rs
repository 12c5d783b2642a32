//! Query parameters: the endpoint's, over them the caller's, over them the provider's.
//!
//! As soon as one parameter is set the whole query is written as `application/x-www-form-urlencoded`; an untouched
//! query stays as the caller wrote it. Absent here: parameters of the base URL, which has none.

use super::chosen::{self, Placed};
use super::{Call, Inputs, optional_text};
use crate::error::Result;
use crate::secret::Secret;
use crate::template::Scope;
use keyway_spec::Proxy;
use url::Url;

/// Sets the caller's and the provider's parameters. Gives back the values that the provider's templates were filled
/// with.
pub(super) fn set(
    inputs: &Inputs<'_>,
    scope: &Scope<'_>,
    proxy: &Proxy,
    call: &Call,
    url: &mut Url,
) -> Result<Vec<Secret>> {
    let mut filled = Vec::new();
    let mut provider = Vec::with_capacity(proxy.query.len());
    for (name, template) in proxy.query {
        if let Some(value) = optional_text(inputs, scope, template)? {
            if template.as_literal().is_none() {
                filled.push(Secret::from(value.as_str()));
            }
            provider.push((*name, value));
        }
    }
    if let Some(Placed { name, value }) = chosen::query(inputs)? {
        provider.push((name, value.expose().to_owned()));
        filled.push(value);
    }
    if call.query.is_empty() && provider.is_empty() {
        return Ok(filled);
    }
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (index, (name, value)) in call.query.iter().enumerate() {
        if call.query.iter().take(index).any(|(earlier, _)| earlier == name) {
            pairs.push((name.clone(), value.clone()));
        } else {
            replace(&mut pairs, name, value);
        }
    }
    for (name, value) in &provider {
        replace(&mut pairs, name, value);
    }
    url.query_pairs_mut().clear().extend_pairs(pairs);
    Ok(filled)
}

/// The first parameter of the name gets the value, others of the name go; a new one comes last.
fn replace(pairs: &mut Vec<(String, String)>, name: &str, value: &str) {
    let place = pairs.iter().position(|(other, _)| other == name);
    pairs.retain(|(other, _)| other != name);
    let place = place.unwrap_or(pairs.len()).min(pairs.len());
    pairs.insert(place, (name.to_owned(), value.to_owned()));
}
