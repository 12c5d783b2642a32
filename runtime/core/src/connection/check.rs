//! Checks the configuration and credentials of a connection by the entry's own fields.
//!
//! The same check for the library, the server and the redirect flow. No request is sent; the runtime verifies
//! credentials.

use super::ConfigMap;
use crate::auth;
use crate::auth::lookup::is_choosing;
use crate::auth::oauth2::{self, connection_overrides};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::inputs::settings;
use crate::integration::IntegrationRecord;
use crate::template::operators;
use keyway_spec::{Auth, Field, ProviderSpec};
use std::borrow::Cow;

/// Configuration that modes read although no entry declares it; also what begins with [`connection_overrides::PARAM`].
const CONFIG_OF_MODES: [&str; 3] = ["oauth_scopes", connection_overrides::SCOPES, connection_overrides::USER_SCOPE];

/// The configuration to keep.
pub fn config(spec: &ProviderSpec, entered: ConfigMap, trust: Trust) -> Result<ConfigMap> {
    let declared = |name: &str| spec.connection_config.iter().any(|field| field.name == name);
    let of_mode = |name: &str| !declared(name) && is_of_mode(&spec.auth, name);
    let (free, entered): (ConfigMap, ConfigMap) = entered.into_iter().partition(|(name, _)| of_mode(name));
    let kept = fields::validate_in("config", &asked(spec), &entered, trust);
    let mut kept = kept.map_err(|error| error.provider(spec.key))?;
    connection_overrides::check(&free).map_err(|error| error.provider(spec.key))?;
    kept.extend(free);
    Ok(kept)
}

/// The fields. One that chooses among the provider's items may be given although it is the provider's: what is given
/// has to be in the provider's list.
fn asked(spec: &ProviderSpec) -> Cow<'_, [Field]> {
    if !spec.connection_config.iter().any(|field| is_choosing(spec, field.name)) {
        return Cow::Borrowed(spec.connection_config);
    }
    let may_be_given = |field: &Field| {
        if is_choosing(spec, field.name) { Field { automated: false, optional: true, ..*field } } else { *field }
    };
    let fields = spec.connection_config.iter().map(may_be_given);
    Cow::Owned(fields.collect())
}

fn is_of_mode(auth: &Auth, name: &str) -> bool {
    auth.facts().reads.contains(&name)
        || CONFIG_OF_MODES.contains(&name)
        || name.starts_with(connection_overrides::PARAM)
}

/// The credentials to keep. Values that the operator set on the integration are neither asked for nor kept.
pub fn credentials(
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    submitted: Credentials,
    trust: Trust,
) -> Result<Credentials> {
    let kept = inputs(spec, integration, submitted, trust)?;
    auth::check(spec, &kept)?;
    Ok(kept)
}

/// The credentials that a customer submits besides a browser flow: none, or a client of the customer's own.
pub fn beside_a_flow(spec: &ProviderSpec, submitted: Credentials) -> Result<Credentials> {
    // Fields that a page fills in cannot be submitted here.
    if let Some(name) = submitted.inputs.keys().find(|name| !spec.auth.facts().takes(name)) {
        let message = format!("`{name}` is not submitted to a provider that is connected through its own pages");
        return Err(Error::new(ErrorKind::InvalidValue, message).provider(spec.key));
    }
    oauth2::check_client(&submitted).map_err(|error| error.provider(spec.key))?;
    Ok(submitted)
}

fn inputs(
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    submitted: Credentials,
    trust: Trust,
) -> Result<Credentials> {
    let settings = settings(spec);
    let declared = |name: &str| spec.credentials.iter().any(|field| field.name == name);
    let of_operator = |name: &str| operators(settings, integration, name).is_some();
    let of_mode = |name: &str| !declared(name) && spec.auth.facts().takes(name);
    let Credentials { mut inputs, assertion_options, token, obtained } = submitted;
    inputs.retain(|name, _| !of_operator(name));
    let (free, inputs) = inputs.into_iter().partition(|(name, _)| of_mode(name));
    let asked: Vec<Field> = spec
        .credentials
        .iter()
        .chain(settings.iter().filter(|field| !declared(field.name)))
        .filter(|field| !of_operator(field.name))
        .copied()
        .collect();
    let kept = fields::validate_in("credentials", &asked, &inputs, trust);
    let inputs = kept.map_err(|error| error.provider(spec.key))?;
    let place = "credentials.assertion_option";
    let options = fields::validate_in(place, spec.assertion_option, &assertion_options, trust);
    let assertion_options = options.map_err(|error| error.provider(spec.key))?;
    let mut kept = Credentials { inputs, assertion_options, token, obtained };
    kept.inputs.extend(free);
    Ok(kept)
}
