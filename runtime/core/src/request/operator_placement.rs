//! The operator's settings on the integration of an API that is not known beforehand: its base URL, and where the key
//! goes.
//!
//! An entry offers the choice by declaring `keyName` in its `integration_config`, with `keyPlacement`, `valueTemplate`
//! and `baseUrl` beside it. The operator names the host, so it joins the set; a customer cannot set any of these.
//! Values are checked where they enter.

use super::{Inputs, invalid, missing};
use crate::egress::HostPattern;
use crate::error::Result;
use crate::secret::Secret;
use keyway_spec::Port;
use url::Url;

/// The placeholder of the key in a `valueTemplate`, which is no other kind of template.
const PLACEHOLDER: &str = "${apiKey}";

/// A header or query parameter that carries the key.
pub(super) struct OperatorCredential<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its value.
    pub(super) value: Secret,
}

/// The header that the operator chose.
pub(super) fn header<'a>(inputs: &Inputs<'a>) -> Result<Option<OperatorCredential<'a>>> {
    if in_query(inputs) { Ok(None) } else { credential(inputs) }
}

/// The query parameter that the operator chose.
pub(super) fn query<'a>(inputs: &Inputs<'a>) -> Result<Option<OperatorCredential<'a>>> {
    if in_query(inputs) { credential(inputs) } else { Ok(None) }
}

/// The base URL that the operator chose.
pub(super) fn base_url<'a>(inputs: &Inputs<'a>) -> Option<&'a str> {
    setting(inputs, "keyName").and_then(|_| setting(inputs, "baseUrl"))
}

/// The host of that base URL, as one that the operator lists.
pub(super) fn host(inputs: &Inputs<'_>) -> Option<HostPattern> {
    let url = Url::parse(base_url(inputs)?).ok()?;
    let port = url.port().map_or(Port::Default, Port::Fixed);
    Some(HostPattern { host: url.host_str()?.trim_end_matches('.').to_owned(), port })
}

fn in_query(inputs: &Inputs<'_>) -> bool {
    setting(inputs, "keyPlacement") == Some("query")
}

fn credential<'a>(inputs: &Inputs<'a>) -> Result<Option<OperatorCredential<'a>>> {
    let Some(name) = setting(inputs, "keyName") else { return Ok(None) };
    let template = setting(inputs, "valueTemplate").unwrap_or(PLACEHOLDER);
    let literal = template.split(PLACEHOLDER).any(|part| part.contains("${"));
    if literal || !template.contains(PLACEHOLDER) {
        return Err(invalid("the integration's `valueTemplate` must contain `${apiKey}` and no other placeholder"));
    }
    let key = inputs.credentials.input("apiKey").ok_or_else(|| missing("apiKey"))?;
    Ok(Some(OperatorCredential { name, value: Secret::new(template.replace(PLACEHOLDER, key.expose())) }))
}

/// A field of `integration_config`: what the operator entered, else its default. Other names are not looked at.
fn setting<'a>(inputs: &Inputs<'a>, name: &str) -> Option<&'a str> {
    let field = inputs.spec.integration_config.iter().find(|field| field.name == name)?;
    let entered = inputs.integration.custom.get(name).map(Secret::expose).filter(|text| !text.is_empty());
    entered.or(field.default_value)
}
