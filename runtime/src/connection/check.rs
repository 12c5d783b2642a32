//! What a connection is made of, checked by the entry's own fields.
//!
//! The same check for the library, the server and the redirect flow. Absent here: any request that proves a credential.

use super::ConfigMap;
use crate::auth;
use crate::credentials::Credentials;
use crate::error::Result;
use crate::fields::{self, Trust};
use keyway_spec::{Auth, ProviderSpec};

/// Configuration that modes read although no entry declares it.
const CONFIG_OF_MODES: [&str; 1] = ["oauth_scopes"];

/// The configuration to keep.
pub(crate) fn config(spec: &ProviderSpec<'_>, entered: ConfigMap, trust: Trust) -> Result<ConfigMap> {
    let declared = |name: &str| spec.connection_config.iter().any(|field| field.name == name);
    let of_mode = |name: &str| !declared(name) && CONFIG_OF_MODES.contains(&name);
    let (free, entered): (ConfigMap, ConfigMap) = entered.into_iter().partition(|(name, _)| of_mode(name));
    let kept = fields::validate(spec.connection_config, &entered, trust);
    let mut kept = kept.map_err(|error| error.provider(spec.key))?;
    kept.extend(free);
    Ok(kept)
}

/// The credentials to keep.
pub(crate) fn credentials(spec: &ProviderSpec<'_>, submitted: Credentials, trust: Trust) -> Result<Credentials> {
    let declared = |name: &str| spec.credentials.iter().any(|field| field.name == name);
    let of_mode = |name: &str| !declared(name) && inputs_of_mode(&spec.auth).contains(&name);
    let Credentials { inputs, assertion_options, token, obtained } = submitted;
    let (free, inputs) = inputs.into_iter().partition(|(name, _)| of_mode(name));
    let kept = fields::validate(spec.credentials, &inputs, trust);
    let inputs = kept.map_err(|error| error.provider(spec.key))?;
    let options = fields::validate(spec.assertion_option, &assertion_options, trust);
    let assertion_options = options.map_err(|error| error.provider(spec.key))?;
    let mut kept = Credentials { inputs, assertion_options, token, obtained };
    kept.inputs.extend(free);
    auth::check(spec, &kept)?;
    Ok(kept)
}

/// The credentials that a mode takes although an entry need not declare them.
fn inputs_of_mode(auth: &Auth<'_>) -> &'static [&'static str] {
    match auth {
        Auth::ApiKey => &["apiKey"],
        Auth::Basic | Auth::InstallPlugin(_) => &["username", "password"],
        Auth::OAuth2ClientCredentials(_) => &["client_id", "client_secret"],
        _ => &[],
    }
}
