//! How to sign in: one file per auth mode. This module only dispatches.
//!
//! Values in, values out: a mode says which request obtains a token and what an answer means. Absent here: sending,
//! storing, waiting.

pub(crate) mod api_key;
pub(crate) mod basic;
pub(crate) mod client_credentials;
pub(crate) mod none;
pub mod oauth2;
pub(crate) mod pkce;
pub mod token_request;
pub mod token_response;

use crate::clock::Timestamp;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::request::Inputs;
use keyway_spec::{Auth, ProviderSpec};
use token_request::TokenRequest;
use token_response::{Answer, Granted};

/// Refuses credentials that the mode cannot work with. What an entry's own fields say is checked elsewhere.
pub(crate) fn check(spec: &ProviderSpec<'_>, credentials: &Credentials) -> Result<()> {
    let outcome = match &spec.auth {
        Auth::None => none::check(credentials),
        Auth::ApiKey => api_key::check(credentials),
        Auth::Basic => basic::check(credentials),
        Auth::OAuth2(_) => oauth2::check(credentials),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::check(mode, credentials),
        other => Err(unsupported(other)),
    };
    outcome.map_err(|error| error.provider(spec.key))
}

/// The request that renews the connection's token; `None` where there is nothing to renew it with.
pub fn renewal(inputs: &Inputs<'_>) -> Result<Option<TokenRequest>> {
    let request = match &inputs.spec.auth {
        Auth::None | Auth::ApiKey | Auth::Basic => Ok(None),
        Auth::OAuth2(mode) => oauth2::refresh(inputs, mode),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::request(inputs, mode).map(Some),
        other => Err(unsupported(other)),
    };
    request.map_err(|error| error.provider(inputs.spec.key).stage("refresh").sent(false))
}

/// What a token endpoint granted.
pub fn granted(spec: &ProviderSpec<'_>, answer: &Answer, now: Timestamp) -> Result<Granted> {
    let granted = match &spec.auth {
        Auth::OAuth2(mode) => oauth2::granted(mode, answer, now),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::granted(mode, answer, now),
        other => Err(unsupported(other)),
    };
    granted.map_err(|error| error.provider(spec.key).stage("token"))
}

/// Whether a token is obtained as soon as the credentials are there, without a person.
pub(crate) fn exchanges_at_once(spec: &ProviderSpec<'_>) -> bool {
    matches!(spec.auth, Auth::OAuth2ClientCredentials(_))
}

fn unsupported(auth: &Auth<'_>) -> Error {
    Error::new(ErrorKind::Unsupported, format!("the auth mode `{}` is not supported yet", auth.mode()))
}

/// Refuses a missing input, one longer than `longest`, and, unless `may_be_empty`, an empty one.
fn check_input(credentials: &Credentials, name: &str, may_be_empty: bool, longest: usize) -> Result<()> {
    match credentials.input(name) {
        None => Err(Error::new(ErrorKind::MissingValue, format!("the credential `{name}` is missing"))),
        Some(value) if value.is_empty() && !may_be_empty => {
            Err(Error::new(ErrorKind::MissingValue, format!("the credential `{name}` is empty")))
        }
        Some(value) if value.expose().len() > longest => {
            Err(Error::new(ErrorKind::InvalidValue, format!("the credential `{name}` is longer than {longest} bytes")))
        }
        Some(_) => Ok(()),
    }
}
